import { type RawBuilder, sql } from 'kysely';
import { textArray, uuidArray } from '#db/binary-array.ts';
import type { Db } from '#db/database.ts';
import { type AnyTx, run } from '#db/session.ts';
import { type Caller, ownCustomerOf } from '#lib/caller.ts';
import { type FlorinError, notFound } from '#lib/errors.ts';
import type { AccountId, CustomerId } from '#lib/ids.ts';
import type { HolderRole } from './account.ts';
import { type HolderRight, refusalOf, rolesWith } from './holder-rights.ts';

/** A subquery: the ids of the accounts that a customer holds, in any role. Every list for customers rests on it. */
export function heldAccounts(bookId: number, customerId: CustomerId): RawBuilder<unknown> {
  return sql`(select account_id from account_holders where book_id = ${bookId} and customer_id = ${customerId})`;
}

/**
 * Why the caller may not do this on some of these accounts: 404 `not_found` or 403 `forbidden` by account. Asks
 * nothing of the database but for a customer. What happens to the holders afterwards is not seen.
 */
export async function findHolderRefusals(
  db: Db,
  bookId: number,
  caller: Caller,
  accountIds: readonly AccountId[],
  right: HolderRight,
): Promise<ReadonlyMap<AccountId, FlorinError>> {
  const own = ownCustomerOf(caller);
  if (own === undefined || accountIds.length === 0) return new Map();
  const { rows } = await sql<{ id: AccountId; role: HolderRole }>`
    select account_id as id, role from account_holders
    where book_id = ${bookId} and customer_id = ${own} and account_id = any(${accountIds}::uuid[])`.execute(
    db,
  );
  const roles = new Map(rows.map(({ id, role }) => [id, role]));
  return new Map(
    accountIds.flatMap((id): [AccountId, FlorinError][] => {
      const error = refusalOf(roles.get(id), right);
      return error === undefined ? [] : [[id, error]];
    }),
  );
}

export type HeldBy = { readonly accountId: AccountId; readonly customerId: CustomerId };

const COUNT_LOST = `
  select count(*)::int as lost from unnest($2::uuid[], $3::uuid[]) as p (account_id, customer_id)
  where not exists (select from account_holders h where h.book_id = $1 and h.account_id = p.account_id
    and h.customer_id = p.customer_id and h.role = any($4::text[]))`;

/**
 * Throws 404 `not_found` unless each of these may pay. Call with the ledger accounts locked: whoever takes a holder
 * off an account locks them too, so that a payment is either before that or refused.
 */
export async function assertStillPay(tx: AnyTx, bookId: number, payers: readonly HeldBy[]): Promise<void> {
  if (payers.length === 0) return;
  const { rows } = await run<{ lost: number }>(tx, COUNT_LOST, [
    bookId,
    uuidArray(payers.map(({ accountId }) => accountId)),
    uuidArray(payers.map(({ customerId }) => customerId)),
    textArray(rolesWith('pay')),
  ]);
  if (rows[0]?.lost !== 0) throw notFound();
}
