import { type ErrorTable, errorsOf } from '#lib/errors.ts';

/** The errors of interest. */
export const INTEREST_ERRORS = {
  reference_rate_missing: {
    status: 422,
    message: ({ reference, on }: { readonly reference: string; readonly on: string }) =>
      `The reference rate ${reference} has no value for ${on}.`,
    meaning: 'The terms refer to a rate that has no value on a day for which interest is due.',
    action: 'Give the reference rate a value from that day or before, or choose later days.',
  },
} as const satisfies ErrorTable;

export const interestError = errorsOf(INTEREST_ERRORS);
