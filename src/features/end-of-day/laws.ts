import { sql } from 'kysely';
import type { Law } from '#ledger/verify.ts';

/** The balances stored for closed dates agree with the postings. */
export const BALANCE_LAWS: readonly Law[] = [
  {
    name: 'the balance kept of a closed date is the sum of all postings up to it',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('ledgerAccountId', ledger_account_id, 'businessDate', business_date,
        'keptMinor', kept_minor, 'expectedMinor', expected_minor) as row
      from (
        select ledger_account_id, business_date, kept_minor, sum(signed_minor) over (
          partition by ledger_account_id order by business_date, kept_minor nulls first rows unbounded preceding
        ) as expected_minor
        from (
          select debit_account_id as ledger_account_id, business_date, -amount_minor as signed_minor,
            null::bigint as kept_minor
          from postings where book_id = ${bookId}
          union all
          select credit_account_id, business_date, amount_minor, null from postings where book_id = ${bookId}
          union all
          select ledger_account_id, business_date, 0, balance_minor from end_of_day_balances
          where book_id = ${bookId}
        ) as lines
      ) as sums
      where kept_minor <> expected_minor order by ledger_account_id, business_date limit 1`,
  },
  {
    name: 'the total kept of a line of the chart is the sum of its accounts, on every closed date',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('glCode', gl_code, 'currency', currency, 'businessDate', business_date,
        'keptMinor', kept_minor, 'expectedMinor', expected_minor) as row
      from (
        select gl_code, currency, business_date, kept_minor, sum(signed_minor) over (
          partition by gl_code, currency order by business_date, kept_minor nulls first rows unbounded preceding
        ) as expected_minor
        from (
          select a.gl_code, p.currency, p.business_date, sum(side.signed_minor) as signed_minor,
            null::numeric as kept_minor
          from postings p
          cross join lateral (values (p.debit_account_id, -p.amount_minor), (p.credit_account_id, p.amount_minor))
            as side (ledger_account_id, signed_minor)
          join ledger_accounts a on a.book_id = p.book_id and a.ledger_account_id = side.ledger_account_id
          where p.book_id = ${bookId} group by a.gl_code, p.currency, p.business_date
          union all
          select gl_code, currency, business_date, 0, balance_minor from end_of_day_totals
          where book_id = ${bookId}
        ) as lines
      ) as sums
      where kept_minor <> expected_minor order by business_date, gl_code, currency limit 1`,
  },
  {
    name: 'every account that moved on a closed date has its balance kept',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('ledgerAccountId', moved.ledger_account_id, 'businessDate', moved.closed_on) as row
      from (
        select distinct side.ledger_account_id, closing.business_date as closed_on
        from postings p
        cross join lateral (values (p.debit_account_id), (p.credit_account_id)) as side (ledger_account_id)
        cross join lateral (
          select r.business_date from end_of_day_runs r
          where r.book_id = ${bookId} and r.business_date >= p.business_date and r.status = 'completed'
          order by r.business_date limit 1
        ) as closing
        where p.book_id = ${bookId}
      ) as moved
      where not exists (
        select from end_of_day_balances b where b.book_id = ${bookId}
          and b.business_date = moved.closed_on and b.ledger_account_id = moved.ledger_account_id)
      order by moved.ledger_account_id, moved.closed_on limit 1`,
  },
];
