import type { IsoDate } from '#lib/time/dates.ts';
import { loanError } from './errors.ts';
import type { DisbursementDates } from './event.ts';
import { penaltyRunOf } from './overdue.ts';
import { periodAt } from './period.ts';
import type { ServicingPolicy } from './products/product-conditions.ts';
import { computeSchedule } from './schedule/schedule.ts';
import type { ScheduleRow } from './schedule/schedule-row.ts';
import type { LoanTerms } from './schedule/terms.ts';
import type { LoanState } from './state.ts';

/** How a loan is paid out: all that was approved, or what is left of it, unless there is an amount. */
export type Disbursing = {
  readonly dates?: DisbursementDates | undefined;
  readonly rules?: number;
  readonly amountMinor?: bigint | undefined;
};

/** What a disbursement does to a loan. Minor units. */
export type Disbursed = {
  readonly change: Partial<LoanState>;
  readonly amountMinor: bigint;
  /** The fee that is due at once, and the one that is withheld instead. */
  readonly dueFeeMinor: bigint;
  readonly keptFeeMinor: bigint;
  /** The rows that are due on the day itself. */
  readonly atOnce: readonly ScheduleRow[];
};

/** Disburses on the first day of the terms. Throws 422 `fees_exceed_amount` for a withheld fee that leaves nothing. */
export function disbursed(terms: LoanTerms, policy: ServicingPolicy, isFeeKept: boolean): Disbursed {
  const today: IsoDate = terms.disbursedOn;
  const amountMinor = terms.disbursements[0]?.amountMinor ?? 0n;
  const atOnce = computeSchedule(terms).rows.filter(({ dueOn }) => dueOn === today);
  const feeMinor = atOnce.reduce((sum, { feesMinor }) => sum + feesMinor, 0n);
  if (isFeeKept && feeMinor >= amountMinor) throw loanError('fees_exceed_amount');
  const unpaid = atOnce
    .map(({ number, dueOn, principalMinor, interestMinor, feesMinor }) => {
      return { number, dueOn, principalMinor, interestMinor, feesMinor: isFeeKept ? 0n : feesMinor };
    })
    .filter(({ principalMinor, feesMinor }) => principalMinor + feesMinor > 0n);
  const change = {
    status: 'active',
    disbursedOn: today,
    terms,
    period: periodAt(terms, 0),
    principalMinor: amountMinor,
    unpaid,
    penaltyRun: penaltyRunOf(unpaid, policy, today),
    accruedThrough: today,
  } as const;
  const keptFeeMinor = isFeeKept ? feeMinor : 0n;
  return { change, amountMinor, dueFeeMinor: feeMinor - keptFeeMinor, keptFeeMinor, atOnce };
}
