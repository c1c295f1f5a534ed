// Fees: what an event or a date costs: amounts, percentages, tiers, free ones, waivers, and the tax on them.

export {
  type AccountFee,
  type Assessment,
  assess,
  FEE_STATUSES,
  type FeeStatus,
  factsOfAccount,
  looksAtBalances,
  NOT_CHARGED,
  notChargedOf,
  openDays,
  periodOfDate,
} from './account-fee.ts';
export { openCharges } from './charges.ts';
export { loadBalanceFacts } from './facts.ts';
export { type FactsText, factsOf } from './facts-text.ts';
export { FEE_EVENTS, type Fee, type FeeEvent, isOfPayment } from './fee.ts';
export { type Arisen, type ChargeLine, chargeLines, feeLines, feeRow } from './fee-row.ts';
export { FlightFees } from './flight-fees.ts';
export type { PricedPayment } from './payment.ts';
export { type FeePaymentType, paymentTypesOf } from './payment-types.ts';
export { Pricing } from './pricing.ts';
export { readFees } from './read-fees.ts';
export { changeFees, givenBack, insertFees, lockFees, lockFeesOfPayments } from './repository.ts';
export {
  keyOf,
  listProductsWithFees,
  loadPricedAccounts,
  loadSchedules,
  type PricedAccount,
  type Schedule,
} from './schedule.ts';
export { FeeEventSchema, FeePaymentTypeSchema, FeesSchema, type FeeTermsInput } from './schemas.ts';
