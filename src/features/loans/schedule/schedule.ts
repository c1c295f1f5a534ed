import { roundFraction } from '#lib/money/fraction.ts';
import { originationFee, withInstalmentFees } from './fees.ts';
import { payableOn, periodsOf } from './periods.ts';
import { type Repaid, Repayment } from './repayment.ts';
import type { Schedule, ScheduleRow, ScheduleTotals } from './schedule-row.ts';
import type { LoanTerms } from './terms.ts';

/**
 * The whole schedule of a loan that is paid as agreed. The last instalment takes the others' rounding. Throws 422
 * `amount_too_small` or `instalment_multiple_too_coarse` for terms without a schedule.
 */
export function computeSchedule(terms: LoanTerms): Schedule {
  const { downPaymentMinor, instalments } = computeInstalments(terms);
  const rows: ScheduleRow[] = downPaymentMinor === 0n ? [] : [downPaymentRow(terms, downPaymentMinor)];
  for (const { period, principalMinor, interestMinor, outstandingMinor } of instalments) {
    const row = {
      number: (terms.firstNumber ?? 1) + rows.length,
      dueOn: payableOn(period),
      principalMinor,
      interestMinor,
    };
    rows.push(withInstalmentFees(terms, { ...row, outstandingMinor }));
  }
  const feeMinor = originationFee(terms, sumOf(rows));
  if (feeMinor > 0n) rows.unshift(originationRow(terms, feeMinor));
  return { rows, totals: sumOf(rows) };
}

/** The instalments of a loan without fees, and the part repaid at once. */
export function computeInstalments(terms: LoanTerms): {
  readonly downPaymentMinor: bigint;
  readonly instalments: readonly Repaid[];
} {
  const downPaymentMinor = downPaymentOf(terms);
  const repayment = new Repayment(terms, periodsOf(terms), downPaymentMinor);
  return { downPaymentMinor, instalments: repayment.run() };
}

function downPaymentOf({ disbursements, downPayment, rounding }: LoanTerms): bigint {
  const amountMinor = disbursements[0]?.amountMinor ?? 0n;
  const { numerator, denominator } = downPayment;
  return roundFraction({ numerator: amountMinor * numerator, denominator }, rounding);
}

function downPaymentRow({ disbursements, disbursedOn }: LoanTerms, principalMinor: bigint): ScheduleRow {
  return {
    number: 1,
    dueOn: disbursedOn,
    principalMinor,
    interestMinor: 0n,
    feesMinor: 0n,
    totalMinor: principalMinor,
    outstandingMinor: (disbursements[0]?.amountMinor ?? 0n) - principalMinor,
  };
}

function originationRow({ disbursements, disbursedOn }: LoanTerms, feesMinor: bigint): ScheduleRow {
  const outstandingMinor = disbursements[0]?.amountMinor ?? 0n;
  const nothing = { principalMinor: 0n, interestMinor: 0n };
  return { number: 0, dueOn: disbursedOn, ...nothing, feesMinor, totalMinor: feesMinor, outstandingMinor };
}

function sumOf(rows: readonly ScheduleRow[]): ScheduleTotals {
  let totals: ScheduleTotals = { principalMinor: 0n, interestMinor: 0n, feesMinor: 0n, totalMinor: 0n };
  for (const { principalMinor, interestMinor, feesMinor, totalMinor } of rows) {
    totals = {
      principalMinor: totals.principalMinor + principalMinor,
      interestMinor: totals.interestMinor + interestMinor,
      feesMinor: totals.feesMinor + feesMinor,
      totalMinor: totals.totalMinor + totalMinor,
    };
  }
  return totals;
}
