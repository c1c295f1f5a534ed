import { spreadsheetText } from '#lib/spreadsheet-text.ts';
import type { StatementLine } from './statement.ts';

/** The cells of a line, texts as a spreadsheet may open them. */
export function lineCells(line: StatementLine) {
  const { counterparty } = line;
  return {
    businessDate: line.businessDate,
    valueDate: line.valueDate,
    transactionId: line.id,
    type: line.type,
    mode: line.mode,
    amount: line.amount,
    balanceAfter: line.balanceAfter,
    reverses: line.reverses,
    description: spreadsheetText(line.description),
    reference: spreadsheetText(line.reference),
    purpose: spreadsheetText(line.purpose),
    counterpartyIban: counterparty?.iban ?? null,
    counterpartyName: spreadsheetText(counterparty?.name ?? null),
    counterpartyBank: spreadsheetText(counterparty?.bank ?? null),
    counterpartyAccount: spreadsheetText(counterparty?.account ?? null),
    payerName: spreadsheetText(line.payerName),
  };
}
