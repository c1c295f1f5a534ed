import { bookedParts } from './non-accrual.ts';
import type { ServicingPolicy } from './products/product-conditions.ts';
import { type LoanParts, type LoanState, owedParts, totalOf } from './state.ts';
import { withAheadSpent } from './taking.ts';

/** A loss of a loan: all that is owed, what of it the books have, and the loan after it. Minor units. */
export type Loss = {
  /** What was kept for the next instalments, which pays what it can before. */
  readonly applied: LoanParts;
  readonly owed: LoanParts;
  readonly booked: LoanParts;
  readonly state: LoanState;
};

/** Gives up the whole debt of a loan. */
export function lost(before: LoanState, policy: ServicingPolicy): Loss {
  const { state, applied } = withAheadSpent(before, policy);
  const owed = owedParts(state);
  const after = {
    ...state,
    lostMinor: state.lostMinor + totalOf(owed),
    principalMinor: 0n,
    interestAccruedMinor: 0n,
    unpaid: [],
    penaltiesDueMinor: 0n,
    provisionMinor: 0n,
  };
  return { applied, owed, booked: bookedParts(state), state: after };
}
