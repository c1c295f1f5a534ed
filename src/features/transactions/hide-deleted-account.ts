import type { Context } from '#db/context.ts';
import { findAccount } from '#features/accounts/contract.ts';
import { ConflictError, notFound } from '#lib/errors.ts';
import type { Sides } from './movement.ts';

/**
 * 404 `not_found` in place of 409 `account_closed` when the account went with its customer: its ledger account is
 * left, closed, but nobody shall tell it from an id that never was. Any other error is returned as it is.
 */
export async function hideDeletedAccount(
  { db, bookId }: Context,
  error: unknown,
  { debit, credit }: Sides,
): Promise<unknown> {
  if (!(error instanceof ConflictError) || error.code !== 'account_closed') return error;
  for (const side of [debit, credit]) {
    if (typeof side === 'string' && (await findAccount(db, bookId, side)) === undefined) return notFound();
  }
  return error;
}
