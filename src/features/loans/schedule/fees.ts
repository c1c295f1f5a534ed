import { type Rounding, roundFraction } from '#lib/money/fraction.ts';
import type { ScheduleRow, ScheduleTotals } from './schedule-row.ts';
import type { Charge, Fee, LoanTerms } from './terms.ts';

type Base = { readonly principalMinor: bigint; readonly interestMinor: bigint };

/** A fee on a principal and its interest, rounded once. Minor units. A late fee is charged on overdue amounts. */
export function chargeOn(
  charge: Charge,
  { principalMinor, interestMinor }: Base,
  rounding: Rounding,
): bigint {
  if ('amountMinor' in charge) return charge.amountMinor;
  const baseMinor = charge.of === 'principal' ? principalMinor : principalMinor + interestMinor;
  const { numerator, denominator } = charge.rate;
  return roundFraction({ numerator: baseMinor * numerator, denominator }, rounding);
}

/** An instalment with its fees; without fees if the loan was repaid before it, or nothing is paid with it. */
export function withInstalmentFees(
  { fees, rounding, nothingIsFree }: LoanTerms,
  row: Omit<ScheduleRow, 'feesMinor' | 'totalMinor'>,
): ScheduleRow {
  const isNothing = row.principalMinor + row.interestMinor === 0n;
  const isFree = isNothing && (nothingIsFree === true || row.outstandingMinor === 0n);
  const feesMinor = isFree ? 0n : sumOf(fees, 'instalment', row, rounding);
  return { ...row, feesMinor, totalMinor: row.principalMinor + row.interestMinor + feesMinor };
}

/** The origination fee, on the whole principal or on principal and interest. */
export function originationFee({ fees, rounding }: LoanTerms, totals: ScheduleTotals): bigint {
  return sumOf(fees, 'origination', totals, rounding);
}

function sumOf(fees: readonly Fee[], kind: Fee['kind'], base: Base, rounding: Rounding): bigint {
  let sumMinor = 0n;
  for (const fee of fees) if (fee.kind === kind) sumMinor += chargeOn(fee.charge, base, rounding);
  return sumMinor;
}
