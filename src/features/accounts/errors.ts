import { violatedUnique } from '#db/postgres-error.ts';
import { ConflictError, RefusedError } from '#lib/errors.ts';

/** 409 `account_exists` when the database refused a second account with this external id; else the error. */
export function asAccountError(error: unknown): unknown {
  if (violatedUnique(error) !== 'accounts_book_id_external_id_key') return error;
  return new ConflictError('account_exists', 'An account with this externalId exists.', {
    fields: [{ path: 'externalId', message: 'belongs to another account' }],
  });
}

/** 422: the book offers no such product in this currency. */
export function unknownProduct(): RefusedError {
  return new RefusedError('unknown_product', 'There is no such product in this currency.');
}

/** 409 `account_not_empty`: a loan is paid out to it or repaid from it. */
export function accountNeeded(): ConflictError {
  return new ConflictError(
    'account_not_empty',
    'The account has a loan that is paid out to it or repaid from it.',
  );
}
