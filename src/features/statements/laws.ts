import { sql } from 'kysely';
import type { Law } from '#ledger/verify.ts';

/** What numbered statements owe to the ledger and to each other. */
export const STATEMENT_LAWS: readonly Law[] = [
  {
    name: 'each statement of an account begins where the one before ended',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('accountId', account_id, 'number', statement_number) as row
      from (
        select s.*, row_number() over w as place, lag(to_on) over w as to_before,
          lag(last_seq) over w as last_before, lag(closing_minor) over w as closing_before
        from account_statements s where s.book_id = ${bookId}
        window w as (partition by account_id order by statement_number)
      ) as s
      where statement_number <> place or place > 1
        and (from_on <> to_before + 1 or seq_before <> last_before or opening_minor <> closing_before)
      order by account_id, statement_number limit 1`,
  },
  {
    name: 'the balances of a statement are those of the ledger at its first and last line',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('accountId', s.account_id, 'number', s.statement_number) as row
      from account_statements s
      cross join lateral (values (s.seq_before, s.opening_minor), (s.last_seq, s.closing_minor)) as ends (seq, minor)
      where s.book_id = ${bookId} and ends.minor is distinct from case when ends.seq = 0 then 0 else coalesce(
        (select p.debit_balance_minor from postings p
         where p.book_id = s.book_id and p.debit_account_id = s.account_id and p.debit_seq = ends.seq),
        (select p.credit_balance_minor from postings p
         where p.book_id = s.book_id and p.credit_account_id = s.account_id and p.credit_seq = ends.seq)) end
      order by s.account_id, s.statement_number limit 1`,
  },
  {
    name: 'the pages of a statement have all of its lines, once each',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('accountId', s.account_id, 'number', s.statement_number) as row
      from account_statements s
      left join (
        select statement_id, min(seq_before) as first_seq, max(last_seq) as last_seq,
          sum(last_seq - seq_before) as lines, count(*) as pages, max(page_number) as last_page
        from account_statement_pages where book_id = ${bookId} group by statement_id
      ) as p on p.statement_id = s.statement_id
      where s.book_id = ${bookId} and (
        coalesce(p.lines, 0) <> s.last_seq - s.seq_before or p.pages <> p.last_page
        or p.first_seq <> s.seq_before or p.last_seq <> s.last_seq)
      order by s.account_id, s.statement_number limit 1`,
  },
];
