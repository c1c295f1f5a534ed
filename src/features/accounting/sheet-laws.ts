import { sql } from 'kysely';
import type { Law } from '#ledger/verify.ts';

/** What must always hold of the sums that the reports rest on. */
export const SHEET_LAWS: readonly Law[] = [
  {
    name: 'the balance sheet balances on every date whose totals are kept, with the result that is not carried over',
    firstBroken: (bookId) => sql`
      with kept as (
        select business_date as date, gl_code, currency, balance_minor from end_of_day_totals
        where book_id = ${bookId}
        union all
        select (period_on + interval '1 month - 1 day')::date, gl_code, currency, balance_minor
        from accounting_period_balances where book_id = ${bookId}
      )
      select jsonb_build_object('date', date, 'currency', currency,
        'assetsMinor', -coalesce(sum(balance_minor) filter (where class = 'asset'), 0),
        'liabilitiesMinor', coalesce(sum(balance_minor) filter (where class = 'liability'), 0),
        'equityMinor', coalesce(sum(balance_minor) filter (where class = 'equity'), 0),
        'resultMinor', coalesce(sum(balance_minor) filter (where class in ('income', 'expense')), 0)) as row
      from kept join gl_accounts g on g.book_id = ${bookId} and g.gl_code = kept.gl_code
      group by date, currency having sum(balance_minor) <> 0 order by date, currency limit 1`,
  },
  {
    name: 'what customers have is what their line of the chart says, at the end of every day',
    // Amounts on one side, and the balances that stand on the accounts' last lines of each day on the other.
    firstBroken: (bookId) => sql`
      with lines as (
        select debit_account_id as ledger_account_id, business_date, -amount_minor as signed_minor,
          debit_seq as seq, debit_balance_minor as balance_minor
        from postings where book_id = ${bookId}
        union all
        select credit_account_id, business_date, amount_minor, credit_seq, credit_balance_minor
        from postings where book_id = ${bookId}
      ), accounts_a_day as (
        select a.gl_code, a.currency, l.business_date, l.ledger_account_id, sum(l.signed_minor) as moved_minor,
          (array_agg(l.balance_minor order by l.seq desc nulls last))[1] as balance_minor
        from lines l
        join ledger_accounts a on a.book_id = ${bookId} and a.ledger_account_id = l.ledger_account_id
        where a.gl_code in (select gl_code from ledger_accounts where book_id = ${bookId} and kind = 'customer')
        group by a.gl_code, a.currency, l.business_date, l.ledger_account_id
      ), changes as (
        select gl_code, currency, business_date, moved_minor, coalesce(balance_minor, 0)
          - lag(coalesce(balance_minor, 0), 1, 0::bigint) over (partition by ledger_account_id order by business_date)
          as changed_minor
        from accounts_a_day
      ), sums as (
        select gl_code, currency, business_date, sum(sum(moved_minor)) over w as line_minor,
          sum(sum(changed_minor)) over w as customers_minor
        from changes group by gl_code, currency, business_date
        window w as (partition by gl_code, currency order by business_date)
      )
      select jsonb_build_object('glCode', gl_code, 'currency', currency, 'date', business_date,
        'lineMinor', line_minor, 'customersMinor', customers_minor) as row
      from sums where line_minor <> customers_minor order by business_date, gl_code, currency limit 1`,
  },
];
