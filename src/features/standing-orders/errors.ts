import { type ErrorTable, errorsOf } from '#lib/errors.ts';

/** What standing orders may answer. */
export const STANDING_ORDER_ERRORS = {
  standing_order_not_active: {
    status: 409,
    message: ({ status }: { readonly status: string }) => `The standing order is ${status}.`,
    meaning: 'The standing order has ended or was cancelled.',
    action: 'Nothing: create another one.',
  },
} as const satisfies ErrorTable;

export const standingOrderError = errorsOf(STANDING_ORDER_ERRORS);
