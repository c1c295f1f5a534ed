import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { isoDate } from '#lib/time/dates.ts';
import { type ClosedDate, glLines } from './end-of-day-balances.ts';

/** Running balances are current: every posting counts, on a later date too. */
const LAST_DATE = isoDate('9999-12-31');

/** A line of the chart whose postings differ from its accounts, or a currency that does not sum to zero. */
export type TrialDifference = {
  /** Undefined where a whole currency is uneven. */
  readonly glCode: string | null;
  readonly currency: string;
  readonly differenceMinor: string;
};

/**
 * The first error in the books as they stand. The postings since the last kept date, added to its totals, must come to
 * zero in each currency. On each line of customers' accounts they must come to the sum of the running balances. One
 * statement, so that it sees one state of the books while they are in use.
 */
export async function findTrialDifference(
  db: Db,
  bookId: number,
  closed: ClosedDate,
): Promise<TrialDifference | undefined> {
  const { rows } = await sql<TrialDifference>`
    with general as materialized (
      select gl_code, currency, sum(signed_minor) as signed_minor from (
        select gl_code, currency, balance_minor as signed_minor from end_of_day_totals
        where book_id = ${bookId} and business_date = ${closed.previous ?? null}::date
        union all
        ${glLines(bookId, { ...closed, date: LAST_DATE })}
      ) as parts group by gl_code, currency
    ), customers as (
      select gl_code, currency, sum(balance_minor) as signed_minor from ledger_accounts
      where book_id = ${bookId} and kind = 'customer' group by gl_code, currency
    ), control as (
      select distinct gl_code from ledger_accounts where book_id = ${bookId} and kind = 'customer'
    )
    select null as "glCode", currency, sum(signed_minor)::text as "differenceMinor" from general
    group by currency having sum(signed_minor) <> 0
    union all
    select gl_code, currency, (coalesce(g.signed_minor, 0) - coalesce(c.signed_minor, 0))::text
    from (select * from general where gl_code in (select gl_code from control)) g
    full join customers c using (gl_code, currency)
    where coalesce(g.signed_minor, 0) <> coalesce(c.signed_minor, 0)
    order by 1 nulls first, 2 limit 1`.execute(db);
  return rows[0];
}
