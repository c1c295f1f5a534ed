import { bigints, bulkUpdate, uuids } from '#db/bulk-rows.ts';
import type { AnyTx } from '#db/session.ts';
import type { AccountState, AccountStates } from './evaluate.ts';

type Rest = { readonly state: AccountState; readonly minor: bigint };

const updateUnarranged = bulkUpdate('ledger_accounts').of<Rest>({
  key: { ledger_account_id: uuids(({ state }) => state.id) },
  set: { unarranged_minor: bigints(({ minor }) => minor) },
});

/**
 * Writes how far accounts are below their floor, where that is or was so: `make room` before their balances are written,
 * which the database checks by it, and `settle` after. No statement for all others.
 */
export async function writeUnarranged(
  tx: AnyTx,
  bookId: number,
  before: AccountStates,
  after: AccountStates,
  when: 'make room' | 'settle',
): Promise<void> {
  const rests = [...after.values()].flatMap((state): Rest[] => {
    const earlier = before.get(state.id)?.unarrangedMinor ?? 0n;
    const { unarrangedMinor: later } = state;
    if (when === 'settle') return later < earlier ? [{ state, minor: later }] : [];
    // A hold that is released in the same transaction may have lowered it.
    return later > 0n ? [{ state, minor: later > earlier ? later : earlier }] : [];
  });
  if (rests.length > 0) await updateUnarranged(tx, { book_id: bookId }, rests);
}
