import type { Shell } from '#cli/shell.ts';
import { type Column, renderTable } from '#cli/table.ts';
import { formatAmount } from '#lib/money/money.ts';
import type { BerkaSummary } from './summary.ts';

/** What an import did, as it is shown. Amounts in major units. */
export type BerkaSummaryView = ReturnType<typeof berkaSummaryView>;

export function berkaSummaryView({ currency, totals, overdrawn, transactions, ...rest }: BerkaSummary) {
  const { posted, repeated, firstDate, lastDate } = transactions;
  return {
    ...rest,
    transactions: { posted, repeated, firstDate: firstDate ?? null, lastDate: lastDate ?? null },
    currency,
    totals: totals.map(({ type, count, amountMinor }) => ({
      type,
      count,
      amount: formatAmount(amountMinor, currency),
    })),
    overdrawn: { accounts: overdrawn.accounts, largest: formatAmount(overdrawn.largestMinor, currency) },
  };
}

/** The summary for a person: rows, totals per type, agreement with the file's balances, time. */
export function renderBerkaSummary(shell: Shell, view: BerkaSummaryView): string {
  const { files, changed, elapsedMs, businessDate } = view;
  const end = `${(elapsedMs / 1_000).toFixed(1)} s; the business date is ${businessDate}`;
  const parts = changed
    ? describeChange(shell, view)
    : ['Nothing was new: the book holds these files already.'];
  return [renderTable(shell, FILE_COLUMNS, files), ...parts, end].join('\n\n');
}

function describeChange(
  shell: Shell,
  { customers, accounts, holders, records, transactions, standingOrders, loans, ...view }: BerkaSummaryView,
) {
  const { posted, repeated, firstDate, lastDate } = transactions;
  const counts = [
    `${customers} customers, ${accounts} accounts with ${holders} holders; ${records} rows kept as they were`,
    `${posted} transactions posted${firstDate === null ? '' : `, from ${firstDate} to ${lastDate}`}`,
    ...(standingOrders > 0 ? [`${standingOrders} standing orders are live`] : []),
    ...(loans > 0 ? [`${loans} loans are live`] : []),
    ...(repeated > 0 ? [`${repeated} transactions were in the book before`] : []),
  ];
  const { exact, within, off } = view.balances;
  const { accounts: overdrawn, largest } = view.overdrawn;
  const checks = [
    `Balances after each: ${exact} as in the file, ${within} within 1.00 of it, ${off} off`,
    ...(overdrawn > 0 ? [`${overdrawn} accounts got an overdraft, up to ${largest} ${view.currency}`] : []),
  ];
  const totals = renderTable(
    shell,
    TOTAL_COLUMNS,
    view.totals.map((total) => ({ ...total, currency: view.currency })),
  );
  return [counts.join('\n'), ...(posted > 0 ? [totals, checks.join('\n')] : [])];
}

const FILE_COLUMNS: readonly Column<BerkaSummaryView['files'][number]>[] = [
  { title: 'File', value: ({ path }) => path },
  { title: 'Rows', value: ({ rows }) => `${rows}`, right: true },
  { title: '', value: ({ loadedBefore }) => (loadedBefore ? 'loaded before' : 'new') },
];

type Total = BerkaSummaryView['totals'][number] & { readonly currency: string };

const TOTAL_COLUMNS: readonly Column<Total>[] = [
  { title: 'Type', value: ({ type }) => type },
  { title: 'Transactions', value: ({ count }) => `${count}`, right: true },
  { title: 'Amount', value: ({ amount }) => amount, right: true },
  { title: 'Currency', value: ({ currency }) => currency },
];
