import { type RawBuilder, sql } from 'kysely';
import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { customerDeath, type Estates } from '#features/customers/contract.ts';
import { markEstates } from '#ledger/customer-accounts.ts';
import type { Caller } from '#lib/caller.ts';
import type { AccountId, CustomerId } from '#lib/ids.ts';

/** Accounts that became estates, and those that are no longer. */
type EstateChange = { readonly became: readonly AccountId[]; readonly ended: readonly AccountId[] };

/** What else follows on accounts, before their ledger accounts are locked or after. Their rows are locked. */
export type EstateFollower = (tx: Tx, caller: Caller, change: EstateChange) => Promise<void>;

/**
 * Makes the accounts of a customer who died estates, where no other owner or joint holder is alive, and ends that when
 * the report is withdrawn. A holder who is authorised owns nothing, and pays nothing from an estate. Locks the accounts'
 * rows, what the followers lock, and the ledger accounts, each by ascending id.
 */
export function accountEstates(
  { bookId }: Pick<Context, 'bookId'>,
  {
    before,
    after,
  }: { readonly before: readonly EstateFollower[]; readonly after: readonly EstateFollower[] },
): Estates {
  return {
    follow: async (tx, caller, customerId) => {
      const ids = await lockOwnedRows(tx, bookId, customerId);
      const change = await findChange(tx, bookId, ids);
      for (const follow of before) await follow(tx, caller, change);
      await markEstates(tx, bookId, change.became, true);
      await markEstates(tx, bookId, change.ended, false);
      for (const follow of after) await follow(tx, caller, change);
    },
  };
}

/** Whether nobody who is alive owns an account. Read where its row is locked: whoever changes that locks it. */
export async function isEstate(tx: Tx, bookId: number, id: AccountId): Promise<boolean> {
  const { rows } = await sql<{ isEstate: boolean }>`
    select ${hasNoLivingOwner(sql`${id}::uuid`, bookId)} as "isEstate"`.execute(tx);
  return rows[0]?.isEstate === true;
}

/** Makes estates of those of these accounts that lost their last living owner. */
export async function setNewEstates(tx: Tx, bookId: number, ids: readonly AccountId[]): Promise<void> {
  const { became } = await findChange(tx, bookId, ids);
  await markEstates(tx, bookId, became, true);
}

async function lockOwnedRows(tx: Tx, bookId: number, customerId: CustomerId): Promise<AccountId[]> {
  const { rows } = await sql<{ id: AccountId }>`
    select a.account_id as id from accounts a
    where a.book_id = ${bookId} and a.account_id in (
      select account_id from account_holders where book_id = ${bookId} and customer_id = ${customerId})
    order by a.account_id for no key update`.execute(tx);
  return rows.map(({ id }) => id);
}

async function findChange(tx: Tx, bookId: number, ids: readonly AccountId[]): Promise<EstateChange> {
  const { rows } = await sql<{ id: AccountId; isEstate: boolean }>`
    select id, "isEstate" from (
      select ledger_account_id as id, is_estate as was,
        ${hasNoLivingOwner(sql`l.ledger_account_id`, bookId)} as "isEstate"
      from ledger_accounts l
      where l.book_id = ${bookId} and l.ledger_account_id = any(${ids}::uuid[]) and l.status <> 'closed') as now
    where "isEstate" <> was order by id`.execute(tx);
  return {
    became: rows.flatMap((row) => (row.isEstate ? row.id : [])),
    ended: rows.flatMap((row) => (row.isEstate ? [] : row.id)),
  };
}

function hasNoLivingOwner(accountId: RawBuilder<unknown>, bookId: number): RawBuilder<boolean> {
  return sql`not exists (
    select from account_holders h
    where h.book_id = ${bookId} and h.account_id = ${accountId} and h.role <> 'authorised'
      and ${customerDeath(sql`h`)} is null)`;
}
