import { sql } from 'kysely';
import type { Law } from '#ledger/verify.ts';

/** What beneficiaries owe to the ledger. */
export const BENEFICIARY_LAWS: readonly Law[] = [
  {
    name: 'what counts against a beneficiary’s limits is what was posted, on its date',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('transactionId', b.transaction_id, 'amountMinor', b.amount_minor,
        'postedMinor', p.amount_minor) as row
      from beneficiary_payments b
      join journal_entries e on e.book_id = b.book_id and e.entry_id = b.transaction_id
      left join postings p on p.book_id = b.book_id and p.entry_id = b.transaction_id and p.line = 1
      where b.book_id = ${bookId} and (p.amount_minor is distinct from b.amount_minor
        or p.currency is distinct from b.currency or e.business_date <> b.business_date
        or e.kind not in ('transfer', 'outgoing_payment'))
      order by b.transaction_id limit 1`,
  },
];
