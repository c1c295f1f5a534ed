import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import type { EstateFollower } from '#features/accounts/contract.ts';
import type { TransactionId } from '#lib/ids.ts';

/**
 * Keeps payments in the bank that wait when a payer has died: nobody submits or settles them, and staff cancel them.
 * Comes after the locks of the ledger accounts, so that none is posted behind it. It passes over a payment that somebody
 * has locked, who is claiming or ending it at this moment: payments are locked before ledger accounts elsewhere.
 */
export function holdPaymentsOfEstates({ bookId }: Pick<Context, 'bookId'>): EstateFollower {
  return async (tx, _caller, { became }) => {
    const { rows } = await sql<{ id: TransactionId }>`
      update outgoing_payments set held_for = 'customer_deceased', updated_at = now()
      where book_id = ${bookId} and transaction_id in (
        select o.transaction_id from transactions t
        join outgoing_payments o on o.book_id = t.book_id and o.transaction_id = t.transaction_id
        where t.book_id = ${bookId} and t.account_id = any(${[...became]}::uuid[])
          and t.type = 'outgoing_payment' and o.status = 'pending_settlement'
        order by o.transaction_id for no key update of o skip locked)
      returning transaction_id as id`.execute(tx);
    await noteHeld(tx, bookId, rows);
  };
}

/** Lets payments go on that waited for a report that was a mistake. Comes before the locks of the ledger accounts. */
export function freePaymentsOfEstates({ bookId }: Pick<Context, 'bookId'>): EstateFollower {
  return async (tx, _caller, { ended }) => {
    const { rows } = await sql<{ id: TransactionId }>`
      update outgoing_payments set held_for = null, updated_at = now()
      where book_id = ${bookId} and held_for = 'customer_deceased' and transaction_id in (
        select t.transaction_id from transactions t
        where t.book_id = ${bookId} and t.account_id = any(${[...ended]}::uuid[])
          and t.type = 'outgoing_payment')
      returning transaction_id as id`.execute(tx);
    await noteHeld(tx, bookId, rows);
  };
}

function noteHeld(tx: Tx, bookId: number, rows: readonly { readonly id: TransactionId }[]): Promise<void> {
  const ids = rows.map(({ id }) => id);
  return noteChanged(tx, bookId, 'outgoing_payments', ids);
}
