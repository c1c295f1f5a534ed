import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { afterCommit, inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#features/audit/contract.ts';
import { followCalendar } from '#ledger/business-date.ts';
import { endClosingRequest, requestClosing } from '#ledger/close-date.ts';
import { type LockedPeriods, lockPeriods, setClosedPeriods } from '#ledger/closed-periods.ts';
import { ledgerError } from '#ledger/errors.ts';
import { assert } from '#lib/assert.ts';
import type { Caller } from '#lib/caller.ts';
import { cleanText, optional } from '#lib/text.ts';
import { lastOfMonth } from '#lib/time/calendar.ts';
import { addDays } from '#lib/time/dates.ts';
import { accountingError } from '../errors.ts';
import { isYearClosed } from '../years/repository.ts';
import { closeMonths } from './close-months.ts';
import { type Period, type PeriodState, periodText } from './period.ts';
import { dropPeriodBalances, findClosedPeriod, findPeriod, listPeriods, putPeriod } from './repository.ts';

/** How a period is closed: but for managers' entries by hand, or for everybody. */
export type ClosingKind = 'soft' | 'hard';

/**
 * The months of the bank's books, closed in order and reopened from the last one back. A change locks the book's row, as
 * the close of a date does: postings under way are done, and those that follow see it.
 */
export class PeriodService {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Those that were ever closed, latest first. */
  list(filter: Parameters<typeof listPeriods>[2]): Promise<PeriodState[]> {
    return listPeriods(this.#context.db, this.#context.bookId, filter);
  }

  /**
   * Closes a month and all before it that are open. One that is closed that way already stays as it is. Throws 409
   * `period_not_over`, and `period_closed` for one that is closed hard and is to be closed softly.
   */
  async close(
    caller: Caller,
    period: Period,
    { kind, reason: given }: { readonly kind: ClosingKind; readonly reason?: string | undefined },
  ): Promise<PeriodState> {
    const { bookId } = this.#context;
    const reason = optional(given, (text) => cleanText(text, 'reason', 500));
    const status = kind === 'soft' ? 'soft_closed' : 'hard_closed';
    return this.#change(async (tx, locked) => {
      const before = await findPeriod(tx, bookId, period);
      if (before?.status === status) return before;
      const closedTo = kind === 'soft' ? locked.softClosedTo : locked.hardClosedTo;
      if (closedTo !== null && lastOfMonth(period) <= closedTo) {
        throw ledgerError('period_closed', { closedTo });
      }
      const state = this.#state(caller, period, status, reason);
      await closeMonths(tx, bookId, locked, state);
      await this.#record(tx, caller, 'closePeriod', period, before, state);
      return state;
    });
  }

  /**
   * Opens the last month that is closed again. Throws 409 `period_not_closed`, `later_period_closed`, and `year_closed`
   * for a month of a year whose result was carried over.
   */
  async reopen(caller: Caller, period: Period, given: string): Promise<PeriodState> {
    const { bookId } = this.#context;
    const reason = cleanText(given, 'reason', 500);
    return this.#change(async (tx, locked) => {
      const before = await findPeriod(tx, bookId, period);
      if (before === undefined || before.status === 'open') {
        throw accountingError('period_not_closed', { period: periodText(period) });
      }
      const last = await findClosedPeriod(tx, bookId, {});
      assert(last !== undefined, 'one of them is closed');
      if (last.period !== period)
        throw accountingError('later_period_closed', { period: periodText(last.period) });
      const year = Number(period.slice(0, 4));
      if (await isYearClosed(tx, bookId, year)) throw accountingError('year_closed', { year });
      const state = this.#state(caller, period, 'open', reason);
      await putPeriod(tx, bookId, state);
      await dropPeriodBalances(tx, bookId, period);
      await this.#openFrom(tx, locked, period);
      await this.#record(tx, caller, 'reopenPeriod', period, before, state);
      return state;
    });
  }

  async #openFrom(tx: Tx, { hardClosedTo }: LockedPeriods, period: Period): Promise<void> {
    const { bookId } = this.#context;
    const isFirst = (await findClosedPeriod(tx, bookId, { before: period })) === undefined;
    const softClosedTo = isFirst ? null : addDays(period, -1);
    const isHardBefore = hardClosedTo !== null && softClosedTo !== null && hardClosedTo < softClosedTo;
    await setClosedPeriods(tx, bookId, {
      softClosedTo,
      hardClosedTo: hardClosedTo === null || isHardBefore ? hardClosedTo : softClosedTo,
    });
  }

  async #change(work: (tx: Tx, locked: LockedPeriods) => Promise<PeriodState>): Promise<PeriodState> {
    const { db, bookId, clock } = this.#context;
    await followCalendar(db, bookId, clock);
    // Seen by others before the row is asked for, whatever becomes of the transaction.
    await requestClosing(db, bookId);
    const state = await inTransaction(db, async (tx) => {
      const changed = await work(tx, await lockPeriods(tx, bookId));
      await endClosingRequest(tx, bookId);
      return changed;
    });
    return afterCommit(async () => (await findPeriod(db, bookId, state.period)) ?? state);
  }

  #state(
    { actor }: Caller,
    period: Period,
    status: PeriodState['status'],
    reason: string | undefined,
  ): PeriodState {
    return { period, status, actor, changedAtMs: this.#context.clock.nowMs(), reason };
  }

  #record(
    tx: Tx,
    caller: Caller,
    operation: 'closePeriod' | 'reopenPeriod',
    period: Period,
    before: PeriodState | undefined,
    { status }: PeriodState,
  ): Promise<void> {
    return recordAudit(tx, this.#context, {
      caller,
      operation,
      resourceType: 'accounting_period',
      resourceId: periodText(period),
      before: { status: before?.status ?? 'open' },
      after: { status },
    });
  }
}
