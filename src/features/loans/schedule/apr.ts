import { unreachable } from '#lib/assert.ts';
import { type CashFlow, rateOfReturn } from '#lib/money/rate-of-return.ts';
import { daysBetween, monthsAfter, wholeMonthsBack } from '#lib/time/calendar.ts';
import { addDays, addYears, type IsoDate } from '#lib/time/dates.ts';
import { scheduleError } from './errors.ts';
import type { PeriodUnit } from './terms.ts';

/** The law that defines the annual rate. */
export const APR_RULES = ['eu', 'us', 'uk'] as const;
export type AprRule = (typeof APR_RULES)[number];

/** Money that moves: above zero to the borrower, below zero from the borrower. Minor units. */
export type DatedFlow = { readonly on: IsoDate; readonly amountMinor: bigint };

/** The unit in which payments are counted. Half months (the 1st and the 16th) belong to the US rule alone. */
export type UnitPeriod =
  | { readonly unit: PeriodUnit; readonly count: number }
  | { readonly unit: 'half_month'; readonly count: 1 };

/**
 * The annual percentage rate of dated flows, the first disbursement first, as a ratio (0.1268 is 12.68 %). Throws 422
 * `apr_not_computable` when there is no rate.
 *
 * - `eu`: Directives 2008/48/EC, 2014/17/EU and (EU) 2023/2225, annexes on the APR: the yearly compounding rate, with
 *   times in twelfths (months), 52nds (weeks) or whole years, and the rest in days of the year they lie in.
 * - `uk`: the same equation; the rest is in days of a year of 365.25 (as Directive 98/7/EC allowed).
 * - `us`: Regulation Z, appendix J, actuarial method: the rate per unit-period times the unit-periods of a year, with
 *   simple interest for a broken one.
 */
export function annualPercentageRate(
  rule: AprRule,
  flows: readonly DatedFlow[],
  unitPeriod: UnitPeriod,
): number {
  const origin = flows[0]?.on;
  if (origin === undefined) throw scheduleError('apr_not_computable');
  const unit = rule === 'us' ? capToYear(unitPeriod) : unitPeriod;
  const timed = flows.map(({ on, amountMinor }): CashFlow => {
    return { amount: Number(amountMinor), ...timeOf(rule, origin, on, unit) };
  });
  const rate = rateOfReturn(timed);
  if (rate === undefined) throw scheduleError('apr_not_computable');
  return rule === 'us' ? rate * unitsPerYear(unit) : rate;
}

function timeOf(rule: AprRule, origin: IsoDate, on: IsoDate, unit: UnitPeriod): Omit<CashFlow, 'amount'> {
  switch (rule) {
    case 'eu':
      return { periods: euYears(origin, on, unit) };
    case 'uk':
      return { periods: ukYears(origin, on, unit) };
    case 'us':
      return unitPeriods(origin, on, unit);
    default:
      return unreachable(rule);
  }
}

/** Whole units count back from the later date; days before them are a fraction of the year that ends there. */
function euYears(origin: IsoDate, on: IsoDate, { unit }: UnitPeriod): number {
  if (unit === 'week') {
    const weeks = Math.floor(daysBetween(origin, on) / 7);
    return weeks / 52 + partOfYearBefore(origin, addDays(on, -7 * weeks));
  }
  const months = monthsBack(origin, on);
  const whole = unit === 'day' ? months - (months % 12) : months;
  return whole / 12 + (isWhole(origin, on, whole) ? 0 : partOfYearBefore(origin, monthsAfter(on, -whole)));
}

function partOfYearBefore(origin: IsoDate, until: IsoDate): number {
  const days = daysBetween(origin, until);
  return days === 0 ? 0 : days / daysBetween(addYears(until, -1), until);
}

function ukYears(origin: IsoDate, on: IsoDate, { unit }: UnitPeriod): number {
  if (unit !== 'month') return daysBetween(origin, on) / 365.25;
  const months = monthsBack(origin, on);
  const left = isWhole(origin, on, months) ? 0 : daysBetween(origin, monthsAfter(on, -months));
  return months / 12 + left / 365.25;
}

/**
 * Whole unit-periods, and the fraction before them (appendix J, (b)(5)): its months have 30 days, its half months 15.
 */
function unitPeriods(origin: IsoDate, on: IsoDate, { unit, count }: UnitPeriod): Omit<CashFlow, 'amount'> {
  if (unit === 'week' || unit === 'day') {
    const length = unit === 'week' ? 7 * count : count;
    const days = daysBetween(origin, on);
    return { periods: Math.floor(days / length), simple: (days % length) / length };
  }
  const months = monthsBack(origin, on);
  const left = isWhole(origin, on, months) ? 0 : daysBetween(origin, monthsAfter(on, -months));
  if (unit === 'half_month') {
    const halves = 2 * months + (left >= 15 ? 1 : 0);
    return { periods: halves, simple: (left % 15) / 15 };
  }
  const days = (months % count) * 30 + left;
  return { periods: Math.floor(months / count), simple: days / (30 * count) };
}

/** A unit-period is no longer than a year. */
function capToYear(unitPeriod: UnitPeriod): UnitPeriod {
  const { unit, count } = unitPeriod;
  if (unit === 'half_month') return unitPeriod;
  return { unit, count: Math.min(count, unitsPerYear({ unit, count: 1 })) };
}

function unitsPerYear({ unit, count }: UnitPeriod): number {
  switch (unit) {
    case 'month':
      return 12 / count;
    case 'half_month':
      return 24 / count;
    case 'week':
      return 52 / count;
    case 'day':
      return 365 / count;
    default:
      return unreachable(unit);
  }
}

/** Whole months, including those that a short month ends early: 31 January to 28 February is one. */
function monthsBack(origin: IsoDate, on: IsoDate): number {
  const months = wholeMonthsBack(origin, on);
  return isWhole(origin, on, months + 1) ? months + 1 : months;
}

function isWhole(origin: IsoDate, on: IsoDate, months: number): boolean {
  return monthsAfter(origin, months) === on;
}
