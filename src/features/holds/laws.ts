import { type RawBuilder, sql } from 'kysely';
import { CHART } from '#ledger/chart.ts';
import type { Law } from '#ledger/verify.ts';

/** What holds owe to the ledger. */
export const HOLD_LAWS: readonly Law[] = [
  {
    name: 'what is held on an account is what remains of its active holds and attachments',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('accountId', coalesce(l.ledger_account_id, h.account_id),
        'heldMinor', l.held_minor, 'holdsMinor', h.remaining_minor) as row
      from (
        select ledger_account_id, held_minor from ledger_accounts
        where book_id = ${bookId} and kind = 'customer' and held_minor <> 0
      ) as l
      full join (
        select account_id, sum(remaining_minor) as remaining_minor from (
          select account_id, amount_minor - captured_minor as remaining_minor from holds
          where book_id = ${bookId} and status = 'active'
          union all
          select account_id, held_minor from attachments where book_id = ${bookId} and held_minor > 0
        ) as held group by account_id
      ) as h on h.account_id = l.ledger_account_id
      where l.held_minor is distinct from h.remaining_minor
      order by coalesce(l.ledger_account_id, h.account_id) limit 1`,
  },
  {
    name: 'what was captured of a hold is the sum of its captures, and only the last one ends it',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('holdId', h.hold_id, 'capturedMinor', h.captured_minor,
        'capturesMinor', coalesce(c.sum_minor, 0)) as row
      from holds h
      left join (
        select hold_id, sum(amount_minor) as sum_minor, max(captured_minor) as last_minor,
          bool_or(is_last) as is_ended
        from hold_captures where book_id = ${bookId} group by hold_id
      ) as c on c.hold_id = h.hold_id
      where h.book_id = ${bookId}
        and (h.captured_minor <> coalesce(c.sum_minor, 0) or h.captured_minor <> coalesce(c.last_minor, 0)
          or (h.status = 'captured') <> coalesce(c.is_ended, false))
      order by h.hold_id limit 1`,
  },
  {
    name: 'every capture is an entry that takes as much from the account of its hold',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('holdId', c.hold_id, 'transactionId', c.transaction_id) as row
      from hold_captures c
      join holds h on h.book_id = c.book_id and h.hold_id = c.hold_id
      left join postings p on p.book_id = c.book_id and p.entry_id = c.transaction_id
        and p.debit_account_id = h.account_id and p.amount_minor = c.amount_minor
      where c.book_id = ${bookId} and p.entry_id is null
      order by c.hold_id, c.capture_number limit 1`,
  },
  {
    name: 'every settlement of captures has the amount of its entry, and of what it settled',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('settlementId', s.settlement_id, 'amountMinor', s.amount_minor,
        'itemsMinor', i.sum_minor, 'entryMinor', ${onLine(bookId, sql`s.entry_id`)}) as row
      from capture_settlements s
      left join (
        select settlement_id, sum(amount_minor) as sum_minor, count(*) as count,
          bool_and(amount_minor = ${onLine(bookId, sql`settled_captures.entry_id`)}) as is_posted
        from settled_captures where book_id = ${bookId} group by settlement_id
      ) as i on i.settlement_id = s.settlement_id
      where s.book_id = ${bookId} and (s.amount_minor is distinct from i.sum_minor or s.item_count <> i.count
        or i.is_posted is not true or s.amount_minor <> -coalesce(${onLine(bookId, sql`s.entry_id`)}, 0))
      order by s.settlement_id limit 1`,
  },
];

/** What an entry did to the line of captures that are to be settled; null where it did not touch that. */
const onLine = (bookId: number, entryId: RawBuilder<unknown>) => sql`(
  select sum(case when c.gl_code = ${CHART.captureSettlement} then p.amount_minor else -p.amount_minor end)
  from postings p
  join ledger_accounts c on c.book_id = p.book_id and c.ledger_account_id = p.credit_account_id
  join ledger_accounts d on d.book_id = p.book_id and d.ledger_account_id = p.debit_account_id
  where p.book_id = ${bookId} and p.entry_id = ${entryId} and ${CHART.captureSettlement} in (c.gl_code, d.gl_code))`;
