import { assert } from '#lib/assert.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { loanError } from './errors.ts';
import { termsAfterPrepayment } from './later-terms.ts';
import { chargeOn } from './schedule/fees.ts';
import type { Fee, LoanTerms } from './schedule/terms.ts';
import { dueParts, type LoanState } from './state.ts';
import { withCharge } from './waiver.ts';

/**
 * The terms of a first payment out of less than was approved, and what is left for later ones. Throws 422
 * `disbursement_exceeds_approved` and `tranches_not_offered`.
 */
export function firstTranche<Terms extends Pick<LoanTerms, 'disbursements'>>(
  terms: Terms,
  amountMinor: bigint | undefined,
  isOffered: boolean,
): { readonly terms: Terms; readonly undisbursedMinor: bigint } {
  const [whole] = terms.disbursements;
  assert(whole !== undefined, 'a loan is paid out');
  if (amountMinor === undefined || amountMinor === whole.amountMinor) return { terms, undisbursedMinor: 0n };
  if (amountMinor > whole.amountMinor) throw loanError('disbursement_exceeds_approved');
  if (!isOffered) throw loanError('tranches_not_offered');
  const disbursements = [{ ...whole, amountMinor }];
  return { terms: { ...terms, disbursements }, undisbursedMinor: whole.amountMinor - amountMinor };
}

/** A later payment out of a loan, and the loan and its terms after it. Minor units. */
export type Tranche = {
  readonly state: LoanState;
  readonly terms: LoanTerms;
  readonly amountMinor: bigint;
  readonly dueFeeMinor: bigint;
  readonly keptFeeMinor: bigint;
};

/**
 * Pays out more of an active loan, all that is left if no amount is given. It bears interest from its day on; the
 * instalments to come repay it with the rest, on the same due dates. Its fee is the percentages of the fee for making
 * the loan. Throws 422 `disbursement_exceeds_approved`, `fees_exceed_amount` and `nothing_to_reschedule`.
 */
export function nextTranche(
  before: LoanState,
  { amountMinor = before.undisbursedMinor, isFeeKept, fees, on, rules }: TrancheRequest,
): Tranche {
  if (amountMinor > before.undisbursedMinor) throw loanError('disbursement_exceeds_approved');
  if (before.terms === undefined || before.period === undefined) throw loanError('nothing_to_reschedule');
  const { rounding } = before.terms;
  const base = { principalMinor: amountMinor, interestMinor: 0n };
  const feeMinor = fees
    .filter(({ kind, charge }) => kind === 'origination' && 'rate' in charge)
    .reduce((sum, { charge }) => sum + chargeOn(charge, base, rounding), 0n);
  if (isFeeKept && feeMinor >= amountMinor) throw loanError('fees_exceed_amount');
  const [keptFeeMinor, dueFeeMinor] = isFeeKept ? [feeMinor, 0n] : [0n, feeMinor];
  const state = {
    ...before,
    principalMinor: before.principalMinor + amountMinor,
    undisbursedMinor: before.undisbursedMinor - amountMinor,
    unpaid: dueFeeMinor === 0n ? before.unpaid : withCharge(before.unpaid, dueFeeMinor, on),
  };
  const principalMinor = state.principalMinor - dueParts(state).principalMinor;
  const remainder = { on, principalMinor, carriedInterestMinor: before.interestAccruedMinor };
  const terms = termsAfterPrepayment(before.terms, remainder, 'lower_instalment', rules);
  return { state, terms, amountMinor, dueFeeMinor, keptFeeMinor };
}

type TrancheRequest = {
  readonly amountMinor: bigint | undefined;
  readonly isFeeKept: boolean;
  /** Those of the product. */
  readonly fees: readonly Fee[];
  readonly on: IsoDate;
  readonly rules: number;
};
