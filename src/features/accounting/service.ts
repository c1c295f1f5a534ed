import { sql } from 'kysely';
import type { Context } from '#db/context.ts';
import { followCalendar, requireCome } from '#ledger/business-date.ts';
import { type AccountClass, selectTrialBalance, type TrialBalanceLine } from '#ledger/trial-balance.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';

export type LedgerLine = { readonly glCode: string; readonly name: string; readonly class: AccountClass };

export type TrialBalanceTotal = {
  readonly currency: Currency;
  readonly debitMinor: bigint;
  readonly creditMinor: bigint;
};

export type TrialBalance = {
  readonly asOf: IsoDate;
  readonly lines: readonly TrialBalanceLine[];
  readonly totals: readonly TrialBalanceTotal[];
};

/** The bank's own view of the books. */
export class AccountingService {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * The trial balance at the end of a business date (today's if none is given), with a total a currency. Throws 400
   * `validation_failed` for a date in the future.
   */
  async trialBalance(asOf: IsoDate | undefined): Promise<TrialBalance> {
    const { db, bookId } = this.#context;
    if (asOf !== undefined) await requireCome(db, this.#context, { businessDate: asOf });
    const date = asOf ?? (await this.businessDate());
    const lines = await selectTrialBalance(db, bookId, date);
    const totals = new Map<Currency, TrialBalanceTotal>();
    for (const { currency, debitMinor, creditMinor } of lines) {
      const total = totals.get(currency) ?? { currency, debitMinor: 0n, creditMinor: 0n };
      totals.set(currency, {
        currency,
        debitMinor: total.debitMinor + debitMinor,
        creditMinor: total.creditMinor + creditMinor,
      });
    }
    return { asOf: date, lines, totals: [...totals.values()] };
  }

  /** The date that postings are booked on now. */
  businessDate(): Promise<IsoDate> {
    const { db, bookId, clock } = this.#context;
    return followCalendar(db, bookId, clock);
  }

  /** The chart of accounts, by code. */
  async listLedgerAccounts(): Promise<LedgerLine[]> {
    const { db, bookId } = this.#context;
    const { rows } = await sql<LedgerLine>`
      select gl_code as "glCode", name, class from gl_accounts where book_id = ${bookId}
      order by gl_code`.execute(db);
    return rows;
  }
}
