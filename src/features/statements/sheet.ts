import { letterheadOf } from '#features/books/contract.ts';
import type { Sheet, SheetRow } from '#paper/sheet.ts';
import { type StatementDocument, Totals, type TotalsView } from './document.ts';
import type { StatementLine } from './statement.ts';

const COLUMNS: Sheet['columns'] = [
  { title: 'Date', width: 62, align: 'left' },
  { title: 'Value date', width: 62, align: 'left' },
  { title: 'Details', align: 'left' },
  { title: 'Amount', width: 82, align: 'right' },
  { title: 'Balance', width: 82, align: 'right' },
];

/** A statement as it is printed. All of its lines are in memory. */
export async function statementSheet({ head, pages }: StatementDocument): Promise<Sheet> {
  const totals = new Totals();
  const rows: SheetRow[] = [balanceRow('Opening balance', head.openingBalance)];
  for await (const lines of pages()) {
    totals.add(lines);
    for (const line of lines) rows.push(lineRow(line));
  }
  rows.push(balanceRow('Closing balance', head.closingBalance));
  return {
    letterhead: letterheadOf(head.bank),
    recipient: [...head.holders, ...head.address],
    title: head.number === null ? 'Account statement' : `Account statement ${head.number}`,
    subtitle: `from ${head.from ?? 'the first line'} to ${head.to ?? 'the last line'}, amounts in ${head.currency}`,
    facts: [
      head.iban === null ? ['Account', head.accountNumber] : ['IBAN', inGroups(head.iban)],
      ...(head.bank.bic === null ? [] : [['BIC', head.bank.bic] as const]),
      ['Product', head.product],
      ['Opening balance', `${head.openingBalance} ${head.currency}`],
      ['Closing balance', `${head.closingBalance} ${head.currency}`],
      ...totalFacts(totals.view(head.currency), head.currency),
    ],
    columns: COLUMNS,
    rows,
    notes: rows.length === 2 ? ['Nothing was booked in this period.'] : [],
    orientation: 'portrait',
  };
}

/** An IBAN as it is printed (ISO 13616): in groups of four. */
export function inGroups(iban: string): string {
  return iban.replaceAll(/(.{4})(?=.)/g, '$1 ');
}

const TOTALS: readonly (readonly [keyof TotalsView, string])[] = [
  ['credits', 'Money in'],
  ['debits', 'Money out'],
  ['interestEarned', 'Interest earned'],
  ['interestCharged', 'Interest charged'],
  ['fees', 'Fees'],
  ['taxes', 'Taxes'],
];

/** Sums of nothing are left out, but for those of money in and out. */
function totalFacts(totals: TotalsView, currency: string): (readonly [string, string])[] {
  return TOTALS.filter(([name]) => name === 'credits' || name === 'debits' || /[1-9]/.test(totals[name])).map(
    ([name, label]) => [label, `${totals[name]} ${currency}`],
  );
}

function balanceRow(text: string, balance: string): SheetRow {
  return { cells: ['', '', text, '', balance], isTotal: true, carried: carriedRow(balance) };
}

function carriedRow(balance: string): string[] {
  return ['', '', 'Carried forward', '', balance];
}

/** Interest and the tax on it say in words what they are: said twice, their days would not fit on the line. */
const SAY_THEMSELVES: ReadonlySet<string> = new Set(['interest', 'withholding_tax']);

function lineRow(line: StatementLine): SheetRow {
  const { businessDate, valueDate, amount, balanceAfter, counterparty, payerName } = line;
  const other = payerName ?? counterparty?.name ?? counterparty?.iban ?? counterparty?.account ?? null;
  const isSaid = line.description !== null && SAY_THEMSELVES.has(line.type);
  const details = [isSaid ? null : typeText(line.type), other, line.description, line.reference].filter(
    (text) => text !== null,
  );
  return {
    cells: [businessDate, valueDate, details.join(' · '), amount, balanceAfter],
    carried: carriedRow(balanceAfter),
  };
}

/** `incoming_payment` as a reader takes it: `Incoming payment`. */
function typeText(type: string): string {
  return `${type.charAt(0).toUpperCase()}${type.slice(1).replaceAll('_', ' ')}`;
}
