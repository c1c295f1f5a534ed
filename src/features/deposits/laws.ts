import { sql } from 'kysely';
import type { Law } from '#ledger/verify.ts';

/** What deposits owe to the ledger. */
export const DEPOSIT_LAWS: readonly Law[] = [
  {
    name: 'an account moves by a contract alone while its deposit runs, and no other account does',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('accountId', l.ledger_account_id, 'isContract', l.is_contract, 'status', d.status) as row
      from ledger_accounts l
      left join deposits d on d.book_id = l.book_id and d.account_id = l.ledger_account_id
      where l.book_id = ${bookId} and l.kind = 'customer' and l.status <> 'closed'
        and l.is_contract <> coalesce(d.status = 'active', false)
      order by l.ledger_account_id limit 1`,
  },
  {
    name: 'each amount of a deposit’s events was moved by its entry',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('accountId', e.account_id, 'eventNumber', e.event_number) as row
      from deposit_events e
      left join lateral (
        select sum(case when p.credit_account_id = e.account_id then p.amount_minor else -p.amount_minor end) as minor
        from postings p where p.book_id = e.book_id and p.entry_id = e.entry_id
      ) as line on true
      where e.book_id = ${bookId}
        and coalesce(line.minor, 0) <> coalesce(e.amount_minor, 0) * case when e.kind in ('opened', 'instalment_paid') then 1 else -1 end
      order by e.account_id, e.event_number limit 1`,
  },
  {
    name: 'a running deposit has its principal, what it was paid of interest, and nothing else',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('accountId', d.account_id, 'balanceMinor', l.balance_minor, 'dueMinor', sums.minor) as row
      from deposits d
      join ledger_accounts l on l.book_id = d.book_id and l.ledger_account_id = d.account_id
      cross join lateral (
        select d.principal_minor + coalesce((
            select sum(i.credit_minor - i.arranged_minor - i.unarranged_minor - (
              select coalesce(sum((part ->> 1)::bigint), 0) from jsonb_array_elements(i.tax) as part))
            from interest_postings i where i.book_id = d.book_id and i.account_id = d.account_id), 0)
          - coalesce((
            select sum(e.amount_minor) from deposit_events e
            where e.book_id = d.book_id and e.account_id = d.account_id and e.kind = 'interest_paid'), 0) as minor
      ) as sums
      where d.book_id = ${bookId} and d.status = 'active' and l.balance_minor <> sums.minor
      order by d.account_id limit 1`,
  },
  {
    name: 'each renewal of a deposit names the deposit that it became, and that one names it',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('accountId', d.account_id, 'renewedAsId', d.renewed_as_id) as row
      from deposits d
      left join deposits n on n.book_id = d.book_id and n.account_id = d.renewed_as_id
      where d.book_id = ${bookId} and d.renewed_as_id is not null and n.renews_id is distinct from d.account_id
      order by d.account_id limit 1`,
  },
];
