import { type RawBuilder, sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { inTransaction } from '#db/transaction.ts';
import { isCharge, movesMoney } from './charges.ts';
import { CHART } from './chart.ts';

/** A law of the books: a query that returns the first row that breaks it as `row`, and no row while it holds. */
export type Law = {
  readonly name: string;
  readonly firstBroken: (bookId: number) => RawBuilder<{ row: unknown }>;
};

export type LawResult = { readonly name: string; readonly brokenBy: string | undefined };

/**
 * Checks laws one after the other on one state of the books, while they are in use. `onLaw` is called with each law
 * before it is checked.
 */
export async function verifyLaws(
  db: Db,
  bookId: number,
  laws: readonly Law[],
  onLaw: (name: string) => void = () => undefined,
): Promise<LawResult[]> {
  return inTransaction(
    db,
    async (tx) => {
      const results: LawResult[] = [];
      for (const { name, firstBroken } of laws) {
        onLaw(name);
        const { rows } = await firstBroken(bookId).execute(tx);
        const row = rows[0]?.row;
        results.push({ name, brokenBy: row === undefined ? undefined : JSON.stringify(row) });
      }
      return results;
    },
    { readOnlySnapshot: true },
  );
}

/** Both sides of every posting, as lines of their accounts. */
const lines = (bookId: number) => sql`(
  select debit_account_id as ledger_account_id, debit_seq as seq, -amount_minor as signed_minor,
    debit_balance_minor as balance_minor, business_date, entry_id, currency
  from postings where book_id = ${bookId}
  union all
  select credit_account_id, credit_seq, amount_minor, credit_balance_minor, business_date, entry_id, currency
  from postings where book_id = ${bookId})`;

/** The laws of the kernel (the features add their own). */
export const LEDGER_LAWS: readonly Law[] = [
  {
    name: 'every book sums to zero in each currency',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('currency', currency, 'sumMinor', sum(signed_minor)) as row
      from (
        select currency, balance_minor as signed_minor from ledger_accounts
        where book_id = ${bookId} and kind = 'customer'
        union all
        select l.currency, l.signed_minor from ${lines(bookId)} l
        join ledger_accounts a on a.book_id = ${bookId} and a.ledger_account_id = l.ledger_account_id
        where a.kind = 'internal'
      ) as parts
      group by currency having sum(signed_minor) <> 0 order by currency limit 1`,
  },
  {
    name: 'sequence numbers are gapless and every running balance is the sum so far',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('ledgerAccountId', ledger_account_id, 'seq', seq, 'entryId', entry_id,
        'expectedSeq', expected_seq, 'balanceMinor', balance_minor, 'expectedMinor', expected_minor) as row
      from (
        select l.*, row_number() over w as expected_seq, sum(signed_minor) over w as expected_minor
        from ${lines(bookId)} l where seq is not null
        window w as (partition by ledger_account_id order by seq, entry_id rows unbounded preceding)
      ) as ordered
      where seq <> expected_seq or balance_minor <> expected_minor
      order by ledger_account_id, expected_seq limit 1`,
  },
  {
    name: 'every account stands where its postings leave it',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('ledgerAccountId', a.ledger_account_id, 'balanceMinor', a.balance_minor,
        'postingsMinor', coalesce(p.sum_minor, 0), 'seq', a.seq, 'postings', coalesce(p.count, 0)) as row
      from ledger_accounts a
      left join (
        select ledger_account_id, sum(signed_minor) as sum_minor, count(*) as count
        from ${lines(bookId)} l group by 1
      ) as p using (ledger_account_id)
      where a.book_id = ${bookId} and a.kind = 'customer'
        and (a.balance_minor <> coalesce(p.sum_minor, 0) or a.seq <> coalesce(p.count, 0))
      order by a.ledger_account_id limit 1`,
  },
  {
    name: 'no available balance is below its floor but where a reversal, interest or a fee took it',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('ledgerAccountId', a.ledger_account_id, 'balanceMinor', a.balance_minor,
        'heldMinor', a.held_minor, 'floorMinor', a.floor_minor, 'unarrangedMinor', a.unarranged_minor) as row
      from ledger_accounts a
      where a.book_id = ${bookId} and a.kind = 'customer' and (
        a.balance_minor - a.held_minor < a.floor_minor - a.unarranged_minor
        or a.balance_minor - a.held_minor < a.floor_minor and not exists (
          select from postings p
          join journal_entries e on e.book_id = p.book_id and e.entry_id = p.entry_id and (
            e.kind in ('reversal', 'interest', 'withholding_tax', 'fee') or ${sql.raw(isCharge('p', 'e.kind'))})
          where p.book_id = a.book_id and p.debit_account_id = a.ledger_account_id and p.debit_seq is not null))
      order by a.ledger_account_id limit 1`,
  },
  {
    name: 'every entry has postings, on its own business date',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('entryId', e.entry_id, 'line', p.line) as row
      from journal_entries e
      left join postings p on p.book_id = e.book_id and p.entry_id = e.entry_id
      where e.book_id = ${bookId} and p.business_date is distinct from e.business_date
      order by e.entry_id, p.line limit 1`,
  },
  {
    name: 'postings agree with the kind and currency of their accounts',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('entryId', l.entry_id, 'ledgerAccountId', l.ledger_account_id) as row
      from ${lines(bookId)} l
      join ledger_accounts a on a.book_id = ${bookId} and a.ledger_account_id = l.ledger_account_id
      where (a.kind = 'customer') <> (l.seq is not null) or a.currency <> l.currency
      order by l.entry_id, l.ledger_account_id limit 1`,
  },
  {
    name: 'dates and instants never go back along an account',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('ledgerAccountId', ledger_account_id, 'seq', seq, 'entryId', entry_id) as row
      from (
        select l.ledger_account_id, l.seq, l.entry_id, l.business_date, e.posted_at,
          lag(l.business_date) over w as date_before, lag(e.posted_at) over w as posted_before
        from ${lines(bookId)} l
        join journal_entries e on e.book_id = ${bookId} and e.entry_id = l.entry_id
        where l.seq is not null
        window w as (partition by l.ledger_account_id order by l.seq)
      ) as ordered
      where business_date < date_before or posted_at < posted_before
      order by ledger_account_id, seq limit 1`,
  },
  {
    name: 'reversals take back what their entry posted, and no more of it',
    firstBroken: (bookId) => sql`
      select jsonb_build_object('entryId', entry_id, 'debitAccountId', debit_account_id,
        'creditAccountId', credit_account_id, 'postedMinor', posted_minor, 'reversedMinor', reversed_minor) as row
      from (
        select p.entry_id, p.debit_account_id, p.credit_account_id, sum(p.amount_minor) as posted_minor,
          sum(count(*)) over (partition by p.entry_id) as lines
        from postings p
        join journal_entries e on e.book_id = p.book_id and e.entry_id = p.entry_id
        where p.book_id = ${bookId} and ${sql.raw(movesMoney('p', 'e.kind'))} and p.entry_id in (
          select reverses_entry_id from journal_entries where book_id = ${bookId} and reverses_entry_id is not null)
        group by p.entry_id, p.debit_account_id, p.credit_account_id
      ) as posted
      full join (
        -- In place of an account that is closed the bank gives it back, and claims it.
        select r.reverses_entry_id as entry_id, p.credit_account_id as debit_account_id,
          coalesce(closed.account_id, p.debit_account_id) as credit_account_id,
          sum(p.amount_minor) as reversed_minor
        from journal_entries r
        join journal_entries e on e.book_id = r.book_id and e.entry_id = r.reverses_entry_id
        join postings p on p.book_id = r.book_id and p.entry_id = r.entry_id
        left join ledger_accounts claims on claims.book_id = p.book_id
          and claims.ledger_account_id = p.debit_account_id and claims.gl_code = ${CHART.customerClaims}
        left join lateral (
          select a.ledger_account_id as account_id from postings o
          join ledger_accounts a on a.book_id = o.book_id and a.ledger_account_id = o.credit_account_id
          where o.book_id = r.book_id and o.entry_id = r.reverses_entry_id and o.line = 1
            and claims.gl_code is not null and a.kind = 'customer' and a.status = 'closed'
        ) as closed on true
        where r.book_id = ${bookId} and r.reverses_entry_id is not null and ${sql.raw(movesMoney('p', 'e.kind'))}
        group by r.reverses_entry_id, p.credit_account_id, coalesce(closed.account_id, p.debit_account_id)
      ) as reversed using (entry_id, debit_account_id, credit_account_id)
      where posted_minor is null or reversed_minor is null or reversed_minor > posted_minor
        or lines > 1 and reversed_minor <> posted_minor
      order by entry_id, debit_account_id, credit_account_id limit 1`,
  },
];
