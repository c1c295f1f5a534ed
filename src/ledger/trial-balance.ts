import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { glLines } from './end-of-day-balances.ts';

export type AccountClass = 'asset' | 'liability' | 'equity' | 'income' | 'expense';

/** A line of the trial balance. A line has a debit or a credit balance, so one of the two is zero. */
export type TrialBalanceLine = {
  readonly glCode: string;
  readonly name: string;
  readonly class: AccountClass;
  readonly currency: Currency;
  readonly debitMinor: bigint;
  readonly creditMinor: bigint;
};

/** The balance of a line of the chart, in minor units: credits minus debits. */
export type LineBalance = {
  readonly glCode: string;
  readonly name: string;
  readonly class: AccountClass;
  readonly currency: Currency;
  readonly balanceMinor: bigint;
};

type Row = Omit<LineBalance, 'balanceMinor'> & { readonly balance: string };

/**
 * Every line of the chart that was ever posted to, with its balance at the end of a date, by code and currency. Σ debit
 * = Σ credit in each currency, since every posting has both sides.
 */
export async function selectTrialBalance(db: Db, bookId: number, asOf: IsoDate): Promise<TrialBalanceLine[]> {
  return (await selectBalances(db, bookId, asOf)).map(({ balanceMinor, ...line }) => ({
    ...line,
    debitMinor: balanceMinor < 0n ? -balanceMinor : 0n,
    creditMinor: balanceMinor > 0n ? balanceMinor : 0n,
  }));
}

/**
 * The same as balances. An entry counts on its business date, and one by hand on its accounting date, which may be
 * earlier. Rests on the totals of the last closed date, if there is one, and on the postings since.
 */
export async function selectBalances(db: Db, bookId: number, asOf: IsoDate): Promise<LineBalance[]> {
  const previous = await findKeptDate(db, bookId, asOf);
  const parts = previous === undefined ? allLines(bookId, asOf) : linesSince(bookId, asOf, previous);
  const { rows } = await sql<Row>`
    select g.gl_code as "glCode", g.name, g.class, s.currency, sum(s.signed_minor)::text as balance
    from (${parts} union all ${datedBack(bookId, asOf)}) s
    join gl_accounts g on g.book_id = ${bookId} and g.gl_code = s.gl_code
    group by g.gl_code, g.name, g.class, s.currency
    order by g.gl_code, s.currency`.execute(db);
  return rows.map(({ balance, ...line }) => ({ ...line, balanceMinor: BigInt(balance) }));
}

/** The last date up to another whose totals are kept. */
async function findKeptDate(db: Db, bookId: number, asOf: IsoDate): Promise<IsoDate | undefined> {
  const { rows } = await sql<{ date: IsoDate | null }>`
    select max(business_date) as date from end_of_day_totals
    where book_id = ${bookId} and business_date <= ${asOf}::date`.execute(db);
  return rows[0]?.date ?? undefined;
}

function linesSince(bookId: number, date: IsoDate, previous: IsoDate) {
  return sql`
    select gl_code, currency, balance_minor as signed_minor from end_of_day_totals
    where book_id = ${bookId} and business_date = ${previous}::date
    union all
    ${glLines(bookId, { date, previous })}`;
}

/** Summed by account first: most of the work is one pass over the postings. */
function allLines(bookId: number, asOf: IsoDate) {
  return sql`
    select a.gl_code, a.currency, sides.signed_minor from (
      select debit_account_id as ledger_account_id, -sum(amount_minor) as signed_minor from postings
      where book_id = ${bookId} and business_date <= ${asOf}::date group by 1
      union all
      select credit_account_id, sum(amount_minor) from postings
      where book_id = ${bookId} and business_date <= ${asOf}::date group by 1
    ) as sides
    join ledger_accounts a on a.book_id = ${bookId} and a.ledger_account_id = sides.ledger_account_id`;
}

/** Entries by hand that count by a date, and were booked after it. */
function datedBack(bookId: number, asOf: IsoDate) {
  return sql`
    select a.gl_code, p.currency, side.signed_minor
    from manual_entries m
    join postings p on p.book_id = m.book_id and p.entry_id = m.entry_id
    cross join lateral (values (p.debit_account_id, -p.amount_minor), (p.credit_account_id, p.amount_minor))
      as side (ledger_account_id, signed_minor)
    join ledger_accounts a on a.book_id = m.book_id and a.ledger_account_id = side.ledger_account_id
    where m.book_id = ${bookId} and m.accounting_date < m.business_date
      and m.accounting_date <= ${asOf}::date and m.business_date > ${asOf}::date`;
}
