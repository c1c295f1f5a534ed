import { sql } from 'kysely';
import { CHART } from '#ledger/chart.ts';
import type { Law } from '#ledger/verify.ts';

/** What must always hold of positions in foreign currencies. */
export const POSITION_LAWS: readonly Law[] = [
  {
    name: 'a position was worth what its equivalent says, at the middle rate of each date on which it was valued',
    // Rounded half to even by hand: the division of numerics is not exact.
    firstBroken: (bookId) => sql`
      with moved as (
        select a.gl_code, a.currency, p.business_date, sum(side.signed_minor) as signed_minor
        from postings p
        cross join lateral (values (p.debit_account_id, -p.amount_minor), (p.credit_account_id, p.amount_minor))
          as side (ledger_account_id, signed_minor)
        join ledger_accounts a on a.book_id = p.book_id and a.ledger_account_id = side.ledger_account_id
        where p.book_id = ${bookId} and (a.gl_code = ${CHART.currencyPositions} or a.gl_code in (
          select equivalent_gl_code from currency_positions where book_id = ${bookId}))
        group by a.gl_code, a.currency, p.business_date
      ), valued as (
        select r.*, cp.equivalent_gl_code, x.mid_e10,
          abs(r.position_minor)::numeric * case when r.is_direct then r.rate_e10 else 10000000000 end * 10::numeric ^ (
            select c.decimals from currencies c where c.currency = (
              select currency from ledger_accounts a where a.book_id = r.book_id
                and a.gl_code = cp.equivalent_gl_code and a.kind = 'internal')) as numerator,
          case when r.is_direct then 10000000000 else r.rate_e10 end * 10::numeric ^ (
            select c.decimals from currencies c where c.currency = r.currency) as denominator
        from currency_revaluations r
        join currency_positions cp on cp.book_id = r.book_id and cp.currency = r.currency
        left join exchange_rates x on x.book_id = r.book_id and x.currency = r.currency and x.valid_on = r.rate_on
        where r.book_id = ${bookId}
      ), computed as (
        select v.*, div(numerator, denominator) as whole,
          2 * (numerator - div(numerator, denominator) * denominator) as twice
        from valued v
      )
      select jsonb_build_object('currency', currency, 'date', business_date, 'positionMinor', position_minor,
        'rateE10', rate_e10, 'valueMinor', after_minor) as row
      from computed c
      where mid_e10 is distinct from rate_e10
        or after_minor <> sign(position_minor) * (whole + case
          when twice > denominator or twice = denominator and mod(whole, 2) = 1 then 1 else 0 end)
        or position_minor <> coalesce((select sum(signed_minor) from moved m where m.currency = c.currency
          and m.gl_code = ${CHART.currencyPositions} and m.business_date <= c.business_date), 0)
        or after_minor <> -coalesce((select sum(signed_minor) from moved m
          where m.gl_code = c.equivalent_gl_code and m.business_date <= c.business_date), 0)
      order by business_date, currency limit 1`,
  },
  {
    name: 'positions and their equivalents are moved by conversions and valuations alone',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('entryId', e.entry_id, 'kind', e.kind) as row
      from ledger_accounts a
      cross join lateral (
        select entry_id from postings where book_id = a.book_id and debit_account_id = a.ledger_account_id
        union
        select entry_id from postings where book_id = a.book_id and credit_account_id = a.ledger_account_id
      ) as p
      join journal_entries e on e.book_id = a.book_id and e.entry_id = p.entry_id
      where a.book_id = ${bookId} and a.kind = 'internal' and (a.gl_code = ${CHART.currencyPositions}
          or a.gl_code in (select equivalent_gl_code from currency_positions where book_id = ${bookId}))
        and e.kind <> 'revaluation' and not exists (
          select from currency_conversions c where c.book_id = e.book_id
            and c.entry_id = coalesce(e.reverses_entry_id, e.entry_id))
      order by e.entry_id limit 1`,
  },
  {
    name: 'every valuation is the entry of its date, and every such entry has one',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('entryId', entry_id, 'postedMinor', posted_minor, 'valuedMinor', valued_minor) as row
      from (
        select e.entry_id, sum(case when d.gl_code = ${CHART.exchangeLosses} then -p.amount_minor
          else p.amount_minor end) as posted_minor
        from journal_entries e
        join postings p on p.book_id = e.book_id and p.entry_id = e.entry_id
        join ledger_accounts d on d.book_id = p.book_id and d.ledger_account_id = p.debit_account_id
        where e.book_id = ${bookId} and e.kind = 'revaluation' group by e.entry_id
      ) as posted
      full join (
        select entry_id, sum(after_minor - before_minor) as valued_minor from currency_revaluations
        where book_id = ${bookId} and entry_id is not null group by entry_id
      ) as valued using (entry_id)
      where posted_minor is distinct from valued_minor order by entry_id limit 1`,
  },
];
