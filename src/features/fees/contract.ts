// Fees: what an event or a date costs: amounts, percentages, tiers, free ones, waivers, and the tax on them.

export {
  type AccountFee,
  assess,
  FEE_STATUSES,
  type FeeStatus,
  NOT_CHARGED,
  notChargedOf,
} from './account-fee.ts';
export { openCharges } from './charges.ts';
export { type FactsText, factsOf } from './facts-text.ts';
export { type FeeEvent, isOfPayment } from './fee.ts';
export type { PricedPayment } from './payment.ts';
export { type FeePaymentType, paymentTypesOf } from './payment-types.ts';
export { Pricing } from './pricing.ts';
export { readFees } from './read-fees.ts';
export { lockFeesOfPayments } from './repository.ts';
export { keyOf, loadSchedules } from './schedule.ts';
export { FeeEventSchema, FeePaymentTypeSchema, FeesSchema, type FeeTermsInput } from './schemas.ts';
