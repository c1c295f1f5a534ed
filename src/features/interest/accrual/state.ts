import { divideRounded } from '#lib/money/fraction.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { DayRates } from '../terms/day-rates.ts';
import { YEAR_UNITS } from './year-units.ts';

/**
 * Exact interest is counted in parts of a minor unit: a balance in minor units, times a rate in ppm, times units of a
 * year, is a whole number of them. A day's interest costs a multiplication, and no sum of days is ever rounded.
 */
export const MINOR_PARTS = 1_000_000n * BigInt(YEAR_UNITS);

/** Interest at one rate in a posting period, not posted yet. */
export type Accrued = {
  /** In parts of a minor unit. */
  readonly parts: bigint;
  /** Of them those that earn interest themselves: those at the end of the last compounding period. */
  readonly compounded: bigint;
  /** Interest of the compounding period on a balance with what was compounded, in parts of a part. */
  readonly finer: bigint;
};

const NOTHING: Accrued = { parts: 0n, compounded: 0n, finer: 0n };

/** The balances of the period whose lowest or average earns. A negative balance counts as zero (12 CFR 1030.7(a)). */
export type BasisState = {
  readonly lowestMinor: bigint | undefined;
  readonly sumMinor: bigint;
  readonly days: number;
  /** The units of a year in which each set of rates applied, and since when. */
  readonly shares: readonly { readonly from: IsoDate; readonly rates: DayRates; readonly units: number }[];
};

/** What an account has earned and owes since its last posting: all that the next day's accrual needs to know. */
export type AccrualState = {
  /** The account's first day: a deposit with a maturity counts its periods from it. */
  readonly openedOn: IsoDate;
  /** The first day of the posting period. */
  readonly periodFrom: IsoDate;
  /** The first day without interest yet. */
  readonly nextOn: IsoDate;
  /** Interest on balances above zero, by tier; below zero where a rate is. What a tier compounds earns the tier's rate. */
  readonly credit: readonly Accrued[];
  /** Interest that is owed on the overdrawn amount up to the arranged limit, and beyond it. */
  readonly arranged: Accrued;
  readonly unarranged: Accrued;
  readonly basis: BasisState;
};

export const NO_BASIS: BasisState = { lowestMinor: undefined, sumMinor: 0n, days: 0, shares: [] };

/** An account without interest yet, on the first day of a posting period: the day it was opened, or after a posting. */
export function startAccrual(openedOn: IsoDate, periodFrom: IsoDate = openedOn): AccrualState {
  return {
    openedOn,
    periodFrom,
    nextOn: periodFrom,
    credit: [],
    arranged: NOTHING,
    unarranged: NOTHING,
    basis: NO_BASIS,
  };
}

/** With the interest of some units of a year on an amount, and on what it compounded so far. */
export function addInterest(
  accrued: Accrued = NOTHING,
  amountMinor: bigint,
  ratePpm: bigint,
  units: bigint,
): Accrued {
  const { parts, compounded, finer } = accrued;
  const factor = ratePpm * units;
  if (compounded === 0n) return { parts: parts + amountMinor * factor, compounded, finer };
  return { parts, compounded, finer: finer + (amountMinor * MINOR_PARTS + compounded) * factor };
}

/** With interest that is known in parts of a minor unit. */
export function addParts(accrued: Accrued = NOTHING, parts: bigint): Accrued {
  return { ...accrued, parts: accrued.parts + parts };
}

/** All of it in parts of a minor unit: rounded to one where it is finer, some 10⁻¹² of a minor unit. */
export function partsOf({ parts, finer }: Accrued): bigint {
  return finer === 0n ? parts : parts + divideRounded(finer, MINOR_PARTS, 'half_even');
}
