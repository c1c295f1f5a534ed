import { unknownPayee } from '#features/books/contract.ts';
import { refusalError } from '#ledger/ledger-error.ts';
import type { FlorinError } from '#lib/errors.ts';
import { notFound } from '#lib/errors.ts';
import type { NoSides } from './find-sides.ts';

/** The refusal of a movement that has no second side: 404 `not_found`, 422 `unknown_payee` or `currency_mismatch`. */
export function noSidesError(reason: NoSides | undefined): FlorinError {
  if (reason === 'currency_mismatch') return refusalError('currency_mismatch');
  return reason === 'not_found' ? notFound() : unknownPayee();
}
