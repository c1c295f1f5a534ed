import { unreachable } from '#lib/assert.ts';
import { yearFraction } from '#lib/money/day-count.ts';
import type { Fraction } from '#lib/money/fraction.ts';
import { dateParts, daysBetween, monthsAfter, wholeMonths } from '#lib/time/calendar.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import type { LoanTerms } from './terms.ts';

/** One instalment's time: interest runs for the days after `startsOn` up to and with `dueOn`. */
export type Period = {
  readonly startsOn: IsoDate;
  readonly dueOn: IsoDate;
  /** From one due date to the next; the first period may be longer or shorter. */
  readonly isRegular: boolean;
};

/** A hundred years of days and more: no loan is longer. */
const MAX_DUE_DATES = 40_000;

type Dates = Pick<
  LoanTerms,
  | 'scheduleStartsOn'
  | 'firstDueOn'
  | 'every'
  | 'anchorDay'
  | 'monthEnd'
  | 'instalments'
  | 'skippedInstalments'
>;

/** The date `steps` regular periods after one. */
function stepFrom(
  from: IsoDate,
  steps: number,
  { every, anchorDay, monthEnd }: Pick<LoanTerms, 'every' | 'anchorDay' | 'monthEnd'>,
): IsoDate {
  const count = every.count * steps;
  switch (every.unit) {
    case 'month':
      return monthsAfter(from, count, { anchorDay, monthEnd });
    case 'week':
      return addDays(from, 7 * count);
    case 'day':
      return addDays(from, count);
    default:
      return unreachable(every.unit);
  }
}

/** The periods of a loan: each due date is counted from the first, so that a short month shifts no later one. */
export function periodsOf(dates: Dates): Period[] {
  const periods: Period[] = [];
  const isFirstRegular = startsRegularly(dates);
  const skipped = dates.skippedInstalments ?? 0;
  let startsOn = skipped === 0 ? dates.scheduleStartsOn : dueDate(dates, skipped - 1);
  for (let index = skipped; index < skipped + dates.instalments; index++) {
    const dueOn = dueDate(dates, index);
    periods.push({ startsOn, dueOn, isRegular: index > 0 || isFirstRegular });
    startsOn = dueOn;
  }
  return periods;
}

/** When the last instalment is due. */
export function lastDueDate(dates: Dates): IsoDate {
  return dueDate(dates, (dates.skippedInstalments ?? 0) + dates.instalments - 1);
}

/** How many due dates of a loan, counted from its very first, lie on a date or before it. */
export function dueDatesUpTo(dates: Dates, on: IsoDate): number {
  let count = 0;
  while (count < MAX_DUE_DATES && dueDate(dates, count) <= on) count += 1;
  return count;
}

function startsRegularly({ scheduleStartsOn, firstDueOn, every, monthEnd }: Dates): boolean {
  return regularFirstDue(scheduleStartsOn, { every, monthEnd }) === firstDueOn;
}

/** When the first instalment is due if nothing else is said. */
export function regularFirstDue(startsOn: IsoDate, steps: Pick<LoanTerms, 'every' | 'monthEnd'>): IsoDate {
  return stepFrom(startsOn, 1, { ...steps, anchorDay: dateParts(startsOn).day });
}

/** A regular one is counted from the start: its first due date may have been rolled into the month after. */
function dueDate(dates: Dates, index: number): IsoDate {
  if (startsRegularly(dates)) return stepFrom(dates.scheduleStartsOn, index + 1, dates);
  return stepFrom(dates.firstDueOn, index, dates);
}

type Counting = Pick<LoanTerms, 'every' | 'interestPer' | 'dayCount' | 'yearSplit'>;

/**
 * The part of a year from one date to another within a period. Per day it is the day count's. Per period, and for
 * 30/360, a month is a month whatever its length, and a part of one is its days over the days of that month; weeks
 * and days are 7 and 1 days of a year of 364 (52 weeks), 365 or 360.
 */
export function partOfYear(period: Period, from: IsoDate, to: IsoDate, counting: Counting): Fraction {
  const { every, interestPer, dayCount, yearSplit } = counting;
  if (from === to) return { numerator: 0n, denominator: 1n };
  if (interestPer === 'day' && dayCount !== '30/360') return yearFraction(dayCount, from, to, yearSplit);
  if (every.unit === 'month') return monthsWithin(period, from, to, every.count);
  const daysOfYear = interestPer === 'day' ? 360n : every.unit === 'week' ? 364n : 365n;
  return { numerator: BigInt(daysBetween(from, to)), denominator: daysOfYear };
}

/** Twelfths of a year. */
function monthsWithin(period: Period, from: IsoDate, to: IsoDate, count: number): Fraction {
  const { startsOn, dueOn, isRegular } = period;
  if (isRegular) {
    if (from === startsOn && to === dueOn) return { numerator: BigInt(count), denominator: 12n };
    const days = BigInt(count * daysBetween(from, to));
    return { numerator: days, denominator: 12n * BigInt(daysBetween(startsOn, dueOn)) };
  }
  const [start, end] = [monthsFrom(startsOn, from), monthsFrom(startsOn, to)];
  return {
    numerator: end.numerator * start.denominator - start.numerator * end.denominator,
    denominator: 12n * end.denominator * start.denominator,
  };
}

/** Months from the start of a period: whole ones, and days over the days of the month that has begun. */
function monthsFrom(startsOn: IsoDate, date: IsoDate): Fraction {
  const whole = wholeMonths(startsOn, date);
  const begun = monthsAfter(startsOn, whole);
  const length = daysBetween(begun, monthsAfter(startsOn, whole + 1));
  return {
    numerator: BigInt(whole * length + daysBetween(begun, date)),
    denominator: BigInt(length),
  };
}
