import { assert } from '#lib/assert.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { type Allocation, allocate, lesserOf } from './allocation.ts';
import { loanError } from './errors.ts';
import type { PrepaymentStrategy, Repayment } from './event.ts';
import { termsAfterPrepayment } from './later-terms.ts';
import { penaltyRunOf, receivedInGrace } from './overdue.ts';
import type { ServicingPolicy } from './products/product-conditions.ts';
import type { LoanTerms } from './schedule/terms.ts';
import { type LoanParts, type LoanState, owedParts, totalOf } from './state.ts';

/** What money beyond the amounts due does, and under which rules. */
export type Early = {
  readonly strategy: PrepaymentStrategy;
  readonly rules: number;
  /** With what was kept for the next instalments, the payment covers the debt, but for a fee: it is spent now. */
  readonly spendsAhead: boolean;
};

/** What a payment made of a loan. Minor units. */
export type Taken = {
  readonly state: LoanState;
  readonly paid: LoanParts;
  /** The terms of the remainder, where principal was repaid early. */
  readonly terms: LoanTerms | undefined;
};

/**
 * Takes an amount that is at most what is owed: it pays what is due, in the product's order. The rest is kept for the
 * next instalments, or pays the interest earned so far and then principal.
 */
export function taken(
  before: LoanState,
  policy: ServicingPolicy,
  amountMinor: bigint,
  early: Early,
  today: IsoDate,
): Taken {
  const unpaidNow = receivedInGrace(before.unpaid, policy, amountMinor, today);
  const allocation = allocate(amountMinor, { ...before, unpaid: unpaidNow }, policy);
  const { paid, unpaid, penaltiesDueMinor } = allocation;
  const { restMinor, paidAheadMinor } = restOf(before, allocation, amountMinor, early);
  const interestMinor = lesserOf(restMinor, before.interestAccruedMinor);
  const principalMinor = restMinor - interestMinor;
  const state = {
    ...before,
    unpaid,
    penaltiesDueMinor,
    paidAheadMinor,
    principalMinor: before.principalMinor - paid.principalMinor - principalMinor,
    interestAccruedMinor: before.interestAccruedMinor - interestMinor,
    penaltyRun: paid.principalMinor > 0n ? penaltyRunOf(unpaid, policy, today) : before.penaltyRun,
  };
  const isRepaid = totalOf(owedParts(state)) === 0n;
  return {
    state,
    paid: {
      ...paid,
      interestMinor: paid.interestMinor + interestMinor,
      principalMinor: paid.principalMinor + principalMinor,
    },
    terms: restMinor === 0n || isRepaid ? undefined : termsAfter(state, early, today),
  };
}

/**
 * What of a payment is taken, and what is too much and goes to the borrower's account; from an account it stays there.
 * Throws 422 `overpayment_refused` where the product wants no more than is owed.
 */
export function divided(
  { amountMinor, source, isTaken = false }: Repayment,
  owedMinor: bigint,
  { overpayment }: ServicingPolicy,
): { readonly amountMinor: bigint; readonly excessMinor: bigint } {
  const tooMuchMinor = amountMinor > owedMinor ? amountMinor - owedMinor : 0n;
  if (tooMuchMinor > 0n && overpayment === 'refuse' && !isTaken) throw loanError('overpayment_refused');
  const isKept = source !== 'cash' && !isTaken;
  return { amountMinor: amountMinor - tooMuchMinor, excessMinor: isKept ? 0n : tooMuchMinor };
}

/** What of a payment is a prepayment now: with what was kept, if all is repaid. */
function restOf(
  state: LoanState,
  { paid, restMinor }: Allocation,
  amountMinor: bigint,
  { strategy, spendsAhead }: Early,
): { readonly restMinor: bigint; readonly paidAheadMinor: bigint } {
  const { paidAheadMinor } = state;
  if (spendsAhead) return { restMinor: amountMinor + paidAheadMinor - totalOf(paid), paidAheadMinor: 0n };
  if (strategy !== 'next_instalment') return { restMinor, paidAheadMinor };
  return { restMinor: 0n, paidAheadMinor: paidAheadMinor + restMinor };
}

function termsAfter(state: LoanState, { strategy, rules }: Early, on: IsoDate): LoanTerms {
  const { terms, principalMinor, interestAccruedMinor, unpaid } = state;
  assert(terms !== undefined && unpaid.length === 0, 'a loan is repaid early when nothing is due');
  const remainder = { on, principalMinor, carriedInterestMinor: interestAccruedMinor };
  return termsAfterPrepayment(terms, remainder, strategy, rules);
}

/** What was kept for the next instalments pays of the debt what it can, before the rest is lost. */
export function withAheadSpent(
  state: LoanState,
  policy: ServicingPolicy,
): { readonly state: LoanState; readonly applied: LoanParts } {
  const { paid, restMinor, ...left } = allocate(state.paidAheadMinor, state, policy);
  const interestMinor = lesserOf(restMinor, state.interestAccruedMinor);
  const principalMinor = paid.principalMinor + restMinor - interestMinor;
  return {
    state: {
      ...state,
      ...left,
      paidAheadMinor: 0n,
      interestAccruedMinor: state.interestAccruedMinor - interestMinor,
      principalMinor: state.principalMinor - principalMinor,
    },
    applied: { ...paid, interestMinor: paid.interestMinor + interestMinor, principalMinor },
  };
}
