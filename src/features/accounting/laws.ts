import { sql } from 'kysely';
import type { Law } from '#ledger/verify.ts';

/** Both sides of every posting by line of the chart, on the date on which they count in the bank's books. */
const counted = (bookId: number) => sql`(
  select a.gl_code, p.currency, coalesce(m.accounting_date, p.business_date) as counts_on, side.signed_minor
  from postings p
  left join manual_entries m on m.book_id = p.book_id and m.entry_id = p.entry_id
  cross join lateral (values (p.debit_account_id, -p.amount_minor), (p.credit_account_id, p.amount_minor))
    as side (ledger_account_id, signed_minor)
  join ledger_accounts a on a.book_id = p.book_id and a.ledger_account_id = side.ledger_account_id
  where p.book_id = ${bookId})`;

/** What must always hold of the bank's own books. */
export const ACCOUNTING_LAWS: readonly Law[] = [
  {
    name: 'the balances kept of a closed period are the sum of all that counts up to its end',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('period', to_char(period_on, 'YYYY-MM'), 'glCode', gl_code, 'currency', currency,
        'keptMinor', kept_minor, 'expectedMinor', expected_minor) as row
      from (
        select gl_code, currency, period_on, kept_minor, is_kept, sum(signed_minor) over (
          partition by gl_code, currency order by period_on, is_kept rows unbounded preceding) as expected_minor
        from (
          select gl_code, currency, date_trunc('month', counts_on)::date as period_on, null::numeric as kept_minor,
            sum(signed_minor) as signed_minor, false as is_kept
          from ${counted(bookId)} c group by 1, 2, 3
          union all
          select l.gl_code, l.currency, r.period_on, coalesce(b.balance_minor, 0), 0, true
          from accounting_periods r
          cross join (select distinct gl_code, currency from ledger_accounts where book_id = ${bookId}) l
          left join accounting_period_balances b on b.book_id = r.book_id and b.period_on = r.period_on
            and b.gl_code = l.gl_code and b.currency = l.currency
          where r.book_id = ${bookId} and r.status = 'hard_closed'
        ) as lines
      ) as sums
      where is_kept and kept_minor <> expected_minor order by period_on, gl_code, currency limit 1`,
  },
  {
    name: 'the book is closed up to the last of its closed periods',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('softClosedTo', soft_closed_to, 'hardClosedTo', hard_closed_to,
        'lastClosed', last_closed, 'lastHardClosed', last_hard_closed) as row
      from books b cross join lateral (
        select (max(period_on) filter (where status <> 'open') + interval '1 month - 1 day')::date as last_closed,
          (max(period_on) filter (where status = 'hard_closed') + interval '1 month - 1 day')::date
            as last_hard_closed
        from accounting_periods p where p.book_id = b.book_id) as periods
      where b.book_id = ${bookId} and (soft_closed_to is distinct from last_closed
        or hard_closed_to is distinct from last_hard_closed)`,
  },
  {
    name: 'a closed year leaves nothing on its income and expenses',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('year', y.year, 'glCode', c.gl_code, 'currency', c.currency,
        'balanceMinor', sum(c.signed_minor)) as row
      from accounting_years y
      join ${counted(bookId)} c on c.counts_on < make_date(y.year + 1, 1, 1)
      join gl_accounts g on g.book_id = y.book_id and g.gl_code = c.gl_code and g.class in ('income', 'expense')
      where y.book_id = ${bookId} and y.status = 'closed'
      group by y.year, c.gl_code, c.currency having sum(c.signed_minor) <> 0
      order by y.year, c.gl_code, c.currency limit 1`,
  },
  {
    name: 'an entry by hand says why it was made, and counts on its value date',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('entryId', e.entry_id, 'kind', e.kind, 'valueDate', e.value_date,
        'accountingDate', m.accounting_date) as row
      from journal_entries e
      left join manual_entries m on m.book_id = e.book_id and m.entry_id = e.entry_id
      where e.book_id = ${bookId} and (e.kind in ('journal', 'year_end') or m.entry_id is not null)
        and (m.accounting_date is distinct from e.value_date or m.business_date is distinct from e.business_date)
      order by e.entry_id limit 1`,
  },
  {
    name: 'a line of customers’ accounts has nothing else on it',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('glCode', a.gl_code, 'ledgerAccountId', a.ledger_account_id) as row
      from ledger_accounts a
      where a.book_id = ${bookId} and a.kind = 'internal' and a.gl_code in (
        select gl_code from ledger_accounts where book_id = ${bookId} and kind = 'customer')
      order by a.ledger_account_id limit 1`,
  },
];
