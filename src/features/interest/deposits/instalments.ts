import { addDays, type IsoDate } from '#lib/time/dates.ts';
import type { Frequency } from '#lib/time/recurrence.ts';
import { monthsKeepingEnd } from '../accrual/periods.ts';
import { maturityDate, type Term } from './maturity.ts';

/** A hundred years of months: more are a mistyped term. */
export const MAX_INSTALMENTS = 1_200;

const DAYS_A_WEEK = 7;
const MONTHS = { monthly: 1, quarterly: 3, yearly: 12 } as const;

/** What a product says of instalments; amounts in minor units. */
export type InstalmentTerms = {
  /** Days after its due date on which an instalment is still collected. Then it is missed. */
  readonly graceDays: number;
  /** Taken from the deposit for each missed instalment. */
  readonly missedFeeMinor: bigint;
  /** Taken off the rate for each missed instalment, from that day on, in ppm. */
  readonly missedRateCutPpm: bigint;
  /** Whether a missed instalment is collected after the last one, and the maturity moves with it. */
  readonly postponesMaturity: boolean;
  /** How many are missed when the deposit is closed; undefined for never. */
  readonly closedAfterMissed: number | undefined;
};

/** When a deposit is made, for how long, and how often it is paid into. */
export type InstalmentRhythm = {
  readonly openedOn: IsoDate;
  readonly term: Term;
  readonly frequency: Frequency;
};

/** The day on which an instalment falls due, the first one on the first day. The end of a month stays one. */
export function instalmentDate(
  { openedOn, frequency }: Omit<InstalmentRhythm, 'term'>,
  number: number,
): IsoDate {
  const periods = number - 1;
  return frequency === 'weekly'
    ? addDays(openedOn, DAYS_A_WEEK * periods)
    : monthsKeepingEnd(openedOn, MONTHS[frequency] * periods);
}

/** How many instalments fall due before the end of the term, MAX_INSTALMENTS + 1 at most. */
export function countInstalments(rhythm: InstalmentRhythm): number {
  const end = nominalMaturity(rhythm, 0);
  let count = 1;
  while (count <= MAX_INSTALMENTS && instalmentDate(rhythm, count + 1) < end) count += 1;
  return count;
}

/** The end of the term, with as many periods of the instalments behind it. */
export function nominalMaturity({ openedOn, term, frequency }: InstalmentRhythm, periods: number): IsoDate {
  if (frequency === 'weekly') return addDays(maturityDate(openedOn, term), DAYS_A_WEEK * periods);
  if (periods === 0) return maturityDate(openedOn, term);
  return maturityDate(openedOn, { unit: term.unit, count: term.count + MONTHS[frequency] * periods });
}

/** What is left of a rate after missed instalments; both in ppm, and not below zero. */
export function rateAfterMissed(ratePpm: bigint, missedRateCutPpm: bigint, missed: number): bigint {
  const left = ratePpm - missedRateCutPpm * BigInt(missed);
  return left > 0n ? left : 0n;
}
