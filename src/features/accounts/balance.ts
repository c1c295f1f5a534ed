import { sql } from 'kysely';
import { uuids } from '#db/bulk-rows.ts';
import type { Db } from '#db/database.ts';
import { lookUp } from '#db/look-ups.ts';
import { rowWith } from '#db/row-with.ts';
import { ownCustomerOf } from '#lib/caller.ts';
import { notFound } from '#lib/errors.ts';
import type { AccountId, CustomerId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { type AccountAccess, assertSees } from './access.ts';
import type { AvailableFunds, HolderRole } from './account.ts';
import { holderRole } from './repository.ts';

/** What an account has now, in minor units of its currency. */
export type AccountBalance = { readonly currency: Currency; readonly funds: AvailableFunds };

type Ask = { readonly accountId: AccountId; readonly customerId: CustomerId | undefined };
type Row = {
  readonly n: number;
  readonly currency: Currency;
  readonly postedMinor: bigint;
  readonly heldMinor: bigint;
  readonly floorMinor: bigint | null;
  /** Of the caller, if it is a customer. */
  readonly role: HolderRole | null;
};

/** With the role of the caller: no second read says whether it may see the account. */
const lookUpBalance = lookUp<Ask, Row>({
  asks: {
    account_id: uuids(({ accountId }) => accountId),
    customer_id: uuids(({ customerId }) => customerId),
  },
  select: (asked) => sql`
    select asked.n::int, l.currency, l.balance_minor as "postedMinor", l.held_minor as "heldMinor",
      l.floor_minor as "floorMinor", ${holderRole(sql`a.account_id`, sql`asked.customer_id`)} as role
    from ${asked}
    cross join lateral ${rowWith('accounts', 'account_id', sql`asked.account_id`)} a
    cross join lateral ${rowWith('ledger_accounts', 'ledger_account_id', sql`a.account_id`)} l`,
});

/** The balance now, for a caller that may see it. Throws 404 `not_found`. */
export async function balanceFor(
  db: Db,
  bookId: number,
  { caller, accountId }: AccountAccess,
): Promise<AccountBalance> {
  const customerId = ownCustomerOf(caller);
  const [row] = await lookUpBalance(db, bookId, { accountId, customerId });
  if (row === undefined) throw notFound();
  assertSees(caller, row.role ?? undefined);
  const { currency, postedMinor, heldMinor, floorMinor } = row;
  return { currency, funds: { postedMinor, heldMinor, overdraftLimitMinor: -(floorMinor ?? 0n) } };
}
