import { stringify } from 'csv-stringify/sync';
import { formatAmount } from '#lib/money/money.ts';
import { spreadsheetText } from '#lib/spreadsheet-text.ts';
import { printSheet, type SheetColumn, type SheetRow } from '#paper/sheet.ts';
import { glAccountLineView, shownBalance } from './schemas.ts';
import type { LineFile } from './service.ts';

const CSV_COLUMNS = [
  'date',
  'kind',
  'entryId',
  'debit',
  'credit',
  'balance',
  'contra',
  'reason',
  'createdBy',
];

const COLUMNS: readonly SheetColumn[] = [
  { title: 'Date', width: 56, align: 'left' },
  { title: 'Kind', width: 90, align: 'left' },
  { title: 'Reason', align: 'left' },
  { title: 'Against', width: 110, align: 'left' },
  { title: 'Debit', width: 84, align: 'right' },
  { title: 'Credit', width: 84, align: 'right' },
  { title: 'Balance', width: 90, align: 'right' },
];

/** The balances that the lines stand between. */
function endsOf({
  line,
  currency,
  openingMinor,
  lines,
}: LineFile): readonly [opening: string, closing: string] {
  if (currency === undefined) return ['', ''];
  const shown = (minor: bigint) => formatAmount(shownBalance(line.class, minor), currency);
  return [shown(openingMinor), shown(lines.at(-1)?.balanceMinor ?? openingMinor)];
}

/** The lines as CSV (RFC 4180), between the balances before and after. */
export function linesCsv(file: LineFile): string {
  const [opening, closing] = endsOf(file);
  const rows = file.lines.map((line) => {
    const view = glAccountLineView(file.line.class, line);
    return { ...view, contra: view.contra.join(' '), reason: spreadsheetText(view.reason) };
  });
  const all = [{ kind: 'opening', balance: opening }, ...rows, { kind: 'closing', balance: closing }];
  return stringify(all, { header: true, columns: CSV_COLUMNS });
}

/** Prints the lines on A4. The same lines and instant give the same bytes. */
export function printLines(file: LineFile): Promise<Buffer> {
  const { line, currency, from, to, lines, bankName, createdAtMs } = file;
  const [opening, closing] = endsOf(file);
  const total = (title: string, balance: string): SheetRow => ({
    cells: ['', title, '', '', '', '', balance],
    isTotal: true,
  });
  const rows = lines.map((one): SheetRow => {
    const { date, kind, reason, contra, debit, credit, balance } = glAccountLineView(line.class, one);
    return { cells: [date, kind, reason ?? '', contra.join(' '), debit, credit, balance] };
  });
  return printSheet(
    {
      letterhead: { lines: [bankName] },
      title: `${line.code} ${line.name}`,
      subtitle: [currency, from && `from ${from}`, to && `to ${to}`].filter(Boolean).join(' '),
      facts: [],
      columns: COLUMNS,
      rows: [total('Opening balance', opening), ...rows, total('Closing balance', closing)],
      orientation: 'landscape',
    },
    createdAtMs,
  );
}
