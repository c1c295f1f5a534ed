import { stringify } from 'csv-stringify/sync';
import { type IssuingBankView, letterheadOf } from '#features/books/contract.ts';
import { spreadsheetText } from '#lib/spreadsheet-text.ts';
import { printSheet, type SheetColumn } from '#paper/sheet.ts';
import type { TrialBalanceView } from './schemas.ts';

const AMOUNTS = [
  'openingDebit',
  'openingCredit',
  'movementDebit',
  'movementCredit',
  'debit',
  'credit',
] as const;

const TITLES: Readonly<Record<(typeof AMOUNTS)[number], string>> = {
  openingDebit: 'Opening debit',
  openingCredit: 'Opening credit',
  movementDebit: 'Debits',
  movementCredit: 'Credits',
  debit: 'Debit',
  credit: 'Credit',
};

/** A trial balance as CSV (RFC 4180): a row for each line in a currency. */
export function trialBalanceCsv({ lines }: TrialBalanceView): string {
  const columns = ['code', 'name', 'class', 'currency', ...AMOUNTS];
  const rows = lines.map((line) => ({ ...line, name: spreadsheetText(line.name) }));
  return stringify(rows, { header: true, columns });
}

/** Prints a trial balance on A4. The same figures and instant give the same bytes. */
export function printTrialBalance(
  { from, asOf, lines, totals }: TrialBalanceView,
  bank: IssuingBankView,
  createdAtMs: number,
): Promise<Buffer> {
  const shown = from === undefined ? AMOUNTS.slice(4) : AMOUNTS;
  const columns: SheetColumn[] = [
    { title: 'Line', width: 50, align: 'left' },
    { title: '', align: 'left' },
    { title: '', width: 32, align: 'left' },
    ...shown.map((name) => ({ title: TITLES[name], width: 84, align: 'right' }) as const),
  ];
  const rows = [
    ...lines.map((line) => ({
      cells: [line.code, line.name, line.currency, ...shown.map((name) => line[name] ?? '')],
    })),
    ...totals.map(({ currency, debit, credit }) => ({
      cells: ['', 'Total', currency, ...shown.slice(2).map(() => ''), debit, credit],
      isTotal: true,
    })),
  ];
  const subtitle = from === undefined ? asOf : `${from} to ${asOf}`;
  return printSheet(
    {
      letterhead: letterheadOf(bank),
      title: 'Trial balance',
      subtitle,
      facts: [],
      columns,
      rows,
      orientation: 'landscape',
    },
    createdAtMs,
  );
}
