import type { Context } from '#db/context.ts';
import { selectBookDay } from '#features/calendar/contract.ts';
import type { EndOfDayService } from '#features/end-of-day/contract.ts';
import { Repeater } from '#lib/concurrency/repeater.ts';
import { addDays, dateAt, hasCome, type IsoDate, type TimeOfDay } from '#lib/time/dates.ts';

/** Soon enough for a time given to the minute. */
const LOOK_EVERY_MS = 30_000;
const NOON = 12;

/** The actor of a day that the timer closes. */
const CALLER = { actor: 'timer', role: 'operator' } as const;

/**
 * The last date due to be closed at an instant, for a time of day: from noon on, the day itself; in the morning, the
 * day before it.
 */
export function lastDateDue(instantMs: number, time: TimeOfDay, timeZone: string): IsoDate {
  const today = dateAt(instantMs, timeZone);
  const at = hasCome(instantMs, today, time, timeZone) ? today : addDays(today, -1);
  return time.hour >= NOON ? at : addDays(at, -1);
}

/**
 * Closes the day of a book that follows the clock, once a day at a time, and days that were missed before it. A date
 * that is moved by hand is left alone. The first date to be closed is the one that is open when the time comes.
 */
export class EndOfDayTimer {
  readonly #services: { readonly context: Context; readonly endOfDay: EndOfDayService };
  readonly #time: TimeOfDay;
  readonly #repeater: Repeater;

  constructor(
    services: { readonly context: Context; readonly endOfDay: EndOfDayService },
    time: TimeOfDay,
    onError: (error: unknown) => void,
  ) {
    this.#services = services;
    this.#time = time;
    // It is tried again later; the operator must learn why it failed.
    this.#repeater = new Repeater(() => this.look(), { restMs: () => LOOK_EVERY_MS, onError });
  }

  start(): void {
    this.#repeater.start();
  }

  /** The closing of a day ends with its database connection; the next server goes on with it. */
  stop(): void {
    void this.#repeater.stop();
  }

  /** Closes what is due now. */
  async look(): Promise<void> {
    const { context, endOfDay } = this.#services;
    const { db, bookId, clock } = context;
    const { datePolicy, timeZone, closedThrough, businessDate } = await selectBookDay(db, bookId);
    if (datePolicy !== 'calendar') return;
    const due = lastDateDue(clock.nowMs(), this.#time, timeZone);
    if (due <= (closedThrough ?? addDays(businessDate, -1))) return;
    await endOfDay.closeThrough(CALLER, due, { heedsStop: true });
  }
}
