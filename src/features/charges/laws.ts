import { sql } from 'kysely';
import type { Law } from '#ledger/verify.ts';

/** What fees owe to the journal, and to each other. */
export const FEE_LAWS: readonly Law[] = [
  {
    name: 'every fee that was charged or given back is in the journal, with its tax, and no other is',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('feeId', f.fee_id, 'status', f.status, 'feeMinor', f.fee_minor, 'taxMinor', f.tax_minor,
        'chargedMinor', booked.charged_minor, 'refundedMinor', booked.refunded_minor) as row
      from account_fees f
      cross join lateral (
        select
          coalesce(sum(p.amount_minor) filter (where l.part = 'fee' and is_charge), 0) as charged_minor,
          coalesce(sum(p.amount_minor) filter (where l.part = 'tax' and is_charge), 0) as charged_tax_minor,
          coalesce(sum(p.amount_minor) filter (where l.part = 'fee' and is_refund), 0) as refunded_minor,
          coalesce(sum(p.amount_minor) filter (where l.part = 'tax' and is_refund), 0) as refunded_tax_minor,
          count(*) filter (where not is_charge and not is_refund) as others
        from fee_lines l
        join postings p on p.book_id = l.book_id and p.entry_id = l.entry_id and p.line = l.line
        cross join lateral (select
          p.entry_id is not distinct from f.entry_id and p.debit_account_id = f.account_id as is_charge,
          p.entry_id is not distinct from f.refund_entry_id and p.credit_account_id = f.account_id as is_refund
        ) as way
        where l.book_id = f.book_id and l.fee_id = f.fee_id
      ) as booked
      where f.book_id = ${bookId} and (booked.others > 0
        or booked.charged_minor <> case when f.entry_id is null then 0 else f.fee_minor end
        or booked.charged_tax_minor <> case when f.entry_id is null then 0 else f.tax_minor end
        or booked.refunded_minor <> case when f.refund_entry_id is null then 0 else f.fee_minor end
        or booked.refunded_tax_minor <> case when f.refund_entry_id is null then 0 else f.tax_minor end)
      order by f.fee_id limit 1`,
  },
  {
    name: 'what a payment cost is a fee of the account that paid',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('entryId', p.entry_id, 'line', p.line, 'amountMinor', p.amount_minor) as row
      from postings p
      join journal_entries e on e.book_id = p.book_id and e.entry_id = p.entry_id
      join accounts a on a.book_id = p.book_id and a.account_id = p.debit_account_id
      left join fee_lines l on l.book_id = p.book_id and l.entry_id = p.entry_id and l.line = p.line
      left join account_fees f on f.book_id = l.book_id and f.fee_id = l.fee_id
      where p.book_id = ${bookId} and p.line > 1 and e.kind in ('withdrawal', 'transfer', 'outgoing_payment') and f.account_id is distinct from a.account_id
      order by p.entry_id, p.line limit 1`,
  },
  {
    name: 'the events of a fee in a month are counted without a gap',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('accountId', account_id, 'code', fee_code, 'month', month_on, 'last', max(event_number),
        'count', count(*)) as row
      from account_fees where book_id = ${bookId} and month_on is not null
      group by account_id, fee_code, month_on having max(event_number) <> count(*)
      order by account_id, fee_code, month_on limit 1`,
  },
];
