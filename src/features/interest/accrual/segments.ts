import { addDays, type IsoDate } from '#lib/time/dates.ts';
import type { DayRates } from '../terms/day-rates.ts';
import type { InterestTerms } from '../terms/terms.ts';
import type { DayBalance } from './accrue.ts';
import { basisBalance, basisShares } from './basis.ts';
import { type AccrualState, type Accrued, partsOf } from './state.ts';
import { countedDays, yearUnits } from './year-units.ts';
import { ratedParts } from './yearly.ts';

/** What a part of a balance earned at one rate. Of an average, it is a part of the sum. */
export type SegmentPart = {
  readonly amountMinor: bigint;
  readonly ratePpm: bigint;
  /** Interest of earlier periods that earns with it, in parts of a minor unit; below zero, it is owed. */
  readonly compoundedParts: bigint;
  /** In parts of a minor unit, from the customer's side: below zero, it is charged. */
  readonly parts: bigint;
};

/**
 * Days of one balance and one set of rates, and what they come to: what a person checks with a calculator. All interest
 * is the sum of its segments.
 */
export type InterestSegment = {
  readonly from: IsoDate;
  /** Inclusive. */
  readonly to: IsoDate;
  /** What of it bears interest: a balance above zero, one below it, or nothing of it. */
  readonly kind: 'credit' | 'overdraft' | 'none';
  /** The balance that counts: the sum of the balances of `overDays` days, where it is their average. */
  readonly balanceMinor: bigint;
  readonly overDays: bigint;
  readonly basis: InterestTerms['basis'];
  /** What happens to the interest of each day: it is added up, rounded, or earns from the next day. */
  readonly eachDay: 'sums' | 'rounds' | 'compounds';
  /** Days by the day count, of how many in the year; undefined where months count. */
  readonly counted: { readonly days: number; readonly ofYear: number } | undefined;
  /** In units of a year. */
  readonly yearUnits: number;
  readonly rated: readonly SegmentPart[];
  /** The sum of the parts, in parts of a minor unit. */
  readonly parts: bigint;
};

/** The segment of the days by which one state is ahead of another, by balances at the end of each day. */
export function daySegment(
  before: AccrualState,
  after: AccrualState,
  balance: DayBalance,
  rates: DayRates,
): InterestSegment {
  const { terms } = rates;
  const units = yearUnits(terms, before, before.nextOn, after.nextOn);
  const isOverdrawn = balance.balanceMinor < 0n;
  const rated = isOverdrawn
    ? overdraftParts(before, after, balance, rates)
    : creditParts(before, after, balance.balanceMinor, rates);
  return {
    from: before.nextOn,
    to: addDays(after.nextOn, -1),
    kind: rated.length === 0 ? 'none' : isOverdrawn ? 'overdraft' : 'credit',
    balanceMinor: balance.balanceMinor,
    overDays: 1n,
    basis: 'end_of_day',
    eachDay: eachDayOf(terms),
    counted: countedDays(terms, before.nextOn, units),
    yearUnits: units,
    rated,
    parts: isOverdrawn ? sumOf(rated) : gained(before.credit, after.credit),
  };
}

function eachDayOf({ compounding, roundedPer }: InterestTerms): InterestSegment['eachDay'] {
  if (compounding === 'daily') return 'compounds';
  return roundedPer === 'day' ? 'rounds' : 'sums';
}

function creditParts(
  before: AccrualState,
  after: AccrualState,
  balanceMinor: bigint,
  rates: DayRates,
): SegmentPart[] {
  const { minimumBalanceMinor, roundedPer } = rates.terms;
  if (balanceMinor <= 0n || balanceMinor < minimumBalanceMinor) return [];
  const units = BigInt(yearUnits(rates.terms, before, before.nextOn, after.nextOn));
  return ratedParts(rates, balanceMinor, 1n).map(({ amount, ratePpm }, tier) => ({
    amountMinor: amount,
    ratePpm,
    compoundedParts: before.credit[tier]?.compounded ?? 0n,
    // Of days that are rounded, a tier's part is what it would be without.
    parts:
      roundedPer === 'day' ? amount * ratePpm * units : difference(before.credit[tier], after.credit[tier]),
  }));
}

function overdraftParts(
  before: AccrualState,
  after: AccrualState,
  { balanceMinor, arrangedLimitMinor = 0n }: DayBalance,
  { terms: { overdraft } }: DayRates,
): SegmentPart[] {
  if (overdraft === undefined) return [];
  const within = -balanceMinor < arrangedLimitMinor ? -balanceMinor : arrangedLimitMinor;
  const parts: SegmentPart[] = [
    {
      amountMinor: -within,
      ratePpm: overdraft.arrangedPpm,
      compoundedParts: -before.arranged.compounded,
      parts: -difference(before.arranged, after.arranged),
    },
    {
      amountMinor: balanceMinor + within,
      ratePpm: overdraft.unarrangedPpm,
      compoundedParts: -before.unarranged.compounded,
      parts: -difference(before.unarranged, after.unarranged),
    },
  ];
  return parts.filter(({ amountMinor, parts: interest }) => amountMinor !== 0n || interest !== 0n);
}

/** The segments of a period whose lowest or average balance earns: one for each set of rates in it. */
export function basisSegments(state: AccrualState, to: IsoDate): InterestSegment[] {
  const shares = basisShares(state);
  return shares.map(({ from, rates, units, tiers }, index) => {
    const next = shares[index + 1]?.from;
    const [balanceMinor, overDays] = basisBalance(state.basis, rates.terms);
    const rated = tiers.map(({ amount, ratePpm, parts }, tier) => {
      const compoundedParts = state.credit[tier]?.compounded ?? 0n;
      return { amountMinor: amount, ratePpm, compoundedParts, parts };
    });
    return {
      from,
      to: next === undefined ? to : addDays(next, -1),
      kind: rated.length === 0 ? 'none' : 'credit',
      balanceMinor,
      overDays,
      basis: rates.terms.basis,
      eachDay: 'sums',
      counted: countedDays(rates.terms, from, units),
      yearUnits: units,
      rated,
      parts: sumOf(rated),
    };
  });
}

function gained(before: readonly Accrued[], after: readonly Accrued[]): bigint {
  return after.reduce((sum, accrued, tier) => sum + difference(before[tier], accrued), 0n);
}

function difference(before: Accrued | undefined, after: Accrued | undefined): bigint {
  return (after === undefined ? 0n : partsOf(after)) - (before === undefined ? 0n : partsOf(before));
}

function sumOf(rated: readonly SegmentPart[]): bigint {
  return rated.reduce((sum, { parts }) => sum + parts, 0n);
}
