import { assert } from '#lib/assert.ts';
import { wholeMonths } from '#lib/time/calendar.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { lesserOf } from './allocation.ts';
import type { Repayment } from './event.ts';
import type { ServicingPolicy } from './products/product-conditions.ts';
import { chargeOn } from './schedule/fees.ts';
import { dueParts, type LoanParts, type LoanState, payoffParts, totalOf, type UnpaidItem } from './state.ts';
import { withCharge } from './waiver.ts';

/** What repays a loan on a date, with the fee for doing so early. Minor units. */
export type Payoff = LoanParts & { readonly prepaymentFeeMinor: bigint };

export function payoffOf(state: LoanState, policy: ServicingPolicy, on: IsoDate): Payoff {
  const parts = payoffParts(state);
  const prepaymentFeeMinor = feeOn(earlyPrincipal(state), state, policy, on);
  return { ...parts, feesMinor: parts.feesMinor + prepaymentFeeMinor, prepaymentFeeMinor };
}

/**
 * The product's fee for the principal that a payment repays early, due at once and paid by the payment itself. None for
 * money that is kept for the next instalments, which bears interest until they fall due: its fee is asked once it repays
 * principal before that. `spendsAhead` says that this payment does so with all that was kept, because with it the
 * payment covers the debt.
 */
export function prepaymentCharge(
  state: LoanState,
  policy: ServicingPolicy,
  { amountMinor, strategy }: Pick<Repayment, 'amountMinor' | 'strategy'>,
  on: IsoDate,
): { readonly unpaid: readonly UnpaidItem[]; readonly feeMinor: bigint; readonly spendsAhead: boolean } {
  const spendsAhead = amountMinor >= totalOf(payoffParts(state));
  const isKept = strategy === 'next_instalment' && !spendsAhead;
  const feeMinor = isKept ? 0n : feeOf(state, policy, amountMinor, on);
  const unpaid = feeMinor === 0n ? state.unpaid : withCharge(state.unpaid, feeMinor, on);
  return { feeMinor, unpaid, spendsAhead };
}

function feeOf(state: LoanState, policy: ServicingPolicy, amountMinor: bigint, on: IsoDate): bigint {
  const payoff = payoffOf(state, policy, on);
  if (payoff.prepaymentFeeMinor === 0n) return 0n;
  if (amountMinor >= totalOf(payoff)) return payoff.prepaymentFeeMinor;
  const aheadMinor = amountMinor >= totalOf(payoffParts(state)) ? state.paidAheadMinor : 0n;
  const restMinor = amountMinor + aheadMinor - totalOf(dueParts(state)) - state.interestAccruedMinor;
  return restMinor <= 0n ? 0n : restMinor - principalOf(restMinor, state, policy, on);
}

/**
 * What of an amount is principal, where the rest is the fee for it; at most a minor unit more than the fee is left. A
 * fixed fee is at most half of it: no more than the principal that it is for.
 */
function principalOf(restMinor: bigint, state: LoanState, policy: ServicingPolicy, on: IsoDate): bigint {
  const { prepaymentFee } = policy;
  assert(prepaymentFee !== undefined, 'a fee has been found');
  const { charge } = prepaymentFee;
  if ('amountMinor' in charge) return restMinor - lesserOf(restMinor / 2n, charge.amountMinor);
  const { numerator, denominator } = charge.rate;
  const leastMinor = (restMinor * denominator) / (denominator + numerator);
  const isWhole = leastMinor + 1n + feeOn(leastMinor + 1n, state, policy, on) === restMinor;
  return isWhole ? leastMinor + 1n : leastMinor;
}

/** Principal that is not due. What was paid ahead of it is kept, and has repaid none. */
function earlyPrincipal(state: LoanState): bigint {
  return state.principalMinor - dueParts(state).principalMinor;
}

function feeOn(
  principalMinor: bigint,
  { terms, disbursedOn }: LoanState,
  { prepaymentFee }: ServicingPolicy,
  on: IsoDate,
): bigint {
  if (prepaymentFee === undefined || terms === undefined || disbursedOn === undefined) return 0n;
  const { charge, withinMonths } = prepaymentFee;
  if (withinMonths !== undefined && wholeMonths(disbursedOn, on) >= withinMonths) return 0n;
  if (principalMinor === 0n) return 0n;
  const feeMinor = chargeOn(charge, { principalMinor, interestMinor: 0n }, terms.rounding);
  return lesserOf(feeMinor, principalMinor);
}
