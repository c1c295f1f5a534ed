// Interest: what balances earn and cost, by terms, and why: segments, postings, tax and annual rates.

export { accrueUntil } from './accrual/accrue.ts';
export { accruedMinor, accruedParts } from './accrual/accrued.ts';
export { periodOf, postingDate } from './accrual/periods.ts';
export { postInterest } from './accrual/posting.ts';
export { type DatedBalance, runInterest } from './accrual/run.ts';
export type { InterestSegment } from './accrual/segments.ts';
export { type AccrualState, type Accrued, startAccrual } from './accrual/state.ts';
export { type TaxedPart, taxOn } from './accrual/tax.ts';
export { formatParts } from './accrual/text.ts';
export { annualYield, averageBalance, percentText } from './annual/annual-rates.ts';
export { annualOfRate, annualRatesOf } from './annual/yield-of-terms.ts';
export { type DepositTerms, describeTerm } from './deposits/deposit-terms.ts';
export {
  closeEarly,
  type EarlyClosureResult,
  heldTerm,
} from './deposits/early-closure.ts';
export {
  countInstalments,
  instalmentDate,
  MAX_INSTALMENTS,
  nominalMaturity,
  rateAfterMissed,
} from './deposits/instalments.ts';
export { maturityDate, type Term } from './deposits/maturity.ts';
export { chartRate } from './deposits/rate-chart.ts';
export { agreedInterest, agreedRateFrom, readDepositTerms } from './deposits/read-deposit-terms.ts';
export { type DepositTermsInput, DepositTermsSchema, TermSchema } from './deposits/schemas.ts';
export {
  atRate,
  depositAtMaturity,
  type Flow,
  withRatesFrom,
} from './deposits/term-deposit.ts';
export { interestError } from './errors.ts';
export { ExactInterest, SegmentSchema, TaxSchema } from './quote/schemas.ts';
export { exactView, segmentView } from './quote/view.ts';
export { RatesByDate } from './terms/day-rates.ts';
export { readInterestTerms } from './terms/read-terms.ts';
export { type InterestTermsInput, InterestTermsSchema } from './terms/schemas.ts';
export type { DatedRate, DatedTerms, InterestTerms, Tier } from './terms/terms.ts';
