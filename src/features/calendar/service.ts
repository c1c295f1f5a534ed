import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { inTransaction } from '#db/transaction.ts';
import { recordAudit, recordAudits } from '#features/audit/contract.ts';
import { followCalendar } from '#ledger/business-date.ts';
import {
  findDateChange,
  hasEntryAfter,
  lockBusinessDate,
  setBusinessDate,
  undoDateChange,
} from '#ledger/business-date-change.ts';
import { ledgerError } from '#ledger/errors.ts';
import type { Caller } from '#lib/caller.ts';
import { notFound, validationFailed } from '#lib/errors.ts';
import { cleanText } from '#lib/text.ts';
import { addDays, type IsoDate, isoDate } from '#lib/time/dates.ts';
import { calendarError } from './errors.ts';
import { MAX_HOLIDAYS } from './read-holidays.ts';
import {
  type BookDay,
  deleteHoliday,
  type Holiday,
  type HolidayFilter,
  insertHolidays,
  listHolidays,
  loadCalendar,
  selectBookDay,
  updateWeekendDays,
} from './repository.ts';

export type Today = BookDay & {
  readonly isBusinessDay: boolean;
  /** The first business day after it. */
  readonly nextBusinessDay: IsoDate;
};

/** A date that is set further ahead than this is confirmed: a year is typed wrong more often than meant. */
const MAX_DAYS_AHEAD = 366;
/** Ten years of days: nobody means more at once, confirmed or not. As far as one call closes dates, too. */
export const MAX_DAYS_AT_ONCE = 3_660;
/** A century before the last date that there is, so that the terms of loans and the days ahead of it exist. */
const LAST_BUSINESS_DATE = isoDate('9899-12-31');

/** Whether a feature has something that is dated after a date, so that the bank cannot go back to it. */
export type DatedAfter = (tx: Tx, date: IsoDate) => Promise<boolean>;

/** The book's date and its calendar of business days. */
export class CalendarService {
  readonly #context: Context;
  readonly #datedAfter: readonly DatedAfter[];

  constructor(context: Context, datedAfter: readonly DatedAfter[]) {
    this.#context = context;
    this.#datedAfter = datedAfter;
  }

  /** The date that is booked on now, and what kind of day it is. */
  async today(): Promise<Today> {
    const { db, bookId, clock } = this.#context;
    await followCalendar(db, bookId, clock);
    const day = await selectBookDay(db, bookId);
    const calendar = await loadCalendar(db, bookId, day.businessDate);
    return {
      ...day,
      isBusinessDay: calendar.isBusinessDay(day.businessDate),
      nextBusinessDay: calendar.after(day.businessDate),
    };
  }

  /**
   * Sets the business date by hand: from then on it moves when told to. Throws 400 `validation_failed` for a date that
   * is more than 3,660 days ahead, or that no bank lives to see. Throws 409 `business_date_closed` for an earlier date
   * than the open one, and 422 `date_far_ahead` for one that is more than 366 days ahead of it and not confirmed. Locks
   * the book's row.
   */
  async setDate(caller: Caller, businessDate: IsoDate, { isConfirmed = false } = {}): Promise<void> {
    const { db, bookId, clock } = this.#context;
    assertAtMost(LAST_BUSINESS_DATE, businessDate);
    await inTransaction(db, async (tx) => {
      const { businessDate: before, datePolicy } = await lockBusinessDate(tx, bookId);
      if (businessDate < before) throw ledgerError('business_date_closed', { businessDate: before });
      assertAtMost(addDays(before, MAX_DAYS_AT_ONCE), businessDate);
      if (businessDate > addDays(before, MAX_DAYS_AHEAD) && !isConfirmed) {
        throw calendarError('date_far_ahead', { date: businessDate, businessDate: before });
      }
      const change = { dateBefore: before, policyBefore: datePolicy, dateSet: businessDate };
      await setBusinessDate(tx, bookId, change, { actor: caller.actor, changedAtMs: clock.nowMs() });
      await recordAudit(tx, this.#context, {
        caller,
        operation: 'setBusinessDate',
        resourceType: 'business_date',
        before: { businessDate: before, datePolicy },
        after: { businessDate, datePolicy: 'manual' },
      });
    });
  }

  /**
   * Takes the last setDate back, with whether the book followed the clock. Throws 409 `date_change_final` when there is
   * none, the date has moved since, or something is dated after. Locks the book's row.
   */
  async undoDate(caller: Caller): Promise<void> {
    const { db, bookId } = this.#context;
    await inTransaction(db, async (tx) => {
      const { businessDate, datePolicy, closedThrough } = await lockBusinessDate(tx, bookId);
      const change = await findDateChange(tx, bookId);
      if (change === undefined || change.dateSet !== businessDate || datePolicy !== 'manual') {
        throw calendarError('date_change_final', { because: 'no change' });
      }
      const { dateBefore, policyBefore } = change;
      const isClosed = closedThrough !== null && closedThrough >= dateBefore;
      if (isClosed || (await this.#isDatedAfter(tx, dateBefore))) {
        throw calendarError('date_change_final', { because: 'dated after' });
      }
      await undoDateChange(tx, bookId, change);
      await recordAudit(tx, this.#context, {
        caller,
        operation: 'undoBusinessDate',
        resourceType: 'business_date',
        before: { businessDate, datePolicy },
        after: { businessDate: dateBefore, datePolicy: policyBefore },
      });
    });
  }

  async #isDatedAfter(tx: Tx, date: IsoDate): Promise<boolean> {
    if (await hasEntryAfter(tx, this.#context.bookId, date)) return true;
    for (const isDatedAfter of this.#datedAfter) {
      if (await isDatedAfter(tx, date)) return true;
    }
    return false;
  }

  listHolidays(filter: HolidayFilter): Promise<Holiday[]> {
    return listHolidays(this.#context.db, this.#context.bookId, filter);
  }

  /** Throws 400 `validation_failed` for the name, 409 `holiday_exists`. */
  async addHoliday(caller: Caller, { date, name }: Holiday): Promise<Holiday> {
    const holiday = { date, name: cleanText(name, 'name', 100) };
    const added = await this.loadHolidays(caller, [holiday]);
    if (added === 0) throw calendarError('holiday_exists', { date });
    return holiday;
  }

  /** Adds those that are not there yet; returns how many. Throws 400 `validation_failed` for too many. */
  async loadHolidays(caller: Caller, holidays: readonly Holiday[]): Promise<number> {
    const { db, bookId } = this.#context;
    if (holidays.length > MAX_HOLIDAYS) {
      throw validationFailed({ path: 'holidays', message: `must be at most ${MAX_HOLIDAYS}` });
    }
    if (holidays.length === 0) return 0;
    return inTransaction(db, async (tx) => {
      const added = await insertHolidays(tx, bookId, holidays);
      await recordAudits(
        tx,
        this.#context,
        added.map(({ date, name }) => ({
          caller,
          operation: 'addHoliday',
          resourceType: 'holiday',
          resourceId: date,
          after: { date, name },
        })),
      );
      return added.length;
    });
  }

  /** Throws 404 `not_found`. What was done before on what was a holiday then stays. */
  async removeHoliday(caller: Caller, date: IsoDate): Promise<void> {
    const { db, bookId } = this.#context;
    await inTransaction(db, async (tx) => {
      if (!(await deleteHoliday(tx, bookId, date))) throw notFound();
      await recordAudit(tx, this.#context, {
        caller,
        operation: 'removeHoliday',
        resourceType: 'holiday',
        resourceId: date,
        before: { date },
      });
    });
  }

  /** Sets the weekdays (1 Monday to 7 Sunday) without business. Throws 400 `validation_failed` for all seven. */
  async setWeekend(caller: Caller, days: readonly number[]): Promise<void> {
    const { db, bookId } = this.#context;
    const weekendDays = [...new Set(days)].sort((one, other) => one - other);
    if (weekendDays.length > 6) {
      throw validationFailed({ path: 'weekendDays', message: 'must leave a day to do business on' });
    }
    await inTransaction(db, async (tx) => {
      await updateWeekendDays(tx, bookId, weekendDays);
      await recordAudit(tx, this.#context, {
        caller,
        operation: 'setCalendar',
        resourceType: 'calendar',
        after: { weekendDays },
      });
    });
  }
}

function assertAtMost(last: IsoDate, businessDate: IsoDate): void {
  if (businessDate > last) {
    throw validationFailed({ path: 'businessDate', message: `must be at most ${last}` });
  }
}
