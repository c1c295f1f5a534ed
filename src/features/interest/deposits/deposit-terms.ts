import type { InterestTerms } from '../terms/terms.ts';
import type { EarlyClosureTerms } from './early-closure.ts';
import type { InstalmentTerms } from './instalments.ts';
import type { Term } from './maturity.ts';
import type { ChartRow } from './rate-chart.ts';

export const TERM_UNITS = ['month', 'day'] as const;
export const CLOSURE_RATES = ['booked', 'held_term', 'lower'] as const;

/** When a deposit is paid out that matures on a day without business: on the next business day, the last, or that day. */
export const MATURITY_DAYS = ['following', 'preceding', 'same'] as const;
export type MaturityDay = (typeof MATURITY_DAYS)[number];

/** What a product says of the deposits that are made on it: readDepositTerms makes it. */
export type DepositTerms = {
  /** How interest is counted, at a rate that the chart gives. */
  readonly interest: InterestTerms;
  readonly chart: readonly ChartRow[];
  readonly minimumMinor: bigint | undefined;
  readonly maximumMinor: bigint | undefined;
  /** Undefined where nobody closes a deposit early. */
  readonly earlyClosure: EarlyClosureTerms | undefined;
  readonly maturityDay: MaturityDay;
  /** How many days before its maturity the bank tells the customer of it; undefined for no notice. */
  readonly noticeDays: number | undefined;
  /** Of recurring deposits. */
  readonly instalments: InstalmentTerms;
};

/** A term in words: "12 months". */
export function describeTerm({ unit, count }: Term): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
