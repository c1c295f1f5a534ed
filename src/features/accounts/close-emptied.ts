import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Tx } from '#db/database.ts';
import { closeLedgerAccounts } from '#ledger/customer-accounts.ts';
import type { AccountId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/**
 * Closes accounts whose contracts have ended, where nothing is left on them. Their rows and ledger accounts are locked, and
 * nobody has an order on them.
 */
export async function closeEmptied(
  tx: Tx,
  bookId: number,
  ids: readonly AccountId[],
  { on, reason }: { readonly on: IsoDate; readonly reason: string },
): Promise<void> {
  if (ids.length === 0) return;
  await closeLedgerAccounts(tx, bookId, ids);
  await tx
    .updateTable('accounts')
    .set({ closed_on: on, status_reason: reason, version: sql`version + 1`, updated_at: sql`now()` })
    .where('book_id', '=', bookId)
    .where(sql<boolean>`account_id = any(${[...ids]}::uuid[])`)
    .execute();
  await noteChanged(tx, bookId, 'accounts', ids);
}
