import { refusalError } from '#ledger/ledger-error.ts';
import type { FlorinError } from '#lib/errors.ts';
import { RefusedError } from '#lib/errors.ts';
import type { NoSides } from './find-sides.ts';

/** The refusal of a movement that has no second side: 422 `unknown_payee` or `currency_mismatch`. */
export function noSidesError(reason: NoSides | undefined): FlorinError {
  if (reason === 'currency_mismatch') return refusalError('currency_mismatch');
  return new RefusedError('unknown_payee', 'The IBAN belongs to no account of this bank.');
}
