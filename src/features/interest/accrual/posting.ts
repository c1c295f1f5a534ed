import { addDays, type IsoDate } from '#lib/time/dates.ts';
import type { InterestTerms } from '../terms/terms.ts';
import { accruedMinor, type InterestMinor } from './accrued.ts';
import { type AccrualState, startAccrual } from './state.ts';
import { type TaxedPart, taxOn } from './tax.ts';

/** Interest that is posted, in minor units. What an overdraft costs is not set off against what a balance earned. */
export type InterestPosting = InterestMinor & {
  /** The last day of its period. */
  readonly on: IsoDate;
  /** The first. */
  readonly from: IsoDate;
  readonly tax: readonly TaxedPart[];
  readonly taxMinor: bigint;
  /** What the account gains or, below zero, loses by it. */
  readonly netMinor: bigint;
};

/**
 * Posts what has accrued: rounded once, by the rule of the terms on the last day. What rounding leaves is dropped, so
 * that the next period begins with nothing. `exemptMinor` is how much of the interest bears no tax.
 */
export function postInterest(
  state: AccrualState,
  terms: InterestTerms,
  exemptMinor = 0n,
): { readonly posting: InterestPosting; readonly state: AccrualState } {
  const interest = accruedMinor(state, terms);
  const tax = taxOn(interest.creditMinor - exemptMinor, terms.tax);
  const taxMinor = tax.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const chargedMinor = interest.arrangedMinor + interest.unarrangedMinor;
  const netMinor = interest.creditMinor - taxMinor - chargedMinor;
  return {
    posting: { on: addDays(state.nextOn, -1), from: state.periodFrom, ...interest, tax, taxMinor, netMinor },
    state: startAccrual(state.openedOn, state.nextOn),
  };
}
