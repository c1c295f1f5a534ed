// Payments to other banks and from them, until they are settled, returned or resolved.

export { PAYMENT_LAWS } from './laws.ts';
