import { sql } from 'kysely';
import { recordSet, uuids } from '#db/bulk-rows.ts';
import type { Db } from '#db/database.ts';
import { lookUp } from '#db/look-ups.ts';
import { run, type SqlSession } from '#db/session.ts';
import { type Caller, ownCustomerOf } from '#lib/caller.ts';
import { type FlorinError, notFound } from '#lib/errors.ts';
import type { AccountId, CustomerId } from '#lib/ids.ts';
import type { HolderRole } from './account.ts';
import { type HolderRight, refusalOf } from './holder-rights.ts';
import { findAccount, holderRole, type StoredAccount } from './repository.ts';

/** A caller, and the account that it wants to use. */
export type AccountAccess = { readonly caller: Caller; readonly accountId: AccountId };

type Held = { readonly accountId: AccountId; readonly customerId: CustomerId };

const COLUMNS = {
  account_id: uuids(({ accountId }: Held) => accountId),
  customer_id: uuids(({ customerId }: Held) => customerId),
};
const HELD = recordSet<Held>(COLUMNS);

const SELECT_ROLES = `
  select h.account_id as "accountId", h.customer_id as "customerId", h.role
  from ${HELD.from}
  join account_holders h on h.book_id = $1 and h.account_id = r.account_id and h.customer_id = r.customer_id`;

type RoleRow = Held & { readonly role: HolderRole };

/** Of one, outside of a transaction. */
const lookUpRole = lookUp<Held, { readonly n: number; readonly role: HolderRole | null }>({
  asks: COLUMNS,
  select: (asked) => sql`
    select asked.n::int, ${holderRole(sql`asked.account_id`, sql`asked.customer_id`)} as role from ${asked}`,
});

/** The account, for a caller that has this right to it. Throws 404 `not_found` and 403 `forbidden`. */
export async function accountFor(
  db: Db,
  bookId: number,
  { caller, accountId }: AccountAccess,
  right: HolderRight,
): Promise<StoredAccount> {
  const account = await findAccount(db, bookId, accountId);
  if (account === undefined) throw notFound();
  const own = ownCustomerOf(caller);
  const holder = account.holders.find(({ customerId }) => customerId === own);
  const error = own === undefined ? undefined : refusalOf(holder?.role, right);
  if (error !== undefined) throw error;
  return account;
}

/** Throws 404 `not_found` unless the caller, with this role on an account as a customer, may see it. */
export function assertSees(caller: Caller, role: HolderRole | undefined): void {
  const refusal = ownCustomerOf(caller) === undefined ? undefined : refusalOf(role, 'see');
  if (refusal !== undefined) throw refusal;
}

/**
 * Throws 404 `not_found` or 403 `forbidden` unless each caller has this right to its account. Callers that are not
 * customers are held by the table of access alone: for them this does not even ask whether the account exists.
 *
 * What moves money asks twice. The first time, before the request waits for anything, keeps a stranger from learning
 * about the account or locking it. The second time, in the transaction that posts and with the ledger accounts
 * locked, is the one that counts: taking a holder off an account locks them too, so that a payment is either before
 * that or refused.
 */
export async function assertAccess(
  db: Db | SqlSession,
  bookId: number,
  accesses: readonly AccountAccess[],
  right: HolderRight,
): Promise<void> {
  const error = (await findAccessRefusals(db, bookId, accesses, right)).find((one) => one !== undefined);
  if (error !== undefined) throw error;
}

/** The roles of customers on accounts, in the same order; undefined for a customer who does not hold the account. */
export async function findHolderRoles(
  db: Db | SqlSession,
  bookId: number,
  held: readonly Held[],
): Promise<(HolderRole | undefined)[]> {
  const [first] = held;
  if (first === undefined) return [];
  if (held.length === 1 && !('run' in db)) {
    const [found] = await lookUpRole(db, bookId, first);
    return [found?.role ?? undefined];
  }
  const { rows } = await run<RoleRow>(db, SELECT_ROLES, [bookId, ...HELD.values(held)]);
  const roles = new Map(rows.map(({ accountId, customerId, role }) => [accountId + customerId, role]));
  return held.map(({ accountId, customerId }) => roles.get(accountId + customerId));
}

/** As assertAccess, for callers that answer each on its own: the refusals, in the same order. */
export async function findAccessRefusals(
  db: Db | SqlSession,
  bookId: number,
  accesses: readonly AccountAccess[],
  right: HolderRight,
): Promise<(FlorinError | undefined)[]> {
  const held = accesses.flatMap(({ caller, accountId }) => {
    const customerId = ownCustomerOf(caller);
    return customerId === undefined ? [] : [{ accountId, customerId }];
  });
  if (held.length === 0) return [];
  const roles = (await findHolderRoles(db, bookId, held)).values();
  return accesses.map(({ caller }) =>
    ownCustomerOf(caller) === undefined ? undefined : refusalOf(roles.next().value, right),
  );
}
