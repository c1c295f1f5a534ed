import type { Context } from '#db/context.ts';
import { inTransaction } from '#db/transaction.ts';
import { recordAudit, recordAudits } from '#features/audit/contract.ts';
import { followCalendar, holdBusinessDate, setBusinessDate } from '#ledger/business-date.ts';
import { ledgerError } from '#ledger/errors.ts';
import type { Caller } from '#lib/caller.ts';
import { notFound, validationFailed } from '#lib/errors.ts';
import { cleanText } from '#lib/text.ts';
import type { IsoDate } from '#lib/time/dates.ts';
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

/** The book's date and its calendar of business days. */
export class CalendarService {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
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
   * Sets the business date by hand: from then on it moves when told to. Throws 409 `business_date_closed` for an
   * earlier date than the open one. Locks the book's row.
   */
  async setDate(caller: Caller, businessDate: IsoDate): Promise<void> {
    const { db, bookId } = this.#context;
    await inTransaction(db, async (tx) => {
      const before = await holdBusinessDate(tx, bookId);
      if (businessDate < before) throw ledgerError('business_date_closed', { businessDate: before });
      await setBusinessDate(tx, bookId, businessDate);
      await recordAudit(tx, this.#context, {
        caller,
        operation: 'setBusinessDate',
        resourceType: 'business_date',
        before: { businessDate: before },
        after: { businessDate, datePolicy: 'manual' },
      });
    });
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
