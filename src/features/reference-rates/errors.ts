import { type ErrorTable, errorsOf } from '#lib/errors.ts';

/** What reference rates may answer. */
export const REFERENCE_RATE_ERRORS = {
  rate_date_over: {
    status: 422,
    message: ({ first }: { readonly first: string }) => `A rate can be set from ${first} on.`,
    meaning: 'The date is over, or its end has begun: interest was counted with the rate that it has.',
    action: 'Give a later date.',
  },
} as const satisfies ErrorTable;

export const referenceRateError = errorsOf(REFERENCE_RATE_ERRORS);
