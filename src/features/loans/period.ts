import { assert } from '#lib/assert.ts';
import { roundFraction } from '#lib/money/fraction.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { Accrual } from './schedule/accrual.ts';
import { withInstalmentFees } from './schedule/fees.ts';
import { interestOn } from './schedule/instalment.ts';
import { type Period, payableOn } from './schedule/periods.ts';
import { computeInstalments } from './schedule/schedule.ts';
import { type LoanTerms, principalOf } from './schedule/terms.ts';

/**
 * The next instalment, with everything that one day of it needs: a day on which nothing falls due computes no schedule.
 * Amounts in minor units.
 */
export type LoanPeriod = Period & {
  /** Within its version of the schedule, from 0. */
  readonly index: number;
  /** The number of its row in the schedule. */
  readonly number: number;
  /** The balance that bears interest, and after which date. */
  readonly bearingMinor: bigint;
  readonly bearsFrom: IsoDate;
  /** The interest of the whole period, and the part earned so far. */
  readonly earnedMinor: bigint;
  readonly accruedMinor: bigint;
  /** The amounts that fall due with it. */
  readonly principalMinor: bigint;
  readonly interestMinor: bigint;
  readonly feesMinor: bigint;
};

/**
 * A period of a version of a schedule; undefined after the last one and once all principal is repaid. A version has one
 * disbursement, on its first day.
 */
export function periodAt(terms: LoanTerms, index: number): LoanPeriod | undefined {
  assert(terms.disbursements.length === 1, 'a loan is paid out once');
  const { downPaymentMinor, instalments } = computeInstalments(terms);
  const repaid = instalments[index];
  if (repaid === undefined) return undefined;
  const { period, principalMinor, interestMinor, earnedMinor, outstandingMinor } = repaid;
  if (principalMinor + interestMinor + earnedMinor + outstandingMinor === 0n) return undefined;
  const number = (terms.firstNumber ?? 1) + (downPaymentMinor > 0n ? 1 : 0) + index;
  const row = { number, dueOn: payableOn(period), principalMinor, interestMinor, outstandingMinor };
  const isLater = period.startsOn > terms.disbursedOn;
  return {
    ...period,
    index,
    number,
    bearingMinor: terms.method === 'flat' ? principalOf(terms) : principalMinor + outstandingMinor,
    bearsFrom: isLater ? period.startsOn : terms.disbursedOn,
    earnedMinor,
    accruedMinor: 0n,
    principalMinor,
    interestMinor,
    feesMinor: withInstalmentFees(terms, row).feesMinor,
  };
}

/**
 * The interest that a period has earned by the end of a date within it. It is the exact interest of its days, rounded
 * once; on the due date it is the schedule's, to the cent.
 */
export function interestThrough(terms: LoanTerms, period: LoanPeriod, on: IsoDate): bigint {
  if (on >= payableOn(period)) return period.earnedMinor;
  if (on <= period.bearsFrom) return 0n;
  const until = on < period.dueOn ? on : period.dueOn;
  if (until <= period.bearsFrom) return 0n;
  const factor = new Accrual(terms).factor(period, period.bearsFrom, until);
  const earnedMinor = roundFraction(interestOn(period.bearingMinor, factor, []), terms.rounding);
  // The rounding of a flat loan may leave its last period a cent less than its days.
  if (earnedMinor > period.earnedMinor) return period.earnedMinor;
  return earnedMinor;
}
