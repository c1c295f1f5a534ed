import { RefusedError } from '#lib/errors.ts';

/** 422: nobody here has that IBAN. */
export function unknownPayee(): RefusedError {
  return new RefusedError('unknown_payee', 'The IBAN belongs to no account of this bank.');
}
