import { uuidArray } from '#db/binary-array.ts';
import { noteChanged } from '#db/changed-rows.ts';
import { type AnyTx, run } from '#db/session.ts';
import { foundPayee, storeBeneficiaryPayments } from '#features/beneficiaries/contract.ts';
import { assert } from '#lib/assert.ts';
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
  const payments = rows.flatMap(({ id, beneficiary }) => {
    const paid = beneficiary ?? foundPayee(tx, id);
    return paid === undefined ? [] : [{ transactionId: id, customerId: paid.customerId, payee: paid.payee }];
  });
  const outgoing = rows.filter(({ leavesBank }) => leavesBank);
  await Promise.all([
    storeBeneficiaryPayments(tx, bookId, payments),
    storeOutgoingPayments(tx, bookId, outgoing),
  ]);
}

const INSERT_OUTGOING = `
  insert into outgoing_payments (book_id, transaction_id, currency, amount_minor, bank_code_scheme, created_at, updated_at)
  select $1, w.transaction_id, p.currency, p.amount_minor, w.bank_code_scheme, e.posted_at, e.posted_at
  from unnest($2::uuid[], $3::text[]) as w (transaction_id, bank_code_scheme)
  join journal_entries e on e.book_id = $1 and e.entry_id = w.transaction_id
  join postings p on p.book_id = $1 and p.entry_id = w.transaction_id and p.line = 1`;

/** Payments that leave the bank begin their life: they wait to be settled. */
async function storeOutgoingPayments(
  tx: AnyTx,
  bookId: number,
  outgoing: readonly TransactionRow[],
): Promise<void> {
  if (outgoing.length === 0) return;
  const ids = outgoing.map(({ id }) => id);
  const schemes = outgoing.map(({ bankCodeScheme }) => bankCodeScheme ?? null);
  const [{ affectedRows }] = await Promise.all([
    run(tx, INSERT_OUTGOING, [bookId, uuidArray(ids), schemes]),
    noteChanged(tx, bookId, 'outgoing_payments', ids),
    noteChanged(tx, bookId, 'transactions', ids),
  ]);
  assert(affectedRows === ids.length, 'every outgoing payment is stored');
}
