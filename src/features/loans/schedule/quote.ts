import { type AprRule, annualPercentageRate, type DatedFlow } from './apr.ts';
import { computeSchedule } from './schedule.ts';
import type { Schedule, ScheduleRow } from './schedule-row.ts';
import type { LoanTerms } from './terms.ts';

export type LoanQuote = {
  readonly terms: LoanTerms;
  readonly schedule: Schedule;
  readonly aprRule: AprRule;
  /** The yearly cost with all fees, by the rule, as a ratio: 0.15 is 15 %. */
  readonly apr: number;
  /** The yearly cost of its interest alone, compounded, with times as in the EU's rule. */
  readonly effectiveAnnualRate: number;
};

/**
 * A loan on these terms, without storing anything. Throws 422 `amount_too_small`, `instalment_multiple_too_coarse` or
 * `apr_not_computable`.
 */
export function computeQuote(terms: LoanTerms, aprRule: AprRule = 'eu'): LoanQuote {
  const schedule = computeSchedule(terms);
  const withFees = flowsOf(terms, schedule, ({ totalMinor }) => totalMinor);
  const withoutFees = flowsOf(
    terms,
    schedule,
    ({ principalMinor, interestMinor }) => principalMinor + interestMinor,
  );
  return {
    terms,
    schedule,
    aprRule,
    apr: annualPercentageRate(aprRule, withFees, terms.every),
    effectiveAnnualRate: annualPercentageRate('eu', withoutFees, terms.every),
  };
}

/** The disbursements and repayments, by date. */
function flowsOf(
  { disbursements }: LoanTerms,
  { rows }: Schedule,
  paymentOf: (row: ScheduleRow) => bigint,
): DatedFlow[] {
  return [...disbursements, ...rows.map((row) => ({ on: row.dueOn, amountMinor: -paymentOf(row) }))];
}
