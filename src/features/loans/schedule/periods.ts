import { unreachable } from '#lib/assert.ts';
import { yearFraction } from '#lib/money/day-count.ts';
import type { Fraction } from '#lib/money/fraction.ts';
import { dateParts, daysBetween, monthsAfter, wholeMonths } from '#lib/time/calendar.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import type { LoanTerms } from './terms.ts';

/** One instalment's period: interest accrues on the days after `startsOn` up to and including `dueOn`. */
export type Period = {
  readonly startsOn: IsoDate;
  readonly dueOn: IsoDate;
  /** From one due date to the next; the first period may be longer or shorter. */
  readonly isRegular: boolean;
  /** When it is to be paid, if the due date moved and interest did not move with it. */
  readonly payableOn?: IsoDate | undefined;
};

/** When a period's instalment is to be paid. */
export function payableOn({ dueOn, payableOn: moved }: Pick<Period, 'dueOn' | 'payableOn'>): IsoDate {
  return moved ?? dueOn;
}

/** More than a hundred years of days: no loan is longer. */
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
  | 'moved'
>;

/** The date `steps` regular periods after a date. */
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

/** The periods of a loan. Each due date is counted from the first, so that a short month shifts no later one. */
export function periodsOf(dates: Dates): Period[] {
  const periods: Period[] = [];
  const isFirstRegular = startsRegularly(dates);
  const skipped = dates.skippedInstalments ?? 0;
  const movesInterest = dates.moved?.interestTo === 'moved';
  const endOf = (index: number): IsoDate =>
    movesInterest ? movedDueDate(dates, index) : dueDate(dates, index);
  let startsOn = skipped === 0 ? dates.scheduleStartsOn : endOf(skipped - 1);
  for (let index = skipped; index < skipped + dates.instalments; index++) {
    const dueOn = endOf(index);
    const isNominal =
      dueOn === dueDate(dates, index) && (index === 0 || startsOn === dueDate(dates, index - 1));
    const isRegular = isNominal && (index > 0 || isFirstRegular);
    const payable = movedDueDate(dates, index);
    periods.push({ startsOn, dueOn, isRegular, ...(payable === dueOn ? {} : { payableOn: payable }) });
    startsOn = dueOn;
  }
  return periods;
}

/** Due dates by their rule, of terms without moved ones: each moved date, which stays after the one before it. */
export function nominalDueDates(dates: Dates): IsoDate[] {
  const skipped = dates.skippedInstalments ?? 0;
  return Array.from({ length: dates.instalments }, (_, index) => dueDate(dates, skipped + index));
}

function movedDueDate(dates: Dates, index: number): IsoDate {
  const nominal = dueDate(dates, index);
  return dates.moved?.dates.find(({ from }) => from === nominal)?.to ?? nominal;
}

/** The due date of the last instalment. */
export function lastDueDate(dates: Dates): IsoDate {
  return movedDueDate(dates, (dates.skippedInstalments ?? 0) + dates.instalments - 1);
}

/** The number of due dates of a loan on or before a date, counted from its very first. */
export function dueDatesUpTo(dates: Dates, on: IsoDate): number {
  let count = 0;
  while (count < MAX_DUE_DATES && movedDueDate(dates, count) <= on) count += 1;
  return count;
}

function startsRegularly({ scheduleStartsOn, firstDueOn, every, monthEnd }: Dates): boolean {
  return regularFirstDue(scheduleStartsOn, { every, monthEnd }) === firstDueOn;
}

/** The default due date of the first instalment. */
export function regularFirstDue(startsOn: IsoDate, steps: Pick<LoanTerms, 'every' | 'monthEnd'>): IsoDate {
  return stepFrom(startsOn, 1, { ...steps, anchorDay: dateParts(startsOn).day });
}

/** A regular period is counted from the start: its first due date may have rolled into the next month. */
function dueDate(dates: Dates, index: number): IsoDate {
  if (startsRegularly(dates)) return stepFrom(dates.scheduleStartsOn, index + 1, dates);
  return stepFrom(dates.firstDueOn, index, dates);
}

type Counting = Pick<LoanTerms, 'every' | 'interestPer' | 'dayCount' | 'yearSplit'>;

/**
 * The fraction of a year between two dates within a period. Per day it is the day count's. Per period, and for 30/360,
 * every month counts the same. A part of a month is its days over the days of that month. Weeks and days are 7 and 1
 * days of a year of 364 (52 weeks), 365 or 360.
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

/** Months from the start of a period: whole ones, plus days over the days of the current month. */
function monthsFrom(startsOn: IsoDate, date: IsoDate): Fraction {
  const whole = wholeMonths(startsOn, date);
  const begun = monthsAfter(startsOn, whole);
  const length = daysBetween(begun, monthsAfter(startsOn, whole + 1));
  return {
    numerator: BigInt(whole * length + daysBetween(begun, date)),
    denominator: BigInt(length),
  };
}
