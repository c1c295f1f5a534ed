import { type RawBuilder, sql } from 'kysely';
import type { IsoDate } from '#lib/time/dates.ts';

/** How a list of loans is ordered. */
export const LOAN_ORDERS = ['newest', 'days_past_due', 'next_due_date'] as const;
export type LoanOrder = (typeof LOAN_ORDERS)[number];

/** Days past due at the end of a date, as daysPastDue counts them, of the loan that a query calls `l`. */
export function daysPastDueOn(date: IsoDate): RawBuilder<number> {
  return sql<number>`(
    select case when u.counted_minor > p.tolerance_minor and ${date}::date - u.since > p.after_days
      then ${date}::date - u.since else 0 end
    from (
      select coalesce((p.conditions ->> 'arrearsAfterDays')::int, 0) as after_days,
        coalesce(p.conditions ->> 'arrearsOf', 'principal_and_interest') = 'all' as counts_fees,
        coalesce((p.conditions ->> 'arrearsTolerance')::numeric, 0) * 10::numeric ^ c.decimals as tolerance_minor
      from loan_products p join currencies c on c.currency = p.currency
      where p.book_id = l.book_id and p.loan_product_id = l.loan_product_id
    ) as p
    cross join lateral (
      select coalesce(sum(c.minor), 0) as counted_minor,
        min((item ->> 'dueOn')::date) filter (where c.minor > 0) as since
      from jsonb_array_elements(l.unpaid) as item
      cross join lateral (select (item ->> 'principalMinor')::bigint + (item ->> 'interestMinor')::bigint
        + case when p.counts_fees then (item ->> 'feesMinor')::bigint else 0 end as minor) as c
      where (item ->> 'dueOn')::date < ${date}::date
    ) as u)`;
}

/**
 * What is overdue at the end of a date, as overdueMinor counts it, in minor units. The condition before it is that of the
 * index of loans of which anything is.
 */
export function isOverdueBy(date: IsoDate, leastMinor: bigint): RawBuilder<boolean> {
  return sql<boolean>`(l.overdue_since is not null or l.penalties_due_minor > 0)
    and l.penalties_due_minor + (
      select coalesce(sum((item ->> 'principalMinor')::bigint + (item ->> 'interestMinor')::bigint
        + (item ->> 'feesMinor')::bigint), 0)
      from jsonb_array_elements(l.unpaid) as item where (item ->> 'dueOn')::date < ${date}::date
    ) >= ${leastMinor}`;
}

/** Of loans without a next instalment: after all others. */
const NEVER = 2_147_483_647;

/** The number by which an order sorts, ascending; equal ones are sorted by id, newest first. */
export function orderKey(order: LoanOrder, date: IsoDate): RawBuilder<number> {
  switch (order) {
    case 'newest':
      return sql<number>`0`;
    case 'days_past_due':
      return sql<number>`-${daysPastDueOn(date)}`;
    case 'next_due_date':
      return sql<number>`coalesce(l.next_due_on - date '1970-01-01', ${NEVER}::int)`;
  }
}
