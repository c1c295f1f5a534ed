import type { Context } from '#db/context.ts';
import { findAccount } from '#features/accounts/contract.ts';
import { selectBank } from '#features/books/contract.ts';
import { displayName, findCustomer } from '#features/customers/contract.ts';
import { followCalendar, requireCome } from '#ledger/business-date.ts';
import { assert } from '#lib/assert.ts';
import type { Caller } from '#lib/caller.ts';
import type { LoanId } from '#lib/ids.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import type { LoanCommands, LoanDetails } from '../commands.ts';
import { loanError } from '../errors.ts';
import { eventsSeenBy, listLatestEvents } from '../event-repository.ts';
import type { Portfolio } from './portfolio.ts';
import {
  findAccruedDate,
  findKeptDate,
  selectKeptPortfolio,
  selectPortfolio,
} from './portfolio-repository.ts';
import {
  composeLoanStatement,
  type LoanStatement,
  type LoanStatementPeriod,
  type StatementHead,
} from './statement.ts';

/** Ten years of a loan with small daily payments: its events fit in memory, and its pages are few. */
const MAX_EVENTS = 8_000;

/** Reports about loans. Takes no locks. */
export class LoanReportService {
  readonly #context: Context;
  readonly #commands: LoanCommands;

  constructor(context: Context, commands: LoanCommands) {
    this.#context = context;
    this.#commands = commands;
  }

  /**
   * The events of a loan in a period, and its debt. Throws 404 `not_found`, 422 `statement_too_long` for a loan with more
   * than 8,000 events.
   */
  async statement(caller: Caller, id: LoanId, period: LoanStatementPeriod): Promise<LoanStatement> {
    const { db, bookId } = this.#context;
    const { from, to } = period;
    const shown = await this.#commands.find(caller, id);
    const events = await listLatestEvents(db, bookId, id, { limit: MAX_EVENTS + 1 });
    if (events.length > MAX_EVENTS) throw loanError('statement_too_long');
    const [before, atEnd] = await Promise.all([
      from === undefined ? undefined : findAccruedDate(db, bookId, addDays(from, -1)),
      findAccruedDate(db, bookId, to ?? shown.asOf),
    ]);
    const head = await this.#headOf(shown);
    const seen = eventsSeenBy(caller, events.toReversed());
    return composeLoanStatement(shown, head, seen, period, { before, atEnd });
  }

  async #headOf({ loan }: LoanDetails): Promise<StatementHead> {
    const { db, bookId, clock } = this.#context;
    const customer = await findCustomer(db, this.#context, loan.customerId);
    const account = await findAccount(db, bookId, loan.accountId);
    assert(customer !== undefined && account !== undefined, 'a loan goes with its customer and its account');
    const borrower = displayName(customer.identity);
    return {
      bank: await selectBank(db, bookId),
      borrower,
      iban: account.iban,
      accountNumber: account.number,
      createdAtMs: clock.nowMs(),
    };
  }

  /**
   * The portfolio by product and days past due: now, on the business date, or at the end of an earlier one, as stored
   * by the last end of day until then. Throws 400 `validation_failed` for a later date, and 422 `date_not_kept` for
   * one before the first end of day.
   */
  async portfolio(asOf: IsoDate | undefined): Promise<Portfolio> {
    const { db, bookId, clock } = this.#context;
    const today = await followCalendar(db, bookId, clock);
    const date = asOf ?? today;
    if (asOf !== undefined) await requireCome(db, this.#context, { businessDate: asOf });
    if (date === today) return { asOf: date, rows: await selectPortfolio(db, bookId, date) };
    const kept = await findKeptDate(db, bookId, date);
    if (kept === undefined) throw loanError('date_not_kept');
    return { asOf: date, rows: await selectKeptPortfolio(db, bookId, kept) };
  }
}
