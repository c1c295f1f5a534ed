import { sql } from 'kysely';
import type { Law } from '#ledger/verify.ts';

/** What holds owe to the ledger. */
export const HOLD_LAWS: readonly Law[] = [
  {
    name: 'what is held on an account is what remains of its active holds',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('accountId', coalesce(l.ledger_account_id, h.account_id),
        'heldMinor', l.held_minor, 'holdsMinor', h.remaining_minor) as row
      from (
        select ledger_account_id, held_minor from ledger_accounts
        where book_id = ${bookId} and kind = 'customer' and held_minor <> 0
      ) as l
      full join (
        select account_id, sum(amount_minor - captured_minor) as remaining_minor from holds
        where book_id = ${bookId} and status = 'active' group by account_id
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
];
