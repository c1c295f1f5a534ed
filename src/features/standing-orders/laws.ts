import { sql } from 'kysely';
import type { Law } from '#ledger/verify.ts';

/** What standing orders owe to the ledger. */
export const STANDING_ORDER_LAWS: readonly Law[] = [
  {
    name: 'every payment of a standing order is of its account, on a due date, once',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('standingOrderId', x.standing_order_id, 'dueOn', x.due_on,
        'transactionId', x.transaction_id) as row
      from standing_order_executions x
      join standing_orders o on o.book_id = x.book_id and o.standing_order_id = x.standing_order_id
      left join journal_entries e on e.book_id = x.book_id and e.entry_id = x.transaction_id
      left join postings p on p.book_id = x.book_id and p.entry_id = x.transaction_id and p.line = 1
      where x.book_id = ${bookId} and x.status = 'paid'
        and (e.actor is distinct from 'standing-orders' or p.debit_account_id is distinct from o.account_id
          or e.business_date < x.due_on - case when o.business_days = 'preceding' then 60 else 0 end)
      order by x.standing_order_id, x.due_on limit 1`,
  },
];
