import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { Currency } from '#lib/currencies.ts';
import type { IsoDate } from '#lib/dates.ts';

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

type Row = { glCode: string; name: string; class: AccountClass; currency: Currency; balance: string };

/**
 * Every line of the chart that was ever posted to, with its balance at the end of a business date, by code and
 * currency. Σ debit = Σ credit in each currency, since every posting has both sides.
 */
export async function selectTrialBalance(db: Db, bookId: number, asOf: IsoDate): Promise<TrialBalanceLine[]> {
  const { rows } = await sql<Row>`
    with sides as (
      select debit_account_id as ledger_account_id, -sum(amount_minor) as signed from postings
      where book_id = ${bookId} and business_date <= ${asOf}::date group by 1
      union all
      select credit_account_id, sum(amount_minor) from postings
      where book_id = ${bookId} and business_date <= ${asOf}::date group by 1
    )
    select g.gl_code as "glCode", g.name, g.class, a.currency, sum(s.signed) as balance
    from sides s
    join ledger_accounts a on a.book_id = ${bookId} and a.ledger_account_id = s.ledger_account_id
    join gl_accounts g on g.book_id = ${bookId} and g.gl_code = a.gl_code
    group by g.gl_code, g.name, g.class, a.currency
    order by g.gl_code, a.currency`.execute(db);
  return rows.map(({ balance, ...line }) => {
    const balanceMinor = BigInt(balance);
    return {
      ...line,
      debitMinor: balanceMinor < 0n ? -balanceMinor : 0n,
      creditMinor: balanceMinor > 0n ? balanceMinor : 0n,
    };
  });
}
