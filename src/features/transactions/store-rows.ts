import { bigintArray, textArray, uuidArray } from '#db/binary-array.ts';
import { type AnyTx, run } from '#db/session.ts';
import { assert } from '#lib/assert.ts';
import { storeSideRows } from './store-side-rows.ts';
import type { TransactionRow } from './transaction.ts';

const INSERT_TRANSACTIONS = `
  insert into transactions (book_id, transaction_id, account_id, type, mode, amount_minor, description,
    reference, purpose, counterparty_name, counterparty_bank, counterparty_account)
  select $1, t.*
  from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::text[],
    $10::text[], $11::text[], $12::text[]) as t`;

/**
 * Stores the rows of entries that are posted in this transaction, with one statement, and with another for each kind
 * of thing that some have beside their row. Sent after the entries.
 */
export async function storeTransactionRows(
  tx: AnyTx,
  bookId: number,
  rows: readonly TransactionRow[],
): Promise<void> {
  await Promise.all([insertRows(tx, bookId, rows), storeSideRows(tx, bookId, rows)]);
}

async function insertRows(tx: AnyTx, bookId: number, rows: readonly TransactionRow[]): Promise<void> {
  const { affectedRows } = await run(tx, INSERT_TRANSACTIONS, [
    bookId,
    uuidArray(rows.map(({ id }) => id)),
    uuidArray(rows.map(({ accountId }) => accountId)),
    textArray(rows.map(({ type }) => type)),
    textArray(rows.map(({ mode }) => mode)),
    bigintArray(rows.map(({ amountMinor }) => amountMinor)),
    textArray(rows.map(({ description }) => description ?? null)),
    textArray(rows.map(({ reference }) => reference ?? null)),
    textArray(rows.map(({ purpose }) => purpose ?? null)),
    textArray(rows.map(({ counterparty }) => counterparty?.name ?? null)),
    textArray(rows.map(({ counterparty }) => counterparty?.bank ?? null)),
    textArray(rows.map(({ counterparty }) => counterparty?.account ?? null)),
  ]);
  assert(affectedRows === rows.length, 'every transaction row is stored');
}
