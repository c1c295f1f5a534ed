import { bigints, bulkInsert, jsons, texts, uuids } from '#db/bulk-rows.ts';
import type { AnyTx } from '#db/session.ts';
import { storeSideRows } from './store-side-rows.ts';
import type { TransactionRow } from './transaction.ts';

const COLUMNS = {
  transaction_id: uuids(({ id }: TransactionRow) => id),
  account_id: uuids(({ accountId }: TransactionRow) => accountId),
  type: texts(({ type }: TransactionRow) => type),
  mode: texts(({ mode }: TransactionRow) => mode),
  amount_minor: bigints(({ amountMinor }: TransactionRow) => amountMinor),
  description: texts(({ description }: TransactionRow) => description),
  reference: texts(({ reference }: TransactionRow) => reference),
  purpose: texts(({ purpose }: TransactionRow) => purpose),
  counterparty_name: texts(({ counterparty }: TransactionRow) => counterparty?.name),
  counterparty_bank: texts(({ counterparty }: TransactionRow) => counterparty?.bank),
  counterparty_account: texts(({ counterparty }: TransactionRow) => counterparty?.account),
};

const insertPlain = bulkInsert('transactions').of<TransactionRow>(COLUMNS);

/** What few transactions have: those without are written without it. */
const insertDetailed = bulkInsert('transactions').of<TransactionRow>({
  ...COLUMNS,
  reason: texts(({ reason }: TransactionRow) => reason),
  external_id: texts(({ externalId }) => externalId),
  metadata: jsons(({ metadata }) => metadata && JSON.stringify(metadata)),
});

const isDetailed = ({ reason, externalId, metadata }: TransactionRow): boolean =>
  reason !== undefined || externalId !== undefined || metadata !== undefined;

/**
 * Stores the rows of entries that are posted in this transaction, with one statement, and with another for each kind
 * of thing that some have beside their row. Sent after the entries.
 */
export async function storeTransactionRows(
  tx: AnyTx,
  bookId: number,
  rows: readonly TransactionRow[],
): Promise<void> {
  const insertRows = rows.some(isDetailed) ? insertDetailed : insertPlain;
  await Promise.all([insertRows(tx, { book_id: bookId }, rows), storeSideRows(tx, bookId, rows)]);
}
