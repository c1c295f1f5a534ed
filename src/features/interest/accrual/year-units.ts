import { unreachable } from '#lib/assert.ts';
import { days30European, days30Us } from '#lib/money/day-count.ts';
import { dateParts, daysBetween, daysInYear, monthIndex } from '#lib/time/calendar.ts';
import { type IsoDate, isoDate } from '#lib/time/dates.ts';
import type { InterestTerms } from '../terms/terms.ts';
import { periodOf } from './periods.ts';

/**
 * Parts of a year in which a day is a whole number by each day count: the least common multiple of 360, 365, 366, and of
 * the days of twelve equal months of 28, 29, 30 or 31.
 */
export const YEAR_UNITS = 20_176_364_880;
/** Those of a day, by the days of the year. */
const DAY_UNITS = { 360: YEAR_UNITS / 360, 365: YEAR_UNITS / 365, 366: YEAR_UNITS / 366 } as const;
const MONTH_UNITS = YEAR_UNITS / 12;

/** Where a period of interest began: months of thirty days are counted from there. */
export type Origin = { readonly periodFrom: IsoDate; readonly openedOn: IsoDate };

type Counting = Pick<
  InterestTerms,
  'dayCount' | 'interestPer' | 'posting' | 'periodsFrom' | 'postingDay' | 'postingMonth'
>;

/**
 * The parts of a year from a date to a later one, which is not counted itself. Months of thirty days are counted from
 * the beginning of the period, so that its days add up to the period's count however it is divided.
 */
export function yearUnits(counting: Counting, origin: Origin, from: IsoDate, until: IsoDate): number {
  if (counting.interestPer === 'period') return monthUnits(counting, origin, from, until);
  const { dayCount } = counting;
  switch (dayCount) {
    case 'actual/360':
      return daysBetween(from, until) * DAY_UNITS[360];
    case 'actual/365':
      return daysBetween(from, until) * DAY_UNITS[365];
    case 'actual/366':
      return daysBetween(from, until) * DAY_UNITS[366];
    case 'actual/actual':
      return actualUnits(from, until);
    case '30E/360':
      return days30European(from, until) * DAY_UNITS[360];
    case '30/360':
      return (days30Us(origin.periodFrom, until) - days30Us(origin.periodFrom, from)) * DAY_UNITS[360];
    default:
      return unreachable(dayCount);
  }
}

/** The days that a stretch counts for, out of how many in the year; undefined where months count and not days. */
export function countedDays(
  { dayCount, interestPer }: Counting,
  from: IsoDate,
  units: number,
): { readonly days: number; readonly ofYear: number } | undefined {
  if (interestPer === 'period') return undefined;
  const ofYear = daysOfYear(dayCount, from);
  return { days: units / DAY_UNITS[ofYear], ofYear };
}

function daysOfYear(dayCount: InterestTerms['dayCount'], on: IsoDate): 360 | 365 | 366 {
  if (dayCount === 'actual/365') return 365;
  if (dayCount === 'actual/366') return 366;
  return dayCount === 'actual/actual' ? daysInYear(dateParts(on).year) : 360;
}

/** Each day is a part of its own year. */
function actualUnits(from: IsoDate, until: IsoDate): number {
  const [first, last] = [dateParts(from).year, dateParts(until).year];
  if (first === last) return daysBetween(from, until) * DAY_UNITS[daysInYear(first)];
  const [begun, ended] = [isoDate(`${first + 1}-01-01`), isoDate(`${last}-01-01`)];
  return (
    daysBetween(from, begun) * DAY_UNITS[daysInYear(first)] +
    (last - first - 1) * YEAR_UNITS +
    daysBetween(ended, until) * DAY_UNITS[daysInYear(last)]
  );
}

function monthUnits(counting: Counting, { openedOn }: Origin, from: IsoDate, until: IsoDate): number {
  return monthPlace(counting, openedOn, until) - monthPlace(counting, openedOn, from);
}

/** Whole months of interest before a date, and of the one it lies in its days over the month's. */
function monthPlace(counting: Counting, openedOn: IsoDate, date: IsoDate): number {
  const month = periodOf('monthly', date, counting, openedOn);
  const length = daysBetween(month.from, month.to) + 1;
  return monthIndex(month.to) * MONTH_UNITS + daysBetween(month.from, date) * (MONTH_UNITS / length);
}
