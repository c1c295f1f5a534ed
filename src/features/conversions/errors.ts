import { type ErrorTable, errorsOf } from '#lib/errors.ts';

/** What conversions between currencies may answer. */
export const CONVERSION_ERRORS = {
  conversion_same_currency: {
    status: 422,
    message: 'Both accounts are in one currency.',
    action: 'Make a transfer (`POST /v1/transfers`).',
  },
  conversion_too_small: {
    status: 422,
    message: 'The amount comes to nothing in the other currency.',
    action: 'Convert more.',
  },
  conversion_amount_changed: {
    status: 409,
    message: ({ amount, currency }: { readonly amount: string; readonly currency: string }) =>
      `The other amount is ${amount} ${currency} now.`,
    meaning: 'The exchange rate is another one than that of the quote which `expectedAmount` is from.',
    action: 'Ask for a new quote.',
  },
  conversion_rate_requires_manager: {
    status: 403,
    message: 'A rate of one’s own, or its rounding, needs a manager.',
    meaning: 'A teller converts at the rates of the table.',
    action: 'Leave out `rate`, `pair` and `rounding`, or have a manager convert.',
  },
} as const satisfies ErrorTable;

export const conversionError = errorsOf(CONVERSION_ERRORS);
