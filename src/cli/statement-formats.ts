import { issuingBankText } from '#features/books/contract.ts';
import {
  STATEMENT_FILES,
  type StatementDocument,
  type StatementFileFormat,
  statementJson,
} from '#features/statements/contract.ts';
import { lineView, type Statement, statementView } from '#features/transactions/contract.ts';
import type { Shell } from './shell.ts';
import { type Column, renderTable } from './table.ts';

type LineView = ReturnType<typeof lineView>;

/** Writes a statement page by page, as the API has it: a million lines take no more memory than a thousand. */
export async function writeStatement(
  shell: Shell,
  document: StatementDocument,
  format: StatementFileFormat | 'json',
): Promise<void> {
  const pieces = format === 'json' ? statementJson(document) : STATEMENT_FILES[format](document);
  for await (const piece of pieces) if (!(await shell.write(piece))) return;
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
export async function writeStatementTable(shell: Shell, statement: Statement): Promise<void> {
  const view = statementView(statement);
  const period = `from ${view.from ?? 'the first line'} to ${view.to ?? 'the last line'}`;
  const opening = tableBalance('Opening balance', view.openingBalance);
  const closing = tableBalance('Closing balance', view.closingBalance);
  const head = `${issuingBankText(view.bank)}\nStatement of ${view.iban ?? view.number} in ${view.currency}, ${period}\n`;
  const write = (rows: readonly TableRow[]): Promise<boolean> =>
    shell.write(`\n${renderTable(shell, TABLE_COLUMNS, rows)}\n`);
  if (!(await shell.write(head))) return;
  if (statement.lineCount === 0n) {
    await write([opening, closing]);
    await shell.write('\nNothing was booked in this period.\n');
    return;
  }
  let written = 0n;
  for await (const lines of statement.pages()) {
    const isFirst = written === 0n;
    written += BigInt(lines.length);
    const isLast = written === statement.lineCount;
    const rows = lines.map((line) => tableLine(lineView(line)));
    if (!(await write([...(isFirst ? [opening] : []), ...rows, ...(isLast ? [closing] : [])]))) return;
  }
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
