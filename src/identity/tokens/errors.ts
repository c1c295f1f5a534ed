import { type ErrorTable, errorsOf } from '#lib/errors.ts';

/** The errors of a token's check, beside 401 `unauthenticated`. */
export const TOKEN_ERRORS = {
  authentication_unavailable: {
    status: 503,
    retryAfterSeconds: 1,
    message: 'Authentication is temporarily unavailable; nothing was done. Try again.',
    meaning: 'What tokens are checked against, the database or the keys of their issuer, cannot be read now.',
    action: 'Repeat the request after Retry-After.',
  },
} as const satisfies ErrorTable;

export const tokenError = errorsOf(TOKEN_ERRORS);
