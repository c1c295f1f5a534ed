import { unreachable } from '../assert.ts';
import { dateParts, daysBetween, daysInMonth, daysInYear } from '../time/calendar.ts';
import { type IsoDate, isoDate } from '../time/dates.ts';
import { addFractions, type Fraction } from './fraction.ts';

/** How the days between two dates become a fraction of a year (ISDA 2006 Definitions, section 4.16). */
export const DAY_COUNTS = ['30/360', '30E/360', 'actual/360', 'actual/365', 'actual/actual'] as const;
export type DayCount = (typeof DAY_COUNTS)[number];

/**
 * Where `actual/actual` divides a period that crosses into another year. `isda`: 1 January begins the new year's
 * days. `december_31`: 31 December does, one day earlier, as some loan systems count.
 */
export const YEAR_SPLITS = ['isda', 'december_31'] as const;
export type YearSplit = (typeof YEAR_SPLITS)[number];

/** The fraction of a year from one date to a later one, exactly. */
export function yearFraction(
  dayCount: DayCount,
  from: IsoDate,
  to: IsoDate,
  yearSplit: YearSplit = 'isda',
): Fraction {
  switch (dayCount) {
    case '30/360':
      return over(days30Us(from, to), 360);
    case '30E/360':
      return over(days30European(from, to), 360);
    case 'actual/360':
      return over(daysBetween(from, to), 360);
    case 'actual/365':
      return over(daysBetween(from, to), 365);
    case 'actual/actual':
      return actualActual(from, to, yearSplit);
    default:
      return unreachable(dayCount);
  }
}

/**
 * Days in months of thirty, the US way (30/360, bond basis with the end of February): the last of February counts
 * as the 30th, the 31st as the 30th, on the later date only after a 30th or 31st.
 */
export function days30Us(from: IsoDate, to: IsoDate): number {
  const [start, end] = [dateParts(from), dateParts(to)];
  const startsAtFebruaryEnd = isFebruaryEnd(start);
  const startDay = startsAtFebruaryEnd ? 30 : Math.min(start.day, 30);
  let endDay = end.day;
  if (startsAtFebruaryEnd && isFebruaryEnd(end)) endDay = 30;
  if (endDay === 31 && startDay === 30) endDay = 30;
  return days360(start, end) + endDay - startDay;
}

/** Days in months of thirty, the European way (30E/360, eurobond basis): the 31st counts as the 30th, and that is all. */
export function days30European(from: IsoDate, to: IsoDate): number {
  const [start, end] = [dateParts(from), dateParts(to)];
  return days360(start, end) + Math.min(end.day, 30) - Math.min(start.day, 30);
}

type YearAndMonth = { readonly year: number; readonly month: number };

function days360(start: YearAndMonth, end: YearAndMonth): number {
  return 360 * (end.year - start.year) + 30 * (end.month - start.month);
}

function isFebruaryEnd({ year, month, day }: YearAndMonth & { readonly day: number }): boolean {
  return month === 2 && day === daysInMonth(year, 2);
}

/** Each day is a part of its own year: of 365, or of 366 in a leap year. */
function actualActual(from: IsoDate, to: IsoDate, yearSplit: YearSplit): Fraction {
  const [startYear, endYear] = [yearOf(from, yearSplit), yearOf(to, yearSplit)];
  if (startYear === endYear) return over(daysBetween(from, to), daysInYear(startYear));
  const first = over(daysBetween(from, startOf(startYear + 1, yearSplit)), daysInYear(startYear));
  const last = over(daysBetween(startOf(endYear, yearSplit), to), daysInYear(endYear));
  return addFractions(addFractions(first, last), over(endYear - startYear - 1, 1));
}

function yearOf(date: IsoDate, yearSplit: YearSplit): number {
  const { year, month, day } = dateParts(date);
  return yearSplit === 'december_31' && month === 12 && day === 31 ? year + 1 : year;
}

function startOf(year: number, yearSplit: YearSplit): IsoDate {
  return yearSplit === 'isda' ? isoDate(`${year}-01-01`) : isoDate(`${year - 1}-12-31`);
}

function over(numerator: number, denominator: number): Fraction {
  return { numerator: BigInt(numerator), denominator: BigInt(denominator) };
}
