import { sql } from 'kysely';
import type { Context } from '#db/context.ts';
import { type IssuingBankView, issuingBankView, selectBank } from '#features/books/contract.ts';
import { followCalendar, requireCome } from '#ledger/business-date.ts';
import { type AccountClass, selectTrialBalance, type TrialBalanceLine } from '#ledger/trial-balance.ts';
import { validationFailed } from '#lib/errors.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { firstOfYear } from '#lib/time/calendar.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import { selectTurnovers } from './reports/figures.ts';

export type LedgerLine = { readonly glCode: string; readonly name: string; readonly class: AccountClass };

export type TrialBalanceTotal = {
  readonly currency: Currency;
  readonly debitMinor: bigint;
  readonly creditMinor: bigint;
};

type Sides = Pick<TrialBalanceLine, 'debitMinor' | 'creditMinor'>;

/** A line with what it began with and what moved on it, where the trial balance is of a span. */
type PeriodLine = TrialBalanceLine & { readonly opening?: Sides; readonly movement?: Sides };

const NO_SIDES: Sides = { debitMinor: 0n, creditMinor: 0n };

export type TrialBalance = {
  /** The first date of the span that it is of, if it is of one. */
  readonly from?: IsoDate;
  readonly asOf: IsoDate;
  readonly lines: readonly PeriodLine[];
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

  /**
   * The trial balance of a span: what each line began with, what was debited and credited on it, and what it ended with.
   * From the beginning of the year and up to today, if not given. Throws as trialBalance.
   */
  async periodTrialBalance(span: {
    readonly from?: IsoDate | undefined;
    readonly to?: IsoDate | undefined;
  }): Promise<TrialBalance> {
    const { db, bookId } = this.#context;
    const closing = await this.trialBalance(span.to);
    const to = closing.asOf;
    const from = span.from ?? firstOfYear(to);
    if (from > to) throw validationFailed({ path: 'from', message: `must not be after ${to}` });
    const keyOf = ({ glCode, currency }: { readonly glCode: string; readonly currency: string }) =>
      `${glCode} ${currency}`;
    const before = await selectTrialBalance(db, bookId, addDays(from, -1));
    const openings = new Map(before.map((line) => [keyOf(line), line]));
    const turnovers = new Map(
      (await selectTurnovers(db, bookId, { from, to })).map((line) => [keyOf(line), line]),
    );
    const lines = closing.lines.map((line) => ({
      ...line,
      opening: openings.get(keyOf(line)) ?? NO_SIDES,
      movement: turnovers.get(keyOf(line)) ?? NO_SIDES,
    }));
    return { ...closing, from, lines };
  }

  /** The bank and the time, for what is printed. */
  async letterhead(): Promise<{ readonly bank: IssuingBankView; readonly nowMs: number }> {
    const { db, bookId, clock } = this.#context;
    return { bank: issuingBankView(await selectBank(db, bookId)), nowMs: clock.nowMs() };
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
