import type { Db } from '#db/database.ts';
import { findAccessRefusals, findOwners } from '#features/accounts/contract.ts';
import type { Caller } from '#lib/caller.ts';
import type { AccountId } from '#lib/ids.ts';
import { mayAlso } from '../access.ts';

/** Those of some accounts whose balances the caller may read by another call, too. */
export async function seenAccounts(
  db: Db,
  bookId: number,
  caller: Caller,
  ids: readonly AccountId[],
): Promise<ReadonlySet<AccountId>> {
  if (!mayAlso(caller, 'getBalance') || ids.length === 0) return new Set();
  const accesses = ids.map((accountId) => ({ caller, accountId }));
  const refusals = await findAccessRefusals(db, bookId, accesses, 'see');
  const seen = ids.filter((_, index) => refusals[index] === undefined);
  const { accounts, customers } = caller.bounds ?? {};
  if (accounts === undefined && customers === undefined) return new Set(seen);
  const owners = await findOwners(db, bookId, seen);
  const within = owners.filter(
    ({ id, customerId }) => accounts?.includes(id) === true || customers?.includes(customerId) === true,
  );
  return new Set(within.map(({ id }) => id));
}
