import { sql } from 'kysely';
import type { Db, Tx } from '#db/database.ts';
import type { AccountId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** A date whose entries are complete, and the date before it up to which balances are kept, if there is one. */
export type ClosedDate = { readonly date: IsoDate; readonly previous: IsoDate | undefined };

/** Whether something was booked after the last kept date, and by the end of the closed one. */
const isWithin = (column: string, { date, previous }: ClosedDate) =>
  previous === undefined
    ? sql`${sql.ref(column)} <= ${date}::date`
    : sql`${sql.ref(column)} <= ${date}::date and ${sql.ref(column)} > ${previous}::date`;

/**
 * The last customer ledger account of the next chunk after one, by id; undefined when none is left. One statement keeps
 * the balances of a chunk.
 */
export async function findChunkEnd(
  db: Db,
  bookId: number,
  after: AccountId | undefined,
  count: number,
): Promise<AccountId | undefined> {
  const isAfter = after === undefined ? sql`true` : sql`ledger_account_id > ${after}::uuid`;
  const { rows } = await sql<{ id: AccountId }>`
    select ledger_account_id as id from (
      select ledger_account_id from ledger_accounts
      where book_id = ${bookId} and kind = 'customer' and ${isAfter}
      order by ledger_account_id limit ${count}
    ) as chunk order by ledger_account_id desc limit 1`.execute(db);
  return rows[0]?.id;
}

/**
 * Keeps the balances at the end of a date of customer ledger accounts in a range of ids, if they moved since the date
 * before. Returns their number. An account that has moved on already is looked up among its last lines.
 */
export async function keepCustomerBalances(
  tx: Tx,
  bookId: number,
  closed: ClosedDate,
  { after, to }: { readonly after: AccountId | undefined; readonly to: AccountId },
): Promise<number> {
  const { date } = closed;
  const isAfter = after === undefined ? sql`true` : sql`a.ledger_account_id > ${after}::uuid`;
  const { numAffectedRows } = await sql`
    insert into end_of_day_balances (book_id, business_date, ledger_account_id, balance_minor, seq)
    select ${bookId}, ${date}::date, a.ledger_account_id, kept.balance_minor, kept.seq
    from ledger_accounts a cross join lateral (
      select a.balance_minor, a.seq where ${isWithin('a.last_business_date', closed)}
      union all
      select line.balance_minor, line.seq from (
        (select p.business_date, p.debit_balance_minor as balance_minor, p.debit_seq as seq from postings p
         where p.book_id = ${bookId} and p.debit_account_id = a.ledger_account_id and p.debit_seq is not null
           and p.business_date <= ${date}::date order by p.debit_seq desc limit 1)
        union all
        (select p.business_date, p.credit_balance_minor, p.credit_seq from postings p
         where p.book_id = ${bookId} and p.credit_account_id = a.ledger_account_id and p.credit_seq is not null
           and p.business_date <= ${date}::date order by p.credit_seq desc limit 1)
        order by seq desc limit 1
      ) as line
      where a.last_business_date > ${date}::date and ${isWithin('line.business_date', closed)}
    ) as kept
    where a.book_id = ${bookId} and a.kind = 'customer' and a.last_business_date is not null
      and ${isAfter} and a.ledger_account_id <= ${to}::uuid`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}

/** Keeps the balances of the bank's own ledger accounts, as keepCustomerBalances does those of customers. */
export async function keepInternalBalances(tx: Tx, bookId: number, closed: ClosedDate): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into end_of_day_balances (book_id, business_date, ledger_account_id, balance_minor)
    select ${bookId}, ${closed.date}::date, moved.ledger_account_id, moved.signed_minor + coalesce((
      select before.balance_minor from end_of_day_balances before
      where before.book_id = ${bookId} and before.ledger_account_id = moved.ledger_account_id
      order by before.business_date desc limit 1), 0)
    from (
      select ledger_account_id, sum(signed_minor) as signed_minor from (
        select debit_account_id as ledger_account_id, -amount_minor as signed_minor from postings
        where book_id = ${bookId} and debit_seq is null and ${isWithin('business_date', closed)}
        union all
        select credit_account_id, amount_minor from postings
        where book_id = ${bookId} and credit_seq is null and ${isWithin('business_date', closed)}
      ) as sides group by ledger_account_id
    ) as moved`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}

/** Keeps the balance of each line of the chart: that of the date before, and what was posted since. */
export async function keepTotals(tx: Tx, bookId: number, closed: ClosedDate): Promise<void> {
  const { date, previous } = closed;
  await sql`
    insert into end_of_day_totals (book_id, business_date, gl_code, currency, balance_minor)
    select ${bookId}, ${date}::date, gl_code, currency, sum(signed_minor) from (
      select gl_code, currency, balance_minor as signed_minor from end_of_day_totals
      where book_id = ${bookId} and business_date = ${previous ?? null}::date
      union all
      ${glLines(bookId, closed)}
    ) as parts group by gl_code, currency`.execute(tx);
}

/** Both sides of all postings of a closed date, by their lines of the chart. */
export function glLines(bookId: number, closed: ClosedDate) {
  return sql`
    select a.gl_code, p.currency, side.signed_minor
    from journal_entries e
    join postings p on p.book_id = ${bookId} and p.entry_id = e.entry_id
    cross join lateral (values (p.debit_account_id, -p.amount_minor), (p.credit_account_id, p.amount_minor))
      as side (ledger_account_id, signed_minor)
    join ledger_accounts a on a.book_id = ${bookId} and a.ledger_account_id = side.ledger_account_id
    where e.book_id = ${bookId} and ${isWithin('e.business_date', closed)}`;
}

export type KeptDifference = {
  readonly glCode: string;
  readonly currency: string;
  readonly differenceMinor: string;
};

/**
 * The first line of the chart whose change since the date before is not that of its accounts: two sums over different
 * rows, which are equal in books that are in order.
 */
export async function findKeptDifference(
  db: Db,
  bookId: number,
  { date, previous }: ClosedDate,
): Promise<KeptDifference | undefined> {
  const { rows } = await sql<KeptDifference>`
    select gl_code as "glCode", currency, sum(signed_minor)::text as "differenceMinor" from (
      select gl_code, currency, balance_minor as signed_minor from end_of_day_totals
      where book_id = ${bookId} and business_date = ${date}::date
      union all
      select gl_code, currency, -balance_minor from end_of_day_totals
      where book_id = ${bookId} and business_date = ${previous ?? null}::date
      union all
      select a.gl_code, a.currency, coalesce(before.balance_minor, 0) - kept.balance_minor
      from end_of_day_balances kept
      join ledger_accounts a on a.book_id = ${bookId} and a.ledger_account_id = kept.ledger_account_id
      left join lateral (
        select b.balance_minor from end_of_day_balances b
        where b.book_id = ${bookId} and b.ledger_account_id = kept.ledger_account_id
          and b.business_date < ${date}::date
        order by b.business_date desc limit 1
      ) as before on true
      where kept.book_id = ${bookId} and kept.business_date = ${date}::date
    ) as parts group by gl_code, currency having sum(signed_minor) <> 0
    order by gl_code, currency limit 1`.execute(db);
  return rows[0];
}
