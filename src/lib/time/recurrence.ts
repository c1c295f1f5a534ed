import { assert } from '../assert.ts';
import { dateParts, daysBetween, monthIndex, monthsAfter } from './calendar.ts';
import { addDays, type IsoDate, weekdayOf } from './dates.ts';

export const RECURRENCE_UNITS = ['day', 'week', 'month', 'year'] as const;

/** The time from one due date to the next. */
export type Every = { readonly count: number; readonly unit: (typeof RECURRENCE_UNITS)[number] };

export const FREQUENCIES = ['weekly', 'monthly', 'quarterly', 'yearly'] as const;
export type Frequency = (typeof FREQUENCIES)[number];

const EVERY: Readonly<Record<Frequency, Every>> = {
  weekly: { count: 1, unit: 'week' },
  monthly: { count: 1, unit: 'month' },
  quarterly: { count: 3, unit: 'month' },
  yearly: { count: 1, unit: 'year' },
};

const DAYS_A_WEEK = 7;
const MONTHS_A_YEAR = 12;

/** The time that a frequency names. */
export function everyOf(frequency: Frequency): Every {
  return EVERY[frequency];
}

/** The word for such a time, if there is one. */
export function frequencyOf({ count, unit }: Every): Frequency | undefined {
  return FREQUENCIES.find((word) => EVERY[word].count === count && EVERY[word].unit === unit);
}

/**
 * When something falls due repeatedly. The anchor day never changes. It is the day of the month, 1 to 31, or the last
 * day of a shorter month (31 January, 28 February, 31 March). By the week, it is the ISO weekday, 1 to 7. By the day, it
 * has no meaning.
 */
export type Recurrence = {
  readonly every: Every;
  /** Nothing falls due before it. */
  readonly startOn: IsoDate;
  readonly anchorDay: number;
};

/** The anchor day of a recurrence that falls due on its first day. */
export function anchorOf({ unit }: Every, startOn: IsoDate): number {
  return unit === 'week' ? weekdayOf(startOn) : dateParts(startOn).day;
}

/** The first due date on or after a date. */
export function dueOnOrAfter(recurrence: Recurrence, date: IsoDate): IsoDate {
  const first = firstDue(recurrence);
  if (date <= first) return first;
  const { every, anchorDay } = recurrence;
  if (every.unit === 'day') return daysOnOrAfter(first, every.count, date);
  if (every.unit === 'week') return daysOnOrAfter(first, every.count * DAYS_A_WEEK, date);
  const step = every.unit === 'month' ? every.count : every.count * MONTHS_A_YEAR;
  return monthsOnOrAfter(first, anchorDay, step, date);
}

/** The first due date after a date. */
export function dueAfter(recurrence: Recurrence, date: IsoDate): IsoDate {
  return dueOnOrAfter(recurrence, addDays(date, 1));
}

/** The anchor day on the start date or next after it; whether monthly or yearly, the same. */
function firstDue({ every, startOn, anchorDay }: Recurrence): IsoDate {
  if (every.unit === 'day') return startOn;
  if (every.unit === 'week') {
    return addDays(startOn, (anchorDay - weekdayOf(startOn) + DAYS_A_WEEK) % DAYS_A_WEEK);
  }
  const first = monthsAfter(startOn, 0, { anchorDay });
  return first >= startOn ? first : monthsAfter(startOn, 1, { anchorDay });
}

function daysOnOrAfter(first: IsoDate, step: number, date: IsoDate): IsoDate {
  return addDays(first, Math.ceil(daysBetween(first, date) / step) * step);
}

function monthsOnOrAfter(first: IsoDate, anchorDay: number, step: number, date: IsoDate): IsoDate {
  const passed = Math.floor((monthIndex(date) - monthIndex(first)) / step);
  // Counted from the first, never from the one before: a short month would pull the anchor day down.
  for (const steps of [passed, passed + 1]) {
    const due = monthsAfter(first, steps * step, { anchorDay });
    if (due >= date) return due;
  }
  assert(false, 'a due date follows within one step');
}
