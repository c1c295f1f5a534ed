import { sql } from 'kysely';
import type { Law } from '#ledger/verify.ts';

/** What conversions owe to their rates and to the ledger. */
export const CONVERSION_LAWS: readonly Law[] = [
  {
    name: 'a conversion posted what its rate makes of the amount that was given',
    // By hand: the division of numerics is not exact, and a half must be one.
    firstBroken: (bookId) => sql`
      with factors as (
        select c.*, sd.decimals as sold_decimals, bd.decimals as bought_decimals,
          case when left(c.pair, 3) = c.sold_currency then c.rate_e10 else 10000000000 end::numeric
            * case when c.second_pair is null then 1
              when right(c.second_pair, 3) = c.bought_currency then c.second_rate_e10 else 10000000000 end as up,
          case when left(c.pair, 3) = c.sold_currency then 10000000000 else c.rate_e10 end::numeric
            * case when c.second_pair is null then 1
              when right(c.second_pair, 3) = c.bought_currency then 10000000000 else c.second_rate_e10 end as down
        from currency_conversions c
        join currencies sd on sd.currency = c.sold_currency
        join currencies bd on bd.currency = c.bought_currency
        where c.book_id = ${bookId}
      ), fractions as (
        select f.*, case when fixed = 'sold' then sold_minor * up * 10::numeric ^ bought_decimals
            else bought_minor * down * 10::numeric ^ sold_decimals end as numerator,
          case when fixed = 'sold' then down * 10::numeric ^ sold_decimals
            else up * 10::numeric ^ bought_decimals end as denominator,
          case when fixed = 'sold' then bought_minor else sold_minor end as rounded_minor
        from factors f
      ), computed as (
        select f.*, div(numerator, denominator) as whole,
          2 * (numerator - div(numerator, denominator) * denominator) as twice
        from fractions f
      )
      select jsonb_build_object('entryId', entry_id, 'soldMinor', sold_minor, 'boughtMinor', bought_minor) as row
      from computed
      where rounded_minor <> whole + case when rounding = 'down' or twice < denominator then 0
        when twice > denominator or rounding = 'half_up' or mod(whole, 2) = 1 then 1 else 0 end
      order by entry_id limit 1`,
  },
  {
    name: 'a conversion is a transfer of its amounts, in two currencies and that of the bank',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('entryId', c.entry_id, 'soldMinor', c.sold_minor, 'boughtMinor', c.bought_minor,
        'baseMinor', c.base_minor) as row
      from currency_conversions c
      join journal_entries e on e.book_id = c.book_id and e.entry_id = c.entry_id
      cross join lateral (
        select sum(amount_minor) filter (where currency = c.sold_currency and debit_seq is not null) as sold_minor,
          sum(amount_minor) filter (where currency = c.bought_currency and credit_seq is not null) as bought_minor,
          sum(amount_minor) filter (where debit_seq is null and credit_seq is null) as between_minor,
          count(*) as lines
        from postings p where p.book_id = c.book_id and p.entry_id = c.entry_id
      ) as p
      where c.book_id = ${bookId} and (e.kind <> 'transfer' or p.sold_minor is distinct from c.sold_minor
        or p.bought_minor is distinct from c.bought_minor
        or p.lines <> 2 and p.between_minor is distinct from c.base_minor)
      order by c.entry_id limit 1`,
  },
  {
    name: 'a transfer in several currencies is a conversion',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('entryId', p.entry_id) as row
      from postings p
      join journal_entries e on e.book_id = p.book_id and e.entry_id = p.entry_id and e.kind = 'transfer'
      where p.book_id = ${bookId} and p.line > 1 and not exists (
        select from currency_conversions c where c.book_id = p.book_id and c.entry_id = p.entry_id)
        and p.currency <> (
          select f.currency from postings f where f.book_id = p.book_id and f.entry_id = p.entry_id and f.line = 1)
      order by p.entry_id limit 1`,
  },
];
