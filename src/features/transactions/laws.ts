import { sql } from 'kysely';
import { movesMoney } from '#ledger/charges.ts';
import type { Law } from '#ledger/verify.ts';

/** What transactions owe to the ledger. */
export const TRANSACTION_LAWS: readonly Law[] = [
  {
    name: 'every transaction has the type and amount of its journal entry',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('transactionId', t.transaction_id, 'amountMinor', t.amount_minor) as row
      from transactions t
      left join lateral (
        -- What a payment costs is no part of it.
        select sum(case when p.debit_account_id = t.account_id then -p.amount_minor else p.amount_minor end)
          as signed_minor
        from postings p
        join journal_entries e on e.book_id = p.book_id and e.entry_id = p.entry_id
        left join journal_entries o on o.book_id = e.book_id and o.entry_id = e.reverses_entry_id
        where p.book_id = t.book_id and p.entry_id = t.transaction_id
          and ${sql.raw(movesMoney('p', 'coalesce(o.kind, e.kind)'))} and t.account_id in (p.debit_account_id, p.credit_account_id)
      ) p on true
      join journal_entries e on e.book_id = t.book_id and e.entry_id = t.transaction_id
      where t.book_id = ${bookId}
        and (e.kind <> t.type or abs(p.signed_minor) is distinct from t.amount_minor)
      order by t.transaction_id limit 1`,
  },
  {
    name: 'every entry that moved the money of customers who are still here has its transaction',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('transactionId', e.entry_id, 'kind', e.kind) as row
      from journal_entries e
      left join transactions t on t.book_id = e.book_id and t.transaction_id = e.entry_id
      where e.book_id = ${bookId} and t.transaction_id is null and e.kind <> 'opening_balance'
        and (
          select bool_and(a.account_id is not null) from postings p
          cross join lateral (values (p.debit_account_id, p.debit_seq), (p.credit_account_id, p.credit_seq))
            as side (ledger_account_id, seq)
          left join accounts a on a.book_id = ${bookId} and a.account_id = side.ledger_account_id
          where p.book_id = ${bookId} and p.entry_id = e.entry_id and side.seq is not null
        )
      order by e.entry_id limit 1`,
  },
];
