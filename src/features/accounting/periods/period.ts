import { assert } from '#lib/assert.ts';
import { notFound } from '#lib/errors.ts';
import { addDays, type IsoDate, isoDate, parseIsoDate } from '#lib/time/dates.ts';

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

/** The month that a date lies in. */
export const monthOf = (date: IsoDate): Period => isoDate(`${date.slice(0, 7)}-01`);

export function nextPeriod(period: Period): Period {
  return Temporal.PlainDate.from(period).add({ months: 1 }).toString() as Period;
}

export const lastDayOf = (period: Period): IsoDate => addDays(nextPeriod(period), -1);

/** All months from one to another. */
export function periodsBetween(first: Period, last: Period): Period[] {
  const periods: Period[] = [];
  for (let period = first; period <= last; period = nextPeriod(period)) {
    assert(periods.length < MAX_PERIODS, 'a century of months is closed at once at most');
    periods.push(period);
  }
  return periods;
}
