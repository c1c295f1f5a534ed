import { unknownPayee } from '#features/books/contract.ts';
import { refusalError } from '#ledger/ledger-error.ts';
import { type FlorinError, notFound, RefusedError } from '#lib/errors.ts';
import type { UnresolvedPayee } from './resolve-payees.ts';

/** The refusal of a movement that has no second side: 404 `not_found`, 422 `unknown_payee` or `currency_mismatch`. */
export function unresolvedPayeeError(reason: UnresolvedPayee | undefined): FlorinError {
  if (reason === 'currency_mismatch') return refusalError('currency_mismatch');
  return reason === 'not_found' ? notFound() : unknownPayee();
}

/** 422 `not_reversible`: what a payment to or from another bank, or one of a loan, is taken back by. */
export function reversedElsewhere(): FlorinError {
  const message =
    'A payment to or from another bank is settled, returned or resolved, and one of a loan is undone there.';
  return new RefusedError('not_reversible', message);
}
