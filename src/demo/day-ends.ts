import type { Services } from '#bank/services.ts';
import type { ManualClock } from '#lib/time/clock.ts';
import { addDays, dateAt, type IsoDate } from '#lib/time/dates.ts';
import { instantAt } from './calendar.ts';
import type { DemoIds } from './demo-ids.ts';
import { DEMO_CALLER } from './open-accounts.ts';
import { type DemoYear, firstEndedDay } from './plan-year.ts';
import { earnAndCharge } from './products.ts';

/** Half past eleven at night: all payments of the day are in. */
const CLOSING_SECOND = 84_600;
/** The accounts of a year are ready in the middle of January. */
const YEAR_CLOSED_ON = '-01-15';

/** An hour after midnight: the first day that is ended has begun, and nothing has happened on it. */
const BEGIN_SECOND = 3_600;

/**
 * Ends the last days of the demo's year, but the very last: that is open when the demo begins. What is earned and charged
 * day by day begins with the first of them.
 */
export class DayEnds {
  readonly #services: Services;
  readonly #ids: DemoIds;
  readonly #clock: ManualClock;
  readonly #year: DemoYear;
  #next: IsoDate;
  #hasBegun = false;

  constructor(services: Services, ids: DemoIds, clock: ManualClock, year: DemoYear) {
    this.#services = services;
    this.#ids = ids;
    this.#clock = clock;
    this.#year = year;
    this.#next = firstEndedDay(year);
  }

  /** Ends the days that are over at an instant. */
  async endBefore(atMs: number): Promise<void> {
    const date = dateAt(atMs, this.#year.timeZone);
    if (!this.#hasBegun && date >= this.#next) await this.#begin();
    while (this.#next < date && this.#next < this.#year.lastDay) await this.#end();
  }

  /** Ends the days that are left. */
  async endRest(): Promise<void> {
    while (this.#next < this.#year.lastDay) await this.#end();
  }

  async #begin(): Promise<void> {
    this.#hasBegun = true;
    this.#moveTo(BEGIN_SECOND);
    await earnAndCharge(this.#services, this.#next);
  }

  /** To a second of the day that is ended next. */
  #moveTo(second: number): void {
    const atMs = instantAt(this.#next, second, this.#year.timeZone);
    this.#clock.setMs(atMs);
    this.#ids.moveTo(atMs);
  }

  async #end(): Promise<void> {
    const date = this.#next;
    const { endOfDay, years } = this.#services;
    this.#moveTo(CLOSING_SECOND);
    // A day of the year before lies in the books.
    if (date.endsWith(YEAR_CLOSED_ON) && this.#year.firstDay < `${date.slice(0, 4)}-01-01`) {
      await years.close(DEMO_CALLER, Number(date.slice(0, 4)) - 1, 'Annual accounts');
    }
    await endOfDay.closeThrough(DEMO_CALLER, date);
    this.#next = addDays(date, 1);
  }
}
