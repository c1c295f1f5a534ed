// Payments to other banks and from them, until they are settled, returned or resolved.

export { freePaymentsOfEstates, holdPaymentsOfEstates } from './estates.ts';
export { PAYMENT_LAWS } from './laws.ts';
