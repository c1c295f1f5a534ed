import { stringify } from 'csv-stringify/sync';
import { type StatementDocument, Totals } from './document.ts';
import { interestTexts } from './interest-text.ts';
import { lineCells } from './line-cells.ts';

/** JSON in pieces: the fields, `lines` with one on each row, `totals` and `interest`. A million lines take no more memory than a page. */
export async function* statementJson({
  head,
  pages,
  interest,
}: StatementDocument): AsyncGenerator<string, void> {
  const fields = JSON.stringify(head, null, 2);
  yield `${fields.slice(0, fields.lastIndexOf('\n'))},\n  "lines": [`;
  const totals = new Totals();
  let separator = '';
  for await (const lines of pages()) {
    totals.add(lines);
    yield lines
      .map((line, index) => `${index === 0 ? separator : ','}\n    ${JSON.stringify(line)}`)
      .join('');
    separator = ',';
  }
  const sums = JSON.stringify(totals.view(head.currency));
  yield `\n  ],\n  "totals": ${sums},\n  "interest": ${JSON.stringify(interest)}\n}\n`;
}

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

/**
 * CSV (RFC 4180) in pieces. Both balances are rows too, and so is each rate with its first and its last day: without an
 * amount, so that the rows add up by themselves.
 */
export async function* statementCsv({
  head,
  pages,
  interest,
}: StatementDocument): AsyncGenerator<string, void> {
  const rows = (values: readonly CsvRow[]): string => stringify([...values], { columns: [...CSV_COLUMNS] });
  const { currency } = head;
  const opening = {
    type: 'opening_balance',
    businessDate: head.from,
    currency,
    balanceAfter: head.openingBalance,
  };
  yield `${CSV_COLUMNS.join(',')}\n${rows([opening])}`;
  for await (const lines of pages()) yield rows(lines.map((line) => ({ ...lineCells(line), currency })));
  yield rows([
    { type: 'closing_balance', businessDate: head.to, currency, balanceAfter: head.closingBalance },
    ...interestTexts(interest).map(({ kind: type, from: businessDate, to: valueDate, text: description }) => {
      return { type, businessDate, valueDate, description, currency };
    }),
  ]);
}
