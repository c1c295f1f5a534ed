import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { selectBalances } from '#ledger/trial-balance.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';

/** From one date to another, both included. */
export type Span = { readonly from: IsoDate; readonly to: IsoDate };

/** A line of the chart in a currency: credits less debits, in minor units. */
export type LineAmount = {
  readonly glCode: string;
  readonly currency: Currency;
  readonly amountMinor: bigint;
};

/** What was debited and credited on a line of the chart in a span. */
export type Turnover = {
  readonly glCode: string;
  readonly currency: Currency;
  readonly debitMinor: bigint;
  readonly creditMinor: bigint;
};

/** The balance of every line at the end of a date. */
export async function selectAmountsAt(db: Db, bookId: number, asOf: IsoDate): Promise<LineAmount[]> {
  return (await selectBalances(db, bookId, asOf)).map(({ glCode, currency, balanceMinor }) => ({
    glCode,
    currency,
    amountMinor: balanceMinor,
  }));
}

/**
 * By how much every line moved in a span. What carried results over at the end of a year is left out: the result of the
 * year is what was earned in it. Two balances and few entries, so that a year of a large bank takes no longer than a day.
 */
export async function selectMovements(db: Db, bookId: number, { from, to }: Span): Promise<LineAmount[]> {
  const [before, after, carried] = [
    await selectAmountsAt(db, bookId, addDays(from, -1)),
    await selectAmountsAt(db, bookId, to),
    await selectCarried(db, bookId, { from, to }),
  ];
  const sums = new Map<string, LineAmount>();
  const add = (amounts: readonly LineAmount[], sign: 1n | -1n): void => {
    for (const { amountMinor, ...line } of amounts) {
      const key = `${line.glCode} ${line.currency}`;
      const sum = (sums.get(key)?.amountMinor ?? 0n) + sign * amountMinor;
      sums.set(key, { ...line, amountMinor: sum });
    }
  };
  add(after, 1n);
  add(before, -1n);
  add(carried, -1n);
  return [...sums.values()];
}

async function selectCarried(db: Db, bookId: number, { from, to }: Span): Promise<LineAmount[]> {
  const { rows } = await sql<{ glCode: string; currency: Currency; amount: string }>`
    select a.gl_code as "glCode", p.currency, sum(side.signed_minor)::text as amount
    from manual_entries m
    join postings p on p.book_id = m.book_id and p.entry_id = m.entry_id
    cross join lateral (values (p.debit_account_id, -p.amount_minor), (p.credit_account_id, p.amount_minor))
      as side (ledger_account_id, signed_minor)
    join ledger_accounts a on a.book_id = m.book_id and a.ledger_account_id = side.ledger_account_id
    where m.book_id = ${bookId} and m.closes_year is not null
      and m.accounting_date between ${from}::date and ${to}::date
    group by a.gl_code, p.currency`.execute(db);
  return rows.map(({ amount, ...line }) => ({ ...line, amountMinor: BigInt(amount) }));
}

/**
 * What was debited and credited on every line in a span, on the dates on which it counts. Reads each posting of the span
 * once: a million take a second or two.
 */
export async function selectTurnovers(db: Db, bookId: number, { from, to }: Span): Promise<Turnover[]> {
  const { rows } = await sql<{ glCode: string; currency: Currency; debit: string; credit: string }>`
    with counted as materialized (
      select e.entry_id from journal_entries e
      where e.book_id = ${bookId} and e.business_date between ${from}::date and ${to}::date
        and not exists (
          select from manual_entries m where m.book_id = e.book_id and m.entry_id = e.entry_id
            and m.accounting_date < ${from}::date and m.accounting_date < m.business_date)
      union all
      select entry_id from manual_entries
      where book_id = ${bookId} and accounting_date < business_date
        and accounting_date between ${from}::date and ${to}::date and business_date > ${to}::date
    ), sides as (
      select side.ledger_account_id, sum(side.debit_minor) as debit_minor, sum(side.credit_minor) as credit_minor
      from counted c
      join postings p on p.book_id = ${bookId} and p.entry_id = c.entry_id
      cross join lateral (values (p.debit_account_id, p.amount_minor, 0), (p.credit_account_id, 0, p.amount_minor))
        as side (ledger_account_id, debit_minor, credit_minor)
      group by side.ledger_account_id
    )
    select a.gl_code as "glCode", a.currency, sum(s.debit_minor)::text as debit, sum(s.credit_minor)::text as credit
    from sides s
    join ledger_accounts a on a.book_id = ${bookId} and a.ledger_account_id = s.ledger_account_id
    group by a.gl_code, a.currency`.execute(db);
  return rows.map(({ debit, credit, ...line }) => ({
    ...line,
    debitMinor: BigInt(debit),
    creditMinor: BigInt(credit),
  }));
}
