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
 * money that is kept for the next instalments.
 */
export function prepaymentCharge(
  state: LoanState,
  policy: ServicingPolicy,
  { amountMinor, strategy }: Pick<Repayment, 'amountMinor' | 'strategy'>,
  on: IsoDate,
): { readonly unpaid: readonly UnpaidItem[]; readonly feeMinor: bigint } {
  const feeMinor = feeOf(state, policy, { amountMinor, strategy }, on);
  return { feeMinor, unpaid: feeMinor === 0n ? state.unpaid : withCharge(state.unpaid, feeMinor, on) };
}

function feeOf(
  state: LoanState,
  policy: ServicingPolicy,
  { amountMinor, strategy }: Pick<Repayment, 'amountMinor' | 'strategy'>,
  on: IsoDate,
): bigint {
  const payoff = payoffOf(state, policy, on);
  if (payoff.prepaymentFeeMinor === 0n) return 0n;
  if (amountMinor >= totalOf(payoff)) return payoff.prepaymentFeeMinor;
  const repaysAll = amountMinor >= totalOf(payoffParts(state));
  if (strategy === 'next_instalment' && !repaysAll) return 0n;
  const restMinor = amountMinor - totalOf(dueParts(state)) - state.interestAccruedMinor;
  return restMinor <= 0n ? 0n : restMinor - principalOf(restMinor, state, policy, on);
}

/** What of an amount is principal, where the rest is the fee for it; at most a minor unit more than the fee is left. */
function principalOf(restMinor: bigint, state: LoanState, policy: ServicingPolicy, on: IsoDate): bigint {
  const { prepaymentFee } = policy;
  assert(prepaymentFee !== undefined, 'a fee has been found');
  const { charge } = prepaymentFee;
  if ('amountMinor' in charge) return restMinor - lesserOf(restMinor, charge.amountMinor);
  const { numerator, denominator } = charge.rate;
  const leastMinor = (restMinor * denominator) / (denominator + numerator);
  const isWhole = leastMinor + 1n + feeOn(leastMinor + 1n, state, policy, on) === restMinor;
  return isWhole ? leastMinor + 1n : leastMinor;
}

/** Principal that is not due and was not paid ahead. */
function earlyPrincipal(state: LoanState): bigint {
  const earlyMinor = state.principalMinor - dueParts(state).principalMinor - state.paidAheadMinor;
  return earlyMinor > 0n ? earlyMinor : 0n;
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
  return principalMinor === 0n ? 0n : chargeOn(charge, { principalMinor, interestMinor: 0n }, terms.rounding);
}
