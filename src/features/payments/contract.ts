// Payments to other banks and from them, until they are settled, returned or resolved.

export type { IncomingStatus } from './incoming-payment.ts';
export { INCOMING_STATUSES } from './incoming-payment.ts';
export { PAYMENT_LAWS } from './laws.ts';
export type { OutgoingStatus } from './outgoing-payment.ts';
export { OUTGOING_STATUSES } from './outgoing-payment.ts';
export { incomingView, outgoingView } from './schemas.ts';
