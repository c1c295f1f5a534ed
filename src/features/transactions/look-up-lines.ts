import { sql } from 'kysely';
import { bigints, integers, uuids } from '#db/bulk-rows.ts';
import type { Db } from '#db/database.ts';
import { lookUp } from '#db/look-ups.ts';
import { BOOK, rowWith } from '#db/row-with.ts';
import { assertSees, type HolderRole, holderRole } from '#features/accounts/contract.ts';
import { type Caller, ownCustomerOf } from '#lib/caller.ts';
import { notFound } from '#lib/errors.ts';
import type { AccountId, CustomerId } from '#lib/ids.ts';
import { columnsOf, joinDetails, type LineRow, pageOf } from './line-sql.ts';
import { type AccountLine, toLine } from './lines.ts';

/** A page of lines as it is asked for most: the newest, or those below a number. */
export type LinePage = { readonly beforeSeq?: bigint | undefined; readonly limit: number };

type Ask = LinePage & { readonly accountId: AccountId; readonly customerId: CustomerId | undefined };
/** An account without lines has one row, without a line. */
type FoundRow = (LineRow | { readonly seq: null }) & { readonly n: number; readonly role: HolderRole | null };

/** Above every line of an account. */
const NO_SEQ = 9_223_372_036_854_775_807n;
/** Each may have a hundred lines, and a line takes PostgreSQL 20 µs. */
const MAX_PAGES = 8;

const lookUpLines = lookUp<Ask, FoundRow>({
  maxAsks: MAX_PAGES,
  asks: {
    account_id: uuids(({ accountId }) => accountId),
    customer_id: uuids(({ customerId }) => customerId),
    before_seq: bigints(({ beforeSeq = NO_SEQ }) => beforeSeq),
    most: integers(({ limit }) => limit),
  },
  select: (asked) => sql`
    select asked.n::int, ${holderRole(sql`own.account_id`, sql`asked.customer_id`)} as role, ${columnsOf({
      account: sql`asked.account_id`,
      isStaff: sql`asked.customer_id is null`,
      isHolderSeen: sql`(
        asked.customer_id is null or ${holderRole(sql`a.account_id`, sql`asked.customer_id`)} is not null)`,
    })}
    from ${asked}
    cross join lateral ${rowWith('accounts', 'account_id', sql`asked.account_id`)} own
    left join lateral ${pageOf({
      book: BOOK,
      account: sql`asked.account_id`,
      limit: sql`asked.most`,
      where: (seq) => [sql`${seq} < asked.before_seq`],
    })} p on true
    ${joinDetails}
    order by asked.n, p.seq desc`,
});

/** The page, for a caller that may see the account. Throws 404 `not_found`. */
export async function linesFor(
  db: Db,
  bookId: number,
  { caller, accountId }: { readonly caller: Caller; readonly accountId: AccountId },
  page: LinePage,
): Promise<AccountLine[]> {
  const customerId = ownCustomerOf(caller);
  const rows = await lookUpLines(db, bookId, { ...page, accountId, customerId });
  const [first] = rows;
  if (first === undefined) throw notFound();
  assertSees(caller, first.role ?? undefined);
  return rows.flatMap((row) => (row.seq === null ? [] : [toLine(row, accountId)]));
}
