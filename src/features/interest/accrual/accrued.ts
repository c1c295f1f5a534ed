import { divideRounded } from '#lib/money/fraction.ts';
import type { InterestTerms } from '../terms/terms.ts';
import { withBasisInterest } from './basis.ts';
import { type AccrualState, MINOR_PARTS, partsOf } from './state.ts';

/** Exact interest, in parts of a minor unit (MINOR_PARTS of them are one). */
export type InterestParts = {
  readonly credit: bigint;
  readonly arranged: bigint;
  readonly unarranged: bigint;
};

/** The same in minor units. What is owed is above zero, like what is earned. */
export type InterestMinor = {
  /** Below zero, it is charged. */
  readonly creditMinor: bigint;
  readonly arrangedMinor: bigint;
  readonly unarrangedMinor: bigint;
};

/** The interest that a state stands for, as if its periods ended with the last day it has. */
export function accruedParts(state: AccrualState): InterestParts {
  return {
    credit: sum(creditByTier(state)),
    arranged: partsOf(state.arranged),
    unarranged: partsOf(state.unarranged),
  };
}

/** What a state comes to in minor units, rounded as a posting would round it now. */
export function accruedMinor(state: AccrualState, { rounding, roundedPer }: InterestTerms): InterestMinor {
  const rounded = (parts: bigint): bigint => divideRounded(parts, MINOR_PARTS, rounding);
  const tiers = creditByTier(state);
  return {
    creditMinor: roundedPer === 'tier' ? sum(tiers.map((parts) => rounded(parts))) : rounded(sum(tiers)),
    arrangedMinor: rounded(partsOf(state.arranged)),
    unarrangedMinor: rounded(partsOf(state.unarranged)),
  };
}

function creditByTier(state: AccrualState): bigint[] {
  return withBasisInterest(state).map(partsOf);
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
