import type { ClosingDay } from '#features/end-of-day/contract.ts';
import { lastOfMonth } from '#lib/time/calendar.ts';
import { addDays, addYears, type IsoDate } from '#lib/time/dates.ts';

/** The days that a closing ends: after the one before it, up to its own. */
export type ClosedDays = { readonly after: IsoDate; readonly through: IsoDate };

export function closedDays({ date, previous }: Pick<ClosingDay, 'date' | 'previous'>): ClosedDays {
  return { after: previous ?? addDays(date, -1), through: date };
}

/** The last days of months among days. */
export function monthEnds({ after, through }: ClosedDays): IsoDate[] {
  const ends: IsoDate[] = [];
  for (let end = lastOfMonth(addDays(after, 1)); end <= through; end = lastOfMonth(addDays(end, 1))) {
    ends.push(end);
  }
  return ends;
}

/** The anniversaries of a date among days: 29 February has its own on the 28th in common years. */
export function anniversaries(openedOn: IsoDate, { after, through }: ClosedDays): IsoDate[] {
  const years = (date: IsoDate): number => Number(date.slice(0, 4)) - Number(openedOn.slice(0, 4));
  const dates: IsoDate[] = [];
  for (let year = Math.max(1, years(after)); year <= years(through); year += 1) {
    const date = addYears(openedOn, year);
    if (date > after && date <= through) dates.push(date);
  }
  return dates;
}

/** A year of days has every day of every month. */
const WHOLE_YEAR = 366;

/** Days of the year, as MMDD, on which an account was opened that has an anniversary among days; undefined for all. */
export function openingDays({ after, through }: ClosedDays): string[] | undefined {
  const days: string[] = [];
  for (let day = addDays(after, 1); day <= through; day = addDays(day, 1)) {
    if (days.length === WHOLE_YEAR) return undefined;
    days.push(day.slice(5).replace('-', ''));
  }
  return days.includes('0228') ? [...days, '0229'] : days;
}
