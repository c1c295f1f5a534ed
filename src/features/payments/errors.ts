import { type ErrorTable, errorsOf } from '#lib/errors.ts';

/** What payments to and from other banks may answer. */
export const PAYMENT_ERRORS = {
  payment_not_pending: {
    status: 409,
    message: ({ status, wanted }: { readonly status: string; readonly wanted: string }) =>
      `The payment is ${status}: it can no longer be ${wanted}.`,
    meaning: 'The outgoing payment has been claimed, settled, returned or cancelled.',
    action: 'Nothing: read the payment.',
  },
  payment_not_unresolved: {
    status: 409,
    message: ({ status, wanted }: { readonly status: string; readonly wanted: string }) =>
      `The payment is ${status}: it can no longer be ${wanted}.`,
    meaning: 'The incoming payment was credited at once, or has been resolved or returned.',
    action: 'Nothing: read the payment.',
  },
  payment_not_returnable: {
    status: 409,
    message: 'The payment was the bank’s own and came back: resolve it to an account.',
    action: 'Resolve it to an account.',
  },
  nothing_to_submit: {
    status: 409,
    message: 'No payment waits to be sent.',
    action: 'Ask again later.',
  },
  message_used: {
    status: 409,
    message: 'Another submission has this file or message.',
    action: 'Give each file or message a name of its own; repeat a submission under its key.',
  },
  submission_mixed: {
    status: 422,
    message: ({ currencies }: { readonly currencies: readonly string[] }) =>
      `The submission has payments in ${currencies.join(' and ')}: a file of this format has one currency.`,
    meaning: 'A message between banks states one sum in one currency.',
    action: 'Ask for the file of each currency with `currency`.',
  },
  bank_bic_missing: {
    status: 422,
    message: 'The bank has no BIC, by which the other bank knows it.',
    action: 'Set `bic` with PATCH /v1/bank.',
  },
  payment_not_writable: {
    status: 422,
    message: ({ payment, what }: { readonly payment: string; readonly what: string }) =>
      `The ${what} of ${payment} cannot be written in the characters of payments.`,
    meaning: 'Nothing would be left of a name, or it is gone with its customer.',
    action: 'Return the payment, and have it made again with a name in letters.',
  },
  external_reference_reused: {
    status: 422,
    message: 'Another payment came with this externalReference: a payment keeps what it said.',
    action: 'Give a new payment a reference of its own; repeat a payment exactly.',
  },
} as const satisfies ErrorTable;

export const paymentError = errorsOf(PAYMENT_ERRORS);
