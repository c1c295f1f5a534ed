import { bigints, bulkInsert, texts, uuids } from '#db/bulk-rows.ts';
import type { AnyTx } from '#db/session.ts';
import { storeSideRows } from './store-side-rows.ts';
import type { TransactionRow } from './transaction.ts';

const insertRows = bulkInsert('transactions').of<TransactionRow>({
  transaction_id: uuids(({ id }) => id),
  account_id: uuids(({ accountId }) => accountId),
  type: texts(({ type }) => type),
  mode: texts(({ mode }) => mode),
  amount_minor: bigints(({ amountMinor }) => amountMinor),
  description: texts(({ description }) => description),
  reference: texts(({ reference }) => reference),
  purpose: texts(({ purpose }) => purpose),
  counterparty_name: texts(({ counterparty }) => counterparty?.name),
  counterparty_bank: texts(({ counterparty }) => counterparty?.bank),
  counterparty_account: texts(({ counterparty }) => counterparty?.account),
});

/**
 * Stores the rows of entries that are posted in this transaction, with one statement, and with another for each kind
 * of thing that some have beside their row. Sent after the entries.
 */
export async function storeTransactionRows(
  tx: AnyTx,
  bookId: number,
  rows: readonly TransactionRow[],
): Promise<void> {
  await Promise.all([insertRows(tx, { book_id: bookId }, rows), storeSideRows(tx, bookId, rows)]);
}
