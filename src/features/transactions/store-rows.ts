import { CompiledQuery } from 'kysely';
import type { Tx } from '#db/database.ts';
import { assert } from '#lib/assert.ts';
import type { TransactionRow } from './transaction.ts';

const INSERT_TRANSACTIONS = `
  insert into transactions (book_id, transaction_id, account_id, type, mode, amount_minor, description,
    reference, purpose, counterparty_name, counterparty_bank, counterparty_account)
  select $1, t.*
  from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::text[],
    $10::text[], $11::text[], $12::text[]) as t`;

/** Stores the rows of entries that were posted in this transaction, with one statement. */
export async function storeTransactionRows(
  tx: Tx,
  bookId: number,
  rows: readonly TransactionRow[],
): Promise<void> {
  const values = [
    bookId,
    rows.map(({ id }) => id),
    rows.map(({ accountId }) => accountId),
    rows.map(({ type }) => type),
    rows.map(({ mode }) => mode),
    rows.map(({ amountMinor }) => amountMinor),
    rows.map(({ description }) => description ?? null),
    rows.map(({ reference }) => reference ?? null),
    rows.map(({ purpose }) => purpose ?? null),
    rows.map(({ counterparty }) => counterparty?.name ?? null),
    rows.map(({ counterparty }) => counterparty?.bank ?? null),
    rows.map(({ counterparty }) => counterparty?.account ?? null),
  ];
  const { numAffectedRows } = await tx.executeQuery(CompiledQuery.raw(INSERT_TRANSACTIONS, values));
  assert(numAffectedRows === BigInt(rows.length), 'every transaction row is stored');
}
