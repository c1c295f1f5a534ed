import { type ErrorTable, errorsOf } from '#lib/errors.ts';

/** Refusals about API keys. */
export const API_KEY_ERRORS = {
  api_key_ended: {
    status: 409,
    message: 'The API key has expired or was revoked.',
    action: 'Make a new key: a caller without a valid key has no successor.',
  },
} as const satisfies ErrorTable;

/** The error of a code about API keys. */
export const apiKeyError = errorsOf(API_KEY_ERRORS);
