import { assert } from '../assert.ts';
import { dateParts, monthIndex, monthsAfter } from './calendar.ts';
import { addDays, type IsoDate, weekdayOf } from './dates.ts';

export const FREQUENCIES = ['weekly', 'monthly', 'quarterly', 'yearly'] as const;
export type Frequency = (typeof FREQUENCIES)[number];

const DAYS_A_WEEK = 7;
const MONTHS: Readonly<Record<Exclude<Frequency, 'weekly'>, number>> = {
  monthly: 1,
  quarterly: 3,
  yearly: 12,
};

/**
 * When something falls due repeatedly. The anchor day never changes. It is the day of the month, 1 to 31, or the last
 * day of a shorter month (31 January, 28 February, 31 March). If weekly, it is the ISO weekday, 1 to 7.
 */
export type Recurrence = {
  readonly frequency: Frequency;
  /** Nothing falls due before it. */
  readonly startOn: IsoDate;
  readonly anchorDay: number;
};

/** The anchor day of a recurrence that falls due on its first day. */
export function anchorOf(frequency: Frequency, startOn: IsoDate): number {
  return frequency === 'weekly' ? weekdayOf(startOn) : dateParts(startOn).day;
}

/** The first due date on or after a date. */
export function dueOnOrAfter(recurrence: Recurrence, date: IsoDate): IsoDate {
  const first = firstDue(recurrence);
  if (date <= first) return first;
  return recurrence.frequency === 'weekly'
    ? weeklyOnOrAfter(first, date)
    : monthlyOnOrAfter(first, recurrence.anchorDay, MONTHS[recurrence.frequency], date);
}

/** The first due date after a date. */
export function dueAfter(recurrence: Recurrence, date: IsoDate): IsoDate {
  return dueOnOrAfter(recurrence, addDays(date, 1));
}

/** The anchor day on the start date or next after it; whether monthly or yearly, the same. */
function firstDue({ frequency, startOn, anchorDay }: Recurrence): IsoDate {
  if (frequency === 'weekly') {
    return addDays(startOn, (anchorDay - weekdayOf(startOn) + DAYS_A_WEEK) % DAYS_A_WEEK);
  }
  const first = monthsAfter(startOn, 0, { anchorDay });
  return first >= startOn ? first : monthsAfter(startOn, 1, { anchorDay });
}

function weeklyOnOrAfter(first: IsoDate, date: IsoDate): IsoDate {
  return addDays(date, (weekdayOf(first) - weekdayOf(date) + DAYS_A_WEEK) % DAYS_A_WEEK);
}

function monthlyOnOrAfter(first: IsoDate, anchorDay: number, step: number, date: IsoDate): IsoDate {
  const passed = Math.floor((monthIndex(date) - monthIndex(first)) / step);
  // Counted from the first, never from the one before: a short month would pull the anchor day down.
  for (const steps of [passed, passed + 1]) {
    const due = monthsAfter(first, steps * step, { anchorDay });
    if (due >= date) return due;
  }
  assert(false, 'a due date follows within one step');
}
