import { type IssuingBankView, letterheadOf } from '#features/books/contract.ts';
import { printSheet, type SheetColumn } from '#paper/sheet.ts';
import { SHEET_TITLES, type SheetLine, type StatementSheet } from './statement-sheet.ts';

const COLUMNS: readonly (Omit<SheetColumn, 'title'> & { readonly name: keyof SheetLine })[] = [
  { name: 'date', width: 70, align: 'left' },
  { name: 'text', align: 'left' },
  { name: 'amount', width: 88, align: 'right' },
  { name: 'principal', width: 88, align: 'right' },
  { name: 'interest', width: 88, align: 'right' },
  { name: 'fees', width: 88, align: 'right' },
  { name: 'penalties', width: 88, align: 'right' },
  { name: 'owed', width: 88, align: 'right' },
];

/** Prints the statement of a loan on A4. The same sheet and instant give the same bytes. */
export function printStatement(
  sheet: StatementSheet,
  bank: IssuingBankView,
  createdAtMs: number,
): Promise<Buffer> {
  const { title, period, facts, lines } = sheet;
  return printSheet(
    {
      letterhead: letterheadOf(bank),
      title,
      subtitle: period,
      // The letterhead says which bank it is.
      facts: Object.entries(facts).filter(([name]) => name !== 'bank'),
      columns: COLUMNS.map(({ name, ...column }) => ({ ...column, title: SHEET_TITLES[name] })),
      rows: lines.map((line) => ({
        cells: COLUMNS.map(({ name }) => line[name]),
        isTotal: line.date === '',
      })),
      orientation: 'landscape',
    },
    createdAtMs,
  );
}
