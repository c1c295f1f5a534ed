import { uuidArray } from '#db/binary-array.ts';
import { noteChanged } from '#db/changed-rows.ts';
import { type AnyTx, run } from '#db/session.ts';
import { storeBeneficiaryPayments } from '#features/beneficiaries/contract.ts';
import { assert } from '#lib/assert.ts';
import type { TransactionId } from '#lib/ids.ts';
import type { TransactionRow } from './transaction.ts';

/**
 * What some transactions have beside their row: a statement for each kind that is among them, and none for ordinary
 * ones. For entries that are posted in this transaction, sent after them.
 */
export async function storeSideRows(
  tx: AnyTx,
  bookId: number,
  rows: readonly TransactionRow[],
): Promise<void> {
  const payments = rows.flatMap(({ id, beneficiary }) =>
    beneficiary === undefined ? [] : [{ transactionId: id, ...beneficiary }],
  );
  const outgoing = rows.flatMap(({ id, leavesBank }) => (leavesBank ? [id] : []));
  await Promise.all([
    storeBeneficiaryPayments(tx, bookId, payments),
    storeOutgoingPayments(tx, bookId, outgoing),
  ]);
}

const INSERT_OUTGOING = `
  insert into outgoing_payments (book_id, transaction_id, currency, amount_minor, created_at, updated_at)
  select $1, w.transaction_id, p.currency, p.amount_minor, e.posted_at, e.posted_at
  from unnest($2::uuid[]) as w (transaction_id)
  join journal_entries e on e.book_id = $1 and e.entry_id = w.transaction_id
  join postings p on p.book_id = $1 and p.entry_id = w.transaction_id and p.line = 1`;

/** Payments that leave the bank begin their life: they wait to be settled. */
async function storeOutgoingPayments(
  tx: AnyTx,
  bookId: number,
  ids: readonly TransactionId[],
): Promise<void> {
  if (ids.length === 0) return;
  const [{ affectedRows }] = await Promise.all([
    run(tx, INSERT_OUTGOING, [bookId, uuidArray(ids)]),
    noteChanged(tx, bookId, 'outgoing_payments', ids),
    noteChanged(tx, bookId, 'transactions', ids),
  ]);
  assert(affectedRows === ids.length, 'every outgoing payment is stored');
}
