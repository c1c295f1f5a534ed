import { type IsoDate, isoDate } from './dates.ts';

const DAY_MS = 86_400_000;

/**
 * How to replace a day that a month lacks: `clamp` takes the month's last day, `roll` the first of the next month.
 * Later months have the day again.
 */
export type MonthEnd = 'clamp' | 'roll';
export const MONTH_ENDS = ['clamp', 'roll'] as const;

/** The parts of a date: month 1 to 12, day 1 to 31. */
export type DateParts = { readonly year: number; readonly month: number; readonly day: number };

export function dateParts(date: IsoDate): DateParts {
  return {
    year: Number(date.slice(0, 4)),
    month: Number(date.slice(5, 7)),
    day: Number(date.slice(8, 10)),
  };
}

/** Days since 1970-01-01, in the Gregorian calendar. */
function epochDay(date: IsoDate): number {
  const { year, month, day } = dateParts(date);
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

/** Days from one date to another: the first is not counted, the last is. Negative when it lies before. */
export function daysBetween(from: IsoDate, to: IsoDate): number {
  return epochDay(to) - epochDay(from);
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

export function daysInYear(year: number): 365 | 366 {
  return isLeapYear(year) ? 366 : 365;
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (MONTH_DAYS[month - 1] ?? 0);
}

/**
 * The date `months` later (or earlier, when negative) on the day `anchorDay`, which is the date's own unless given:
 * an instalment on the 31st is due on 28 February and on 31 March. Throws 400 `validation_failed` for a date that
 * lies outside the calendar.
 */
export function monthsAfter(
  date: IsoDate,
  months: number,
  {
    anchorDay = dateParts(date).day,
    monthEnd = 'clamp',
  }: { readonly anchorDay?: number; readonly monthEnd?: MonthEnd } = {},
): IsoDate {
  const { year, month } = dateParts(date);
  const index = year * 12 + month - 1 + months;
  const target = { year: Math.floor(index / 12), month: (((index % 12) + 12) % 12) + 1 };
  const last = daysInMonth(target.year, target.month);
  if (anchorDay <= last) return toDate({ ...target, day: anchorDay });
  if (monthEnd === 'clamp') return toDate({ ...target, day: last });
  // A month that lacks a day is never December.
  return toDate({ year: target.year, month: target.month + 1, day: 1 });
}

/** The first day of a date's month. */
export const firstOfMonth = (date: IsoDate): IsoDate => monthsAfter(date, 0, { anchorDay: 1 });

/** The last day of a date's month. */
export const lastOfMonth = (date: IsoDate): IsoDate => monthsAfter(date, 0, { anchorDay: 31 });

/** The first day of a date's year. */
export const firstOfYear = (date: IsoDate): IsoDate => isoDate(`${date.slice(0, 4)}-01-01`);

/** Whole months from one date to a later one, with the date on which they end counted forwards: `clamp` holds. */
export function wholeMonths(from: IsoDate, to: IsoDate): number {
  const months = monthIndex(to) - monthIndex(from);
  return monthsAfter(from, months) > to ? months - 1 : months;
}

/** Whole months counted backwards from a date to an earlier one. */
export function wholeMonthsBack(from: IsoDate, to: IsoDate): number {
  const months = monthIndex(to) - monthIndex(from);
  return monthsAfter(to, -months) < from ? months - 1 : months;
}

/** The number of a date's month, counted through all years: differences are months. */
export function monthIndex(date: IsoDate): number {
  const { year, month } = dateParts(date);
  return year * 12 + month;
}

/** From parts known to be valid: isoDate, which uses Temporal, would take ten times as long. */
function toDate({ year, month, day }: DateParts): IsoDate {
  const text = `${year}-${month < 10 ? '0' : ''}${month}-${day < 10 ? '0' : ''}${day}`;
  return year >= 1800 && year <= 9999 ? (text as IsoDate) : isoDate(text);
}
