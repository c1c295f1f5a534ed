import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { loadAllowances } from '#features/limits/contract.ts';
import { holdBusinessDate } from '#ledger/business-date.ts';
import { ledgerError } from '#ledger/errors.ts';
import { changeHeld, judgeHold } from '#ledger/holds.ts';
import { lockAccounts } from '#ledger/lock-accounts.ts';
import type { Hold, HoldChanges } from './hold.ts';
import { updateHold } from './repository.ts';

/**
 * Changes a hold that is locked, and what is held with it: more is set aside as a new hold would be. Throws what
 * Hold.change throws, 409 `account_closed` or `account_frozen`, 422 `insufficient_funds` or `limit_exceeded`. Locks
 * the book (shared) and the ledger account.
 */
export async function changeHold(
  tx: Tx,
  { bookId, clock }: Pick<Context, 'bookId' | 'clock'>,
  hold: Hold,
  changes: HoldChanges,
): Promise<void> {
  const { accountId, currency } = hold.state;
  const today = await holdBusinessDate(tx, bookId);
  const { states } = await lockAccounts(tx, bookId, [accountId]);
  const addedMinor = hold.change(changes, clock.nowMs());
  if (addedMinor > 0n) {
    const refusal = judgeHold(states.get(accountId), { amountMinor: addedMinor, currency });
    if (refusal !== undefined) throw ledgerError(refusal);
    const allowances = await loadAllowances(tx, bookId, [accountId], today);
    const error = allowances.get(accountId)?.judge({ amountMinor: addedMinor, toNew: false });
    if (error !== undefined) throw error;
  }
  if (addedMinor !== 0n) await changeHeld(tx, bookId, new Map([[accountId, addedMinor]]));
  await updateHold(tx, bookId, hold);
}
