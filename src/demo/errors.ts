import { type ErrorTable, errorsOf } from '#lib/errors.ts';

/** Errors of `florin demo`. */
export const DEMO_ERRORS = {
  book_exists: {
    status: 409,
    message: 'Demo data goes into a new bank; this one is in use.',
    action: 'Run florin demo on an empty database or in another data folder.',
  },
} as const satisfies ErrorTable;

export const demoError = errorsOf(DEMO_ERRORS);
