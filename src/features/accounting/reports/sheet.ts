import { stringify } from 'csv-stringify/sync';
import { letterheadOf } from '#features/books/contract.ts';
import { spreadsheetText } from '#lib/spreadsheet-text.ts';
import { printSheet, type SheetColumn, type SheetRow } from '#paper/sheet.ts';
import type { CashTotals, ReportCurrencyView, ReportRowView } from './schemas.ts';
import type { FinancialReport } from './service.ts';

const TITLES: Readonly<Record<FinancialReport['report'], string>> = {
  'balance-sheet': 'Balance sheet',
  'profit-and-loss': 'Profit and loss',
  'cash-flow': 'Cash flow',
};

const CSV_COLUMNS = ['currency', 'kind', 'level', 'code', 'title', 'amount', 'compareAmount'] as const;

type PrintedRow = Omit<ReportRowView, 'kind'> & {
  readonly kind: ReportRowView['kind'] | 'opening' | 'closing';
};

const isOfCash = (totals: ReportCurrencyView['totals']): totals is CashTotals => 'opening' in totals;

/** The rows of a report; those of a cash flow stand between the cash before and after. */
function printedRows({ rows, totals }: ReportCurrencyView): readonly PrintedRow[] {
  if (!isOfCash(totals)) return rows;
  const cash = { level: 0, code: null };
  return [
    { kind: 'opening', title: 'Cash at the beginning', ...cash, ...totals.opening },
    ...rows,
    { kind: 'closing', title: 'Cash at the end', ...cash, ...totals.closing },
  ];
}

/** A report as CSV (RFC 4180): a row for each of its rows, one currency after the other. */
export function reportCsv(currencies: readonly ReportCurrencyView[]): string {
  const rows = currencies.flatMap((ofCurrency) =>
    printedRows(ofCurrency).map(({ title, ...row }) => ({
      ...row,
      currency: ofCurrency.currency,
      title: spreadsheetText(title),
    })),
  );
  return stringify(rows, { header: true, columns: [...CSV_COLUMNS] });
}

/** Two spaces that stay, for each group that a row stands in. */
const INDENT = '\u00a0\u00a0\u00a0';

/** Prints a report on A4. The same report and instant give the same bytes. */
export function printReport(
  { report, bank, span, compared, createdAtMs }: FinancialReport,
  currencies: readonly ReportCurrencyView[],
): Promise<Buffer> {
  const isCompared = compared !== undefined;
  const columns: SheetColumn[] = [
    { title: 'Line', width: 60, align: 'left' },
    { title: '', align: 'left' },
    { title: textOf(report, span), width: 120, align: 'right' },
    ...(isCompared ? [{ title: textOf(report, compared), width: 120, align: 'right' } as const] : []),
  ];
  const rows = currencies.flatMap((ofCurrency): SheetRow[] => [
    { cells: ['', ofCurrency.currency], isTotal: true },
    ...printedRows(ofCurrency).map(({ kind, level, code, title, amount, compareAmount }) => ({
      cells: [code ?? '', INDENT.repeat(level) + title, amount ?? '', compareAmount ?? ''],
      isTotal: kind !== 'line' && kind !== 'group',
    })),
    { cells: ['', ''] },
  ]);
  return printSheet(
    {
      letterhead: letterheadOf(bank),
      title: TITLES[report],
      subtitle: isCompared
        ? `${textOf(report, span)}, compared with ${textOf(report, compared)}`
        : textOf(report, span),
      facts: [],
      columns,
      rows,
      orientation: 'portrait',
    },
    createdAtMs,
  );
}

function textOf(report: FinancialReport['report'], { from, to }: FinancialReport['span']): string {
  return report === 'balance-sheet' ? to : `${from} to ${to}`;
}
