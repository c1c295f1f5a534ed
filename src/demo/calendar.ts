import { addDays, type IsoDate, weekdayOf } from '#lib/time/dates.ts';

/** When something recurs: on weekdays (1 Monday to 7 Sunday), or on a day of some months. */
export type Recurrence =
  | { readonly weekdays: readonly number[] }
  | { readonly day: number; readonly months?: readonly number[] | undefined };

/** A day with the days booked on it. The demo's bank knows no holidays. */
export type DemoDay = {
  readonly date: IsoDate;
  /** Counted from the first day, which is 0. */
  readonly number: number;
  readonly isSaturday: boolean;
  readonly isSunday: boolean;
  readonly isBankDay: boolean;
  /** The days whose payments are booked on this one: itself, and on a Monday the weekend before it. */
  readonly booked: readonly IsoDate[];
};

/** The day with this number, counted from the first (0). */
export function demoDay(firstDay: IsoDate, number: number): DemoDay {
  const date = addDays(firstDay, number);
  const weekday = weekdayOf(date);
  const isBankDay = weekday <= 5;
  const booked = weekday === 1 ? [addDays(date, -2), addDays(date, -1), date] : isBankDay ? [date] : [];
  return { date, number, isSaturday: weekday === 6, isSunday: weekday === 7, isBankDay, booked };
}

/** The day it fell due, if it is booked on this one. */
export function dueOn(recurrence: Recurrence, { date, booked, isBankDay }: DemoDay): IsoDate | undefined {
  if ('weekdays' in recurrence) {
    return isBankDay && recurrence.weekdays.includes(weekdayOf(date)) ? date : undefined;
  }
  const { day, months } = recurrence;
  return booked.find(
    (due) => Number(due.slice(8)) === day && (months?.includes(Number(due.slice(5, 7))) ?? true),
  );
}

/** The instant (ms since 1970) of a time of day, in seconds after midnight, in a time zone. */
export function instantAt(date: IsoDate, second: number, timeZone: string): number {
  const plainTime = new Temporal.PlainTime(0).add({ seconds: Math.trunc(second) });
  return Temporal.PlainDate.from(date).toZonedDateTime({ timeZone, plainTime }).epochMilliseconds;
}
