import { stringify } from 'csv-stringify/sync';
import { issuingBankText } from '#features/books/contract.ts';
import { lineCells } from '#features/statements/contract.ts';
import { lineView, type Statement, statementView } from '#features/transactions/contract.ts';
import type { Shell } from './shell.ts';
import { type Column, renderTable } from './table.ts';

type LineView = ReturnType<typeof lineView>;

export type StatementFormat = 'table' | 'csv' | 'json';

/** What frames the pages of a statement in one of the formats. */
type Writer = {
  readonly head: string;
  readonly page: (lines: readonly LineView[], position: { isFirst: boolean; isLast: boolean }) => string;
  readonly tail: string;
};

/** Writes a statement page by page: a million lines take no more memory than a thousand. */
export async function writeStatement(
  shell: Shell,
  statement: Statement,
  format: StatementFormat,
): Promise<void> {
  const { head, page, tail } = createWriter(shell, statement, format);
  if (!(await shell.write(head))) return;
  let written = 0n;
  for await (const lines of statement.pages()) {
    const isFirst = written === 0n;
    written += BigInt(lines.length);
    const isLast = written === statement.lineCount;
    if (!(await shell.write(page(lines.map(lineView), { isFirst, isLast })))) return;
  }
  if (written === 0n) await shell.write(page([], { isFirst: true, isLast: true }));
  await shell.write(tail);
}

function createWriter(shell: Shell, statement: Statement, format: StatementFormat): Writer {
  switch (format) {
    case 'csv':
      return csvWriter(statement);
    case 'json':
      return jsonWriter(statement);
    case 'table':
      return tableWriter(shell, statement);
  }
}

/** One JSON document: the statement's fields, and `lines` with one on each row. */
function jsonWriter(statement: Statement): Writer {
  const fields = JSON.stringify(statementView(statement), null, 2);
  return {
    head: `${fields.slice(0, fields.lastIndexOf('\n'))},\n  "lines": [`,
    page: (lines, { isFirst }) =>
      lines
        .map((line, index) => `${isFirst && index === 0 ? '' : ','}\n    ${JSON.stringify(line)}`)
        .join(''),
    tail: '\n  ]\n}\n',
  };
}

type CsvRow = Readonly<Record<(typeof CSV_COLUMNS)[number], string | null>>;

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
  'reverses',
  'reversedBy',
  'reversedAmount',
] as const;

/** The opening and the closing balance are rows too, without an amount, so that the rows add up by themselves. */
function csvWriter(statement: Statement): Writer {
  const { from, to, currency, openingBalance, closingBalance } = statementView(statement);
  const rows = (values: readonly CsvRow[]): string => stringify([...values], { columns: [...CSV_COLUMNS] });
  return {
    head: `${CSV_COLUMNS.join(',')}\n${rows([csvBalance('opening_balance', from, currency, openingBalance)])}`,
    page: (lines) => rows(lines.map(csvLine)),
    tail: rows([csvBalance('closing_balance', to, currency, closingBalance)]),
  };
}

const EMPTY_ROW: CsvRow = {
  businessDate: null,
  valueDate: null,
  transactionId: null,
  type: null,
  mode: null,
  amount: null,
  currency: null,
  balanceAfter: null,
  description: null,
  reference: null,
  purpose: null,
  counterpartyIban: null,
  counterpartyName: null,
  counterpartyBank: null,
  counterpartyAccount: null,
  reverses: null,
  reversedBy: null,
  reversedAmount: null,
};

function csvBalance(
  type: string,
  businessDate: string | null,
  currency: string,
  balanceAfter: string,
): CsvRow {
  return { ...EMPTY_ROW, type, businessDate, currency, balanceAfter };
}

function csvLine(line: LineView): CsvRow {
  const { currency, reversedBy, reversedAmount } = line;
  return { ...lineCells(line), currency, reversedBy, reversedAmount };
}

type TableRow = {
  date: string;
  valueDate: string;
  type: string;
  details: string;
  amount: string;
  balance: string;
};

const TABLE_COLUMNS: readonly Column<TableRow>[] = [
  { title: 'Date', value: ({ date }) => date },
  { title: 'Value date', value: ({ valueDate }) => valueDate },
  { title: 'Type', value: ({ type }) => type },
  { title: 'Details', value: ({ details }) => details },
  { title: 'Amount', value: ({ amount }) => amount, right: true },
  { title: 'Balance', value: ({ balance }) => balance, right: true },
];

/** A table a page, each with its titles, as on paper: widths are those of the page. */
function tableWriter(shell: Shell, statement: Statement): Writer {
  const view = statementView(statement);
  const period = `from ${view.from ?? 'the first line'} to ${view.to ?? 'the last line'}`;
  const opening = tableBalance('Opening balance', view.openingBalance);
  const closing = tableBalance('Closing balance', view.closingBalance);
  return {
    head: `${issuingBankText(view.bank)}\nStatement of ${view.iban ?? view.number} in ${view.currency}, ${period}\n`,
    page: (lines, { isFirst, isLast }) => {
      const rows = [...(isFirst ? [opening] : []), ...lines.map(tableLine), ...(isLast ? [closing] : [])];
      return `\n${renderTable(shell, TABLE_COLUMNS, rows)}\n`;
    },
    tail: statement.lineCount === 0n ? '\nNothing was booked in this period.\n' : '',
  };
}

function tableBalance(type: string, balance: string): TableRow {
  return { date: '', valueDate: '', type, details: '', amount: '', balance };
}

function tableLine(line: LineView): TableRow {
  const { businessDate: date, valueDate, type, amount, balanceAfter: balance, counterparty } = line;
  const other = counterparty?.name ?? counterparty?.iban ?? counterparty?.account ?? null;
  const details = [other, line.description, line.reference, line.purpose].filter((text) => text !== null);
  return { date, valueDate, type, details: details.join(' · '), amount, balance };
}
