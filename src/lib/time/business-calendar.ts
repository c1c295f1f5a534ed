import { assert } from '../assert.ts';
import { addDays, type IsoDate, weekdayOf } from './dates.ts';

/** No country is closed for this long: beyond it, the calendar is wrong. */
const MAX_DAYS_CLOSED = 60;

/** How far before a date its calendar knows the holidays, for the business day before it to be found. */
export const CALENDAR_DAYS_BACK = MAX_DAYS_CLOSED;

/** How far after a date its calendar must know the holidays for three business days to be found. */
export const CALENDAR_DAYS_AHEAD = 3 * MAX_DAYS_CLOSED;

/** The days on which a bank does business: every day that is neither a weekend nor a holiday. */
export class BusinessCalendar {
  readonly #weekendDays: ReadonlySet<number>;
  readonly #holidays: ReadonlySet<IsoDate>;

  /** `weekendDays` by ISO number, 1 Monday to 7 Sunday. */
  constructor(weekendDays: Iterable<number>, holidays: Iterable<IsoDate>) {
    this.#weekendDays = new Set(weekendDays);
    this.#holidays = new Set(holidays);
  }

  isBusinessDay(date: IsoDate): boolean {
    return !this.#weekendDays.has(weekdayOf(date)) && !this.#holidays.has(date);
  }

  /** The date itself if business is done on it, else the next day on which it is. */
  onOrAfter(date: IsoDate): IsoDate {
    for (let days = 0; days <= MAX_DAYS_CLOSED; days += 1) {
      const day = addDays(date, days);
      if (this.isBusinessDay(day)) return day;
    }
    assert(false, `business is done within ${MAX_DAYS_CLOSED} days of ${date}`);
  }

  /** The date itself if business is done on it, else the last day before it on which it is. */
  onOrBefore(date: IsoDate): IsoDate {
    for (let days = 0; days <= MAX_DAYS_CLOSED; days += 1) {
      const day = addDays(date, -days);
      if (this.isBusinessDay(day)) return day;
    }
    assert(false, `business is done within ${MAX_DAYS_CLOSED} days before ${date}`);
  }

  /** The first business day after a date. */
  after(date: IsoDate): IsoDate {
    return this.onOrAfter(addDays(date, 1));
  }
}
