import { bigints, bulkUpdate, texts, uuids } from '#db/bulk-rows.ts';
import { noteChanged } from '#db/changed-rows.ts';
import type { Tx } from '#db/database.ts';
import type { AccountId } from '#lib/ids.ts';

/** A ledger account, and the balance that payments leave on it in minor units. */
export type MinimumBalance = { readonly id: AccountId; readonly minimumMinor: bigint };

const updateMinimums = bulkUpdate('ledger_accounts').of<MinimumBalance>({
  key: { ledger_account_id: uuids(({ id }) => id) },
  set: { minimum_minor: bigints(({ minimumMinor }) => minimumMinor) },
});

/** Stores minimum balances of ledger accounts that are locked. */
export async function storeMinimums(
  tx: Tx,
  bookId: number,
  minimums: readonly MinimumBalance[],
): Promise<void> {
  if (minimums.length === 0) return;
  await updateMinimums(tx, { book_id: bookId }, minimums);
  const ids = minimums.map(({ id }) => id);
  await noteChanged(tx, bookId, 'ledger_accounts', ids);
}

const makeDormant = bulkUpdate('ledger_accounts').of<AccountId>({
  key: { ledger_account_id: uuids((id) => id) },
  set: { status: texts(() => 'dormant') },
});

/** Makes active ledger accounts dormant, which are locked: money comes in, and none is paid out. */
export async function markDormant(tx: Tx, bookId: number, ids: readonly AccountId[]): Promise<void> {
  if (ids.length === 0) return;
  await makeDormant(tx, { book_id: bookId }, ids);
  await noteChanged(tx, bookId, 'ledger_accounts', ids);
}
