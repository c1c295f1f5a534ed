import { UnauthenticatedError } from '#lib/errors.ts';

/** 401 `unauthenticated`: one answer for every token that is not valid, whatever is wrong with it, and for none. */
export function unauthenticated(cause?: unknown): UnauthenticatedError {
  return new UnauthenticatedError('unauthenticated', 'The request carries no valid access token.', { cause });
}
