import { sql } from 'kysely';
import { CHART } from '#ledger/chart.ts';
import type { Law } from '#ledger/verify.ts';

/** The laws that interest owes to the ledger. */
export const INTEREST_LAWS: readonly Law[] = [
  {
    name: 'interest payable and receivable in the ledger equal what accounts have accrued',
    firstBroken: (bookId) => sql`
      with held as (
        select a.currency, line.gl_code, line.signed
        from interest_positions i
        join accounts a on a.book_id = i.book_id and a.account_id = i.account_id
        join products p on p.book_id = a.book_id and p.product_code = a.product_code and p.currency = a.currency
        cross join lateral (values
          (coalesce(p.accounting ->> 'interestPayable', ${CHART.depositInterestPayable}), i.credit_minor),
          (coalesce(p.accounting ->> 'overdraftInterestReceivable', ${CHART.overdraftInterestReceivable}),
            -i.debit_minor)) as line (gl_code, signed)
        where i.book_id = ${bookId}
      ), lines as (
        select ${CHART.depositInterestPayable} as gl_code
        union select ${CHART.overdraftInterestReceivable} union select gl_code from held
      ), own as (
        select l.ledger_account_id, l.gl_code, l.currency from ledger_accounts l
        join lines on lines.gl_code = l.gl_code where l.book_id = ${bookId} and l.kind = 'internal'
      )
      select jsonb_build_object('glCode', gl_code, 'currency', currency, 'differenceMinor', sum(signed)) as row
      from (
        select gl_code, currency, -signed as signed from held
        union all
        select own.gl_code, own.currency, -p.amount_minor from postings p
        join own on own.ledger_account_id = p.debit_account_id where p.book_id = ${bookId}
        union all
        select own.gl_code, own.currency, p.amount_minor from postings p
        join own on own.ledger_account_id = p.credit_account_id where p.book_id = ${bookId}
      ) as parts
      group by gl_code, currency having sum(signed) <> 0 order by gl_code, currency limit 1`,
  },
  {
    name: 'each posting of interest has entries of its amounts',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('accountId', i.account_id, 'postingNumber', i.posting_number) as row
      from interest_postings i
      cross join lateral (
        select coalesce(sum((part ->> 1)::bigint), 0) as tax_minor from jsonb_array_elements(i.tax) as part
      ) as withheld
      cross join lateral (values
        (i.credit_entry_id, i.credit_minor), (i.debit_entry_id, -i.arranged_minor - i.unarranged_minor),
        (i.tax_entry_id, -withheld.tax_minor)) as booked (entry_id, signed_minor)
      left join lateral (
        select sum(case when p.credit_account_id = i.account_id then p.amount_minor else -p.amount_minor end) as minor
        from postings p where p.book_id = i.book_id and p.entry_id = booked.entry_id
      ) as line on true
      where i.book_id = ${bookId} and booked.signed_minor <> coalesce(line.minor, 0)
      order by i.account_id, i.posting_number limit 1`,
  },
];
