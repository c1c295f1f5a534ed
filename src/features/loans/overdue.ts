import { addDays, type IsoDate } from '#lib/time/dates.ts';
import { allocate, lesserOf } from './allocation.ts';
import type { ServicingPolicy } from './products/product-conditions.ts';
import type { LoanParts, LoanState, PenaltyRun, UnpaidItem } from './state.ts';

/** The first day on which an unpaid instalment is in arrears. */
export function lateOn({ dueOn }: UnpaidItem, { arrearsAfterDays }: ServicingPolicy): IsoDate {
  return addDays(dueOn, arrearsAfterDays + 1);
}

/** Money that was received counts for the rows within their grace, the oldest first, whatever else it paid. */
export function receivedInGrace(
  unpaid: readonly UnpaidItem[],
  policy: ServicingPolicy,
  amountMinor: bigint,
  on: IsoDate,
): UnpaidItem[] {
  let leftMinor = amountMinor;
  return unpaid.map((item) => {
    const { inGraceMinor } = item;
    if (inGraceMinor === undefined || on >= lateOn(item, policy)) return item;
    const takenMinor = lesserOf(leftMinor, inGraceMinor);
    leftMinor -= takenMinor;
    return { ...item, inGraceMinor: inGraceMinor - takenMinor };
  });
}

/** What was paid ahead pays what is due, as far as it goes. */
export function aheadApplied(
  state: LoanState,
  policy: ServicingPolicy,
  on: IsoDate,
): { readonly state: LoanState; readonly applied: LoanParts } {
  const { paidAheadMinor, principalMinor, penaltiesDueMinor } = state;
  const unpaid = receivedInGrace(state.unpaid, policy, paidAheadMinor, on);
  const { paid, restMinor, ...left } = allocate(paidAheadMinor, { unpaid, penaltiesDueMinor }, policy);
  return {
    state: {
      ...state,
      ...left,
      paidAheadMinor: restMinor,
      principalMinor: principalMinor - paid.principalMinor,
      penaltyRun: penaltyRunOf(left.unpaid, policy, on),
    },
    applied: paid,
  };
}

export function principalDueOf(unpaid: readonly UnpaidItem[]): bigint {
  return unpaid.reduce((sum, { principalMinor }) => sum + principalMinor, 0n);
}

/** Penalty interest from a date on, on the principal overdue after it. */
export function penaltyRunOf(
  unpaid: readonly UnpaidItem[],
  { penaltyRate }: ServicingPolicy,
  from: IsoDate,
): PenaltyRun | undefined {
  if (penaltyRate.numerator === 0n || principalDueOf(unpaid) === 0n) return undefined;
  return { from, accruedMinor: 0n };
}
