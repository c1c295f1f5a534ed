import type { IsoDate } from '#lib/dates.ts';

/** When something happens again and again: on weekdays (1 Monday to 7 Sunday), or once in some months. */
export type Recurrence =
  | { readonly weekdays: readonly number[] }
  | { readonly day: number; readonly months?: readonly number[] };

/** 1 Monday to 7 Sunday. */
export function weekdayOf(date: IsoDate): number {
  return Temporal.PlainDate.from(date).dayOfWeek;
}

/** Monday to Friday; the demo's bank knows no holidays. */
export function isBankDay(date: IsoDate): boolean {
  return weekdayOf(date) <= 5;
}

/**
 * The day it falls due, if it is booked on `date`: a day of the month that is no bank day is booked on the next
 * one. Undefined if nothing is booked on `date`.
 */
export function dueOn(recurrence: Recurrence, date: IsoDate): IsoDate | undefined {
  if ('weekdays' in recurrence) return recurrence.weekdays.includes(weekdayOf(date)) ? date : undefined;
  const today = Temporal.PlainDate.from(date);
  for (const month of [today, today.subtract({ months: 1 })]) {
    if (recurrence.months !== undefined && !recurrence.months.includes(month.month)) continue;
    const due = month.with({ day: recurrence.day });
    if (nextBankDay(due).equals(today)) return due.toString() as IsoDate;
  }
  return undefined;
}

function nextBankDay(date: Temporal.PlainDate): Temporal.PlainDate {
  return date.dayOfWeek <= 5 ? date : date.add({ days: 8 - date.dayOfWeek });
}

/** The instant (ms since 1970) of a time of day, in seconds after midnight, in a time zone. */
export function instantAt(date: IsoDate, second: number, timeZone: string): number {
  const plainTime = new Temporal.PlainTime(0).add({ seconds: second });
  return Temporal.PlainDate.from(date).toZonedDateTime({ timeZone, plainTime }).epochMilliseconds;
}
