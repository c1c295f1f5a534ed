import type { Context } from '#db/context.ts';
import { afterCommit, inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#features/audit/contract.ts';
import { MAX_DAYS_AT_ONCE } from '#features/calendar/contract.ts';
import { selectBelievableNowMs } from '#ledger/believable-clock.ts';
import { followCalendar, lockBook } from '#ledger/business-date.ts';
import { assert } from '#lib/assert.ts';
import type { Caller } from '#lib/caller.ts';
import { within } from '#lib/concurrency/within.ts';
import { validationFailed } from '#lib/errors.ts';
import { type EndOfDayObserver, NO_OBSERVER } from '#lib/observer.ts';
import { daysBetween } from '#lib/time/calendar.ts';
import { addDays, dateAt, type IsoDate } from '#lib/time/dates.ts';
import { beginClosing, type Closing, endClosing, findClosing, stopClosing } from './closing.ts';
import { endOfDayError } from './errors.ts';
import {
  type BookProgress,
  type EndOfDayRun,
  insertRun,
  listRuns,
  type RunFilter,
  selectProgress,
} from './repository.ts';
import { type RunOptions, runDate } from './run-date.ts';
import type { EndOfDayStep } from './step.ts';

/** The outcome of a request to close dates. */
export type EndOfDay = {
  /** The last date that was to be closed. */
  readonly until: IsoDate;
  /** The date that is open now. */
  readonly businessDate: IsoDate;
  /** Whether all of them are closed; else the work goes on, or was stopped on the way. */
  readonly isDone: boolean;
  /** Whether somebody asked to stop before all were closed. */
  readonly isStopped?: boolean;
  /** Those that this call saw through. */
  readonly dates: readonly IsoDate[];
};

/** What the end of the day is at. */
export type ClosingProgress = {
  readonly status: 'idle' | 'running' | 'stopping' | 'stopped';
  readonly closing: Closing | undefined;
  readonly businessDate: IsoDate;
  readonly closedThrough: IsoDate | undefined;
  /** How many dates are not closed of those that were asked for. */
  readonly datesLeft: number;
};

/** How a caller closes dates. */
export type CloseOptions = RunOptions & {
  /** Whether a request to stop keeps this from beginning: for what runs by itself, and asked for by nobody. */
  readonly heedsStop?: boolean;
};

/**
 * Closes business dates one by one, in order, each with the steps in theirs. All that is kept about it is in the
 * database: any number of processes may be told to close the same dates, and may end at any point.
 */
export class EndOfDayService {
  readonly #context: Context;
  readonly #steps: readonly EndOfDayStep[];
  readonly #observer: EndOfDayObserver;
  readonly #running = new Set<Promise<unknown>>();
  #isStopping = false;

  constructor(
    context: Context,
    steps: readonly EndOfDayStep[],
    observer: EndOfDayObserver = NO_OBSERVER.endOfDay,
  ) {
    this.#context = context;
    this.#observer = observer;
    this.#steps = steps;
  }

  /**
   * Closes all dates up to one, and returns when that is done. Without a date: today's in a book that follows the
   * clock, the open one in a book whose date is moved by hand. Dates that are closed stay as they are. Throws 400
   * `validation_failed` for a date that is too far, 409 `end_of_day_in_progress`, 422 `date_not_reached`, and what a
   * step refuses: 409 `trial_balance_broken`, `balances_broken`.
   */
  async closeThrough(
    caller: Caller,
    wanted: IsoDate | undefined,
    options: CloseOptions = {},
  ): Promise<EndOfDay> {
    const work = this.#closeThrough(caller, wanted, {
      isStopping: () => this.#isStopping,
      observer: this.#observer,
      ...options,
    });
    this.#running.add(work);
    try {
      const end = await work;
      this.#observer.ended(end.isDone ? 'completed' : 'stopped');
      return end;
    } catch (error) {
      this.#observer.ended('failed');
      throw error;
    } finally {
      this.#running.delete(work);
    }
  }

  /**
   * As closeThrough, for callers that wait no longer than `waitMs`: the work goes on after that, and its outcome is in
   * the list. `onLateError` receives an error that came when nobody waited any more.
   */
  async startClosing(
    caller: Caller,
    wanted: IsoDate | undefined,
    { waitMs, onLateError }: { readonly waitMs: number; readonly onLateError: (error: unknown) => void },
  ): Promise<EndOfDay> {
    const until = await this.#decideUntil(wanted);
    const work = this.closeThrough(caller, until);
    const late = new Error('not done yet');
    try {
      return await within(waitMs, work, () => late);
    } catch (error) {
      if (error !== late) throw error;
      work.catch(onLateError);
      const { businessDate } = await selectProgress(this.#context.db, this.#context.bookId);
      return { until, businessDate, isDone: false, dates: [] };
    }
  }

  /** Runs with their steps, latest date first. */
  list(filter: RunFilter): Promise<EndOfDayRun[]> {
    return listRuns(this.#context.db, this.#context.bookId, filter);
  }

  /** What it is at, in whichever process. */
  async progress(): Promise<ClosingProgress> {
    const { db, bookId } = this.#context;
    const [closing, progress] = [await findClosing(db, bookId), await selectProgress(db, bookId)];
    const { businessDate, closedThrough } = progress;
    const next = nextDate(progress);
    const datesLeft =
      closing === undefined || next > closing.untilOn ? 0 : daysBetween(next, closing.untilOn) + 1;
    return { status: statusOf(closing, datesLeft), closing, businessDate, closedThrough, datesLeft };
  }

  /**
   * Asks to stop: the date that is being closed is closed, and none after it, in whichever process. It goes on when
   * somebody closes dates again; the timer does not by itself. Throws 409 `end_of_day_not_running`.
   */
  async requestStop(caller: Caller): Promise<ClosingProgress> {
    const { db, bookId } = this.#context;
    await inTransaction(db, async (tx) => {
      if (!(await stopClosing(tx, bookId, caller.actor))) throw endOfDayError('end_of_day_not_running');
      await recordAudit(tx, this.#context, {
        caller,
        operation: 'stopEndOfDay',
        resourceType: 'end_of_day',
      });
    });
    return afterCommit(() => this.progress());
  }

  /** Stops between two chunks; resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.allSettled(this.#running);
  }

  async #closeThrough(
    caller: Caller,
    wanted: IsoDate | undefined,
    { heedsStop = false, ...options }: CloseOptions,
  ): Promise<EndOfDay> {
    const { db, bookId, clock } = this.#context;
    const until = await this.#decideUntil(wanted);
    if (heedsStop && (await findClosing(db, bookId))?.stoppedBy !== undefined) {
      const { businessDate } = await selectProgress(db, bookId);
      return { until, businessDate, isDone: false, isStopped: true, dates: [] };
    }
    await beginClosing(db, bookId, { until, actor: caller.actor, startedAtMs: clock.nowMs() });
    return afterCommit(async () => {
      try {
        return await this.#closeDates(caller, until, options);
      } finally {
        await endClosing(db, bookId, clock.nowMs());
      }
    });
  }

  async #closeDates(caller: Caller, until: IsoDate, options: RunOptions): Promise<EndOfDay> {
    const { db, bookId } = this.#context;
    const dates: IsoDate[] = [];
    for (let days = 0; days <= MAX_DAYS_AT_ONCE; days += 1) {
      const progress = await selectProgress(db, bookId);
      const date = nextDate(progress);
      if (date > until) return { until, businessDate: progress.businessDate, isDone: true, dates };
      if (date > progress.businessDate) break;
      if ((await findClosing(db, bookId))?.stoppedBy !== undefined) {
        return { until, businessDate: progress.businessDate, isDone: false, isStopped: true, dates };
      }
      if (progress.unfinished === undefined) await this.#begin(caller, date);
      if (!(await afterCommit(() => runDate(this.#context, this.#steps, date, options)))) {
        return { until, businessDate: progress.businessDate, isDone: false, dates };
      }
      dates.push(date);
    }
    assert(false, 'each closed date opens the next');
  }

  async #decideUntil(wanted: IsoDate | undefined): Promise<IsoDate> {
    const { db, bookId, clock } = this.#context;
    await followCalendar(db, bookId, clock);
    const progress = await selectProgress(db, bookId);
    const { businessDate, datePolicy, timeZone } = progress;
    if (datePolicy === 'calendar') {
      const today = dateAt(await selectBelievableNowMs(db, clock), timeZone);
      if (wanted !== undefined && wanted > today)
        throw endOfDayError('date_not_reached', { date: wanted, today });
      return wanted ?? today;
    }
    if (wanted !== undefined && wanted > addDays(businessDate, MAX_DAYS_AT_ONCE - 1)) {
      throw validationFailed({
        path: 'until',
        message: `must be within ${MAX_DAYS_AT_ONCE} days of ${businessDate}`,
      });
    }
    return wanted ?? progress.unfinished ?? businessDate;
  }

  /** Begins the end of a date, unless somebody else just did. */
  async #begin(caller: Caller, date: IsoDate): Promise<void> {
    const { db, bookId, clock } = this.#context;
    const names = this.#steps.map(({ name }) => name);
    await inTransaction(db, async (tx) => {
      // Terms and rates of the date that are being set are stored before it begins, or refused after.
      await lockBook(tx, bookId);
      const run = { date, actor: caller.actor, startedAtMs: clock.nowMs() };
      if (!(await insertRun(tx, bookId, run, names))) return;
      await recordAudit(tx, this.#context, {
        caller,
        operation: 'runEndOfDay',
        resourceType: 'end_of_day',
        resourceId: date,
        after: { businessDate: date },
      });
    });
  }
}

/** The date whose end is next: one that is not done, the one after the last, or the open one for the first. */
function nextDate({ unfinished, closedThrough, businessDate }: BookProgress): IsoDate {
  if (unfinished !== undefined) return unfinished;
  return closedThrough === undefined ? businessDate : addDays(closedThrough, 1);
}

function statusOf(closing: Closing | undefined, datesLeft: number): ClosingProgress['status'] {
  if (closing === undefined || datesLeft === 0) return 'idle';
  if (closing.endedAt === undefined) return closing.stoppedBy === undefined ? 'running' : 'stopping';
  return closing.stoppedBy === undefined ? 'idle' : 'stopped';
}
