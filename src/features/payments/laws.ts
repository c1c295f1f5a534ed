import { type RawBuilder, sql } from 'kysely';
import { CHART } from '#ledger/chart.ts';
import type { Law } from '#ledger/verify.ts';

/** The bank's own account of a line, in each currency, against the open items that it is made of. */
const openItems = (bookId: number, glCode: string, items: RawBuilder<unknown>) => sql<{ row: unknown }>`
  select jsonb_build_object('currency', currency, 'differenceMinor', sum(signed)) as row
  from (
    select p.currency, p.amount_minor as signed from postings p
    join ledger_accounts l on l.book_id = p.book_id and l.ledger_account_id = p.credit_account_id
    where p.book_id = ${bookId} and l.gl_code = ${glCode}
    union all
    select p.currency, -p.amount_minor from postings p
    join ledger_accounts l on l.book_id = p.book_id and l.ledger_account_id = p.debit_account_id
    where p.book_id = ${bookId} and l.gl_code = ${glCode}
    union all
    select currency, -amount_minor from ${items} as items
  ) as parts
  group by currency having sum(signed) <> 0 order by currency limit 1`;

/** What payments to and from other banks owe to the ledger. */
export const PAYMENT_LAWS: readonly Law[] = [
  {
    name: 'what is to be settled is the sum of the outgoing payments that wait for it',
    firstBroken: (bookId) =>
      openItems(
        bookId,
        CHART.outgoingPayments,
        sql`(select currency, amount_minor from outgoing_payments
          where book_id = ${bookId} and status in ('pending_settlement', 'submitted'))`,
      ),
  },
  {
    name: 'suspense is the sum of the incoming payments that nobody was credited with',
    firstBroken: (bookId) =>
      openItems(
        bookId,
        CHART.suspense,
        sql`(select currency, amount_minor from incoming_payments
          where book_id = ${bookId} and status = 'unresolved')`,
      ),
  },
  {
    name: 'every payment to or from another bank has the amount of its entries',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('entryId', i.entry_id, 'amountMinor', i.amount_minor,
        'postedMinor', p.amount_minor) as row
      from (
        select transaction_id as entry_id, currency, amount_minor from outgoing_payments where book_id = ${bookId}
        union all
        select ending_entry_id, currency, amount_minor from outgoing_payments
        where book_id = ${bookId} and ending_entry_id is not null
        union all
        select return_entry_id, currency, amount_minor from outgoing_payments
        where book_id = ${bookId} and return_entry_id is not null
        union all
        select entry_id, currency, amount_minor from incoming_payments where book_id = ${bookId}
        union all
        select ending_entry_id, currency, amount_minor from incoming_payments
        where book_id = ${bookId} and ending_entry_id is not null
        union all
        select return_entry_id, currency, amount_minor from incoming_payments
        where book_id = ${bookId} and return_entry_id is not null
      ) as i
      left join postings p on p.book_id = ${bookId} and p.entry_id = i.entry_id and p.line = 1
      where p.amount_minor is distinct from i.amount_minor or p.currency is distinct from i.currency
      order by i.entry_id limit 1`,
  },
];
