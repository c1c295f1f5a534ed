// Accrual: the interest that accounts earn and owe, day by day, until it is posted.

export {
  AgreedInterest,
  agreeInterest,
  changeAgreement,
  NOTHING_POSTED,
  type PostedInterest,
  sumPostedInterest,
} from './agreements.ts';
export { INTEREST_LAWS } from './laws.ts';
export { isOfCharged } from './line-text.ts';
export { type PeriodRates, ratesInPeriod } from './period-rates.ts';
export { interestStep } from './step.ts';
export { INTEREST_LAW, verifyInterest } from './verify.ts';
export { type YieldEarned, yieldEarned } from './yield-earned.ts';
