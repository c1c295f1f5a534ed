import { roundFraction } from '#lib/money/fraction.ts';
import { daysBetween } from '#lib/time/calendar.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { ArrearsBucket, ServicingPolicy } from './products/product-conditions.ts';
import { dueParts, type LoanState, owedParts, totalOf, type UnpaidItem } from './state.ts';

/**
 * The days in arrears at the end of a date, counted from the oldest due date with unpaid principal or interest; with
 * anything unpaid, where the product says so. Zero while the overdue total is within the tolerance, or not overdue for
 * long enough.
 */
export function daysPastDue(
  { unpaid }: Pick<LoanState, 'unpaid'>,
  policy: ServicingPolicy,
  on: IsoDate,
): number {
  const countedMinor = (item: UnpaidItem): bigint =>
    item.principalMinor + item.interestMinor + (policy.arrearsOf === 'all' ? item.feesMinor : 0n);
  const overdue = unpaid.filter((item) => item.dueOn < on && countedMinor(item) > 0n);
  const oldest = overdue[0];
  if (oldest === undefined) return 0;
  const overdueMinor = overdue.reduce((sum, item) => sum + countedMinor(item), 0n);
  if (overdueMinor <= policy.arrearsToleranceMinor) return 0;
  const days = daysBetween(oldest.dueOn, on);
  return days > policy.arrearsAfterDays ? days : 0;
}

/** What is overdue at the end of a date: what fell due before it, and penalty interest. Minor units. */
export function overdueMinor({ unpaid, penaltiesDueMinor }: LoanState, on: IsoDate): bigint {
  const overdue = unpaid.filter(({ dueOn }) => dueOn < on);
  return totalOf(dueParts({ unpaid: overdue, penaltiesDueMinor }));
}

export function bucketOf(days: number): ArrearsBucket {
  if (days === 0) return 'current';
  if (days <= 30) return 'days1To30';
  if (days <= 60) return 'days31To60';
  return days <= 90 ? 'days61To90' : 'over90';
}

/**
 * The provision that the product requires on a date: a part of the principal, and of the interest in the books where the
 * product says so, by days in arrears.
 */
export function provisionFor(state: LoanState, policy: ServicingPolicy, on: IsoDate): bigint {
  if (state.status !== 'active' || state.terms === undefined) return 0n;
  const { numerator, denominator } = policy.provisioning[bucketOf(daysPastDue(state, policy, on))];
  const interestMinor = policy.providesForInterest ? bookedInterest(state) : 0n;
  const coveredMinor = state.principalMinor + interestMinor;
  return roundFraction({ numerator: coveredMinor * numerator, denominator }, state.terms.rounding);
}

function bookedInterest(state: LoanState): bigint {
  return state.nonAccrualSince === undefined ? owedParts(state).interestMinor : 0n;
}
