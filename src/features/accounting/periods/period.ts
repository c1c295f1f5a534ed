import { assert } from '#lib/assert.ts';
import { notFound } from '#lib/errors.ts';
import { monthsAfter } from '#lib/time/calendar.ts';
import { type IsoDate, parseIsoDate } from '#lib/time/dates.ts';

/** A month of the books, by its first day. */
export type Period = IsoDate;

export type PeriodStatus = 'open' | 'soft_closed' | 'hard_closed';

/** How a period stands, and who made it so. */
export type PeriodState = {
  readonly period: Period;
  readonly status: PeriodStatus;
  readonly actor: string;
  readonly changedAtMs: number;
  readonly reason?: string | undefined;
};

/** A century of months: nobody closes more at once. */
const MAX_PERIODS = 1_200;

/** The period `2026-01`, as its first day. Throws 404 `not_found` for any other text. */
export function periodOf(text: string): Period {
  const period = parseIsoDate(`${text}-01`);
  if (period === undefined) throw notFound();
  return period;
}

/** The year `2026`. Throws 404 `not_found` for any other text. */
export function yearOf(text: string): number {
  return Number(periodOf(`${text}-01`).slice(0, 4));
}

/** `2026-01` */
export const periodText = (period: Period): string => period.slice(0, 7);

export function nextPeriod(period: Period): Period {
  return monthsAfter(period, 1);
}

/** All months from one to another. */
export function periodsBetween(first: Period, last: Period): Period[] {
  const periods: Period[] = [];
  for (let period = first; period <= last; period = nextPeriod(period)) {
    assert(periods.length < MAX_PERIODS, 'a century of months is closed at once at most');
    periods.push(period);
  }
  return periods;
}
