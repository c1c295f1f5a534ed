import { stringify } from 'csv-stringify/sync';
import type { StatementDocument } from '../document.ts';
import { interestTexts } from '../interest-text.ts';
import { lineCells } from '../line-cells.ts';

const CSV_COLUMNS = [
  'businessDate',
  'valueDate',
  'transactionId',
  'type',
  'mode',
  'amount',
  'currency',
  'balanceAfter',
  'description',
  'reference',
  'purpose',
  'counterpartyIban',
  'counterpartyName',
  'counterpartyBank',
  'counterpartyAccount',
  'payerName',
  'reverses',
] as const;

type CsvRow = Readonly<Partial<Record<(typeof CSV_COLUMNS)[number], string | null>>>;

/** Who reads a CSV: programs (RFC 4180), or spreadsheets of a country that writes a comma before the decimals. */
const DIALECTS = {
  csv: { delimiter: ',', decimalMark: '.', lineEnd: '\n', start: '' },
  csv_semicolon: { delimiter: ';', decimalMark: ',', lineEnd: '\r\n', start: '\uFEFF' },
} as const;
export type CsvFormat = keyof typeof DIALECTS;

/**
 * CSV in pieces. Both balances are rows too, and so is each rate with its first and its last day: without an
 * amount, so that the rows add up by themselves.
 */
export async function* statementCsv(
  { head, pages, interest }: StatementDocument,
  format: CsvFormat,
): AsyncGenerator<string, void> {
  const { delimiter, decimalMark, lineEnd, start } = DIALECTS[format];
  const inDialect = (amount: string | null | undefined) => amount?.replace('.', decimalMark);
  const rows = (values: readonly CsvRow[]): string =>
    stringify(
      values.map((row) => ({
        ...row,
        amount: inDialect(row.amount),
        balanceAfter: inDialect(row.balanceAfter),
      })),
      { columns: [...CSV_COLUMNS], delimiter, record_delimiter: lineEnd },
    );
  const { currency } = head;
  const opening = {
    type: 'opening_balance',
    businessDate: head.from,
    currency,
    balanceAfter: head.openingBalance,
  };
  yield `${start}${CSV_COLUMNS.join(delimiter)}${lineEnd}${rows([opening])}`;
  for await (const lines of pages()) yield rows(lines.map((line) => ({ ...lineCells(line), currency })));
  yield rows([
    { type: 'closing_balance', businessDate: head.to, currency, balanceAfter: head.closingBalance },
    ...interestTexts(interest).map(({ kind: type, from: businessDate, to: valueDate, text: description }) => {
      return { type, businessDate, valueDate, description, currency };
    }),
  ]);
}
