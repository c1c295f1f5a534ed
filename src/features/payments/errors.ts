import { type ErrorTable, errorsOf } from '#lib/errors.ts';

/** What payments to and from other banks may answer. */
export const PAYMENT_ERRORS = {
  payment_not_pending: {
    status: 409,
    message: ({ status }: { readonly status: string }) =>
      `The payment is ${status}: it is settled or returned once.`,
    meaning: 'The outgoing payment has been settled or returned.',
    action: 'Nothing: read the payment.',
  },
  payment_not_unresolved: {
    status: 409,
    message: ({ status }: { readonly status: string }) =>
      `The payment is ${status}: an unresolved one is resolved or returned, once.`,
    meaning: 'The incoming payment was credited at once, or has been resolved or returned.',
    action: 'Nothing: read the payment.',
  },
  payment_not_returnable: {
    status: 409,
    message: 'The payment was the bank’s own and came back: resolve it to an account.',
    action: 'Resolve it to an account.',
  },
  external_reference_reused: {
    status: 422,
    message: 'Another payment came with this externalReference: a payment keeps what it said.',
    action: 'Give a new payment a reference of its own; repeat a payment exactly.',
  },
} as const satisfies ErrorTable;

export const paymentError = errorsOf(PAYMENT_ERRORS);
