import { sql } from 'kysely';
import { customerDeath } from '#features/customers/contract.ts';
import type { Law } from '#ledger/verify.ts';

/** What accounts owe to the ledger and to their products. */
export const ACCOUNT_LAWS: readonly Law[] = [
  {
    name: 'every account belongs to the line of the chart that its product names',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('accountId', a.account_id, 'glCode', l.gl_code, 'productGlCode', p.gl_code) as row
      from accounts a
      join ledger_accounts l on l.book_id = a.book_id and l.ledger_account_id = a.account_id
      join products p on p.book_id = a.book_id and p.product_code = a.product_code and p.currency = a.currency
      where a.book_id = ${bookId} and (l.gl_code <> p.gl_code or l.kind <> 'customer')
      order by a.account_id limit 1`,
  },
  {
    name: 'an open account pays its estate alone where no owner or joint holder is alive, and nowhere else',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('accountId', l.ledger_account_id, 'isEstate', l.is_estate) as row
      from accounts a
      join ledger_accounts l on l.book_id = a.book_id and l.ledger_account_id = a.account_id
      where a.book_id = ${bookId} and l.status <> 'closed' and l.is_estate = exists (
        select from account_holders h
        where h.book_id = a.book_id and h.account_id = a.account_id and h.role <> 'authorised'
          and ${customerDeath(sql`h`)} is null)
      order by a.account_id limit 1`,
  },
  {
    name: 'the general ledger equals the customers’ accounts behind it',
    firstBroken: (bookId) => sql`
      with sides as materialized (
        select ledger_account_id, sum(signed) as signed from (
          select credit_account_id as ledger_account_id, -amount_minor as signed from postings
          where book_id = ${bookId}
          union all
          select debit_account_id, amount_minor from postings where book_id = ${bookId}
        ) as both_sides group by 1
      )
      select jsonb_build_object('glCode', gl_code, 'currency', currency, 'differenceMinor', sum(signed)) as row
      from (
        select gl_code, currency, balance_minor as signed from ledger_accounts
        where book_id = ${bookId} and kind = 'customer'
        union all
        select l.gl_code, l.currency, s.signed from sides s
        join ledger_accounts l on l.book_id = ${bookId} and l.ledger_account_id = s.ledger_account_id
        where l.kind = 'customer'
      ) as parts
      group by gl_code, currency having sum(signed) <> 0 order by gl_code, currency limit 1`,
  },
];
