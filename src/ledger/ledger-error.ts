import { ConflictError, type FlorinError, notFound, RefusedError } from '#lib/errors.ts';
import type { RefusalCode } from './entry.ts';

/** What each refusal of the kernel says to its caller. A code without a row does not compile. */
const REFUSALS: Record<RefusalCode, () => FlorinError> = {
  not_found: () => notFound(),
  idempotency_key_reused: () =>
    new RefusedError('idempotency_key_reused', 'This Idempotency-Key was used for a different request.'),
  already_reversed: () => new ConflictError('already_reversed', 'The transaction has been reversed before.'),
  same_account: () => new RefusedError('same_account', 'Payer and payee are the same account.'),
  account_closed: () => new ConflictError('account_closed', 'The account is closed.'),
  account_frozen: () => new ConflictError('account_frozen', 'The account is frozen.'),
  currency_mismatch: () =>
    new RefusedError('currency_mismatch', 'The amount is not in the currency of the account.'),
  business_date_closed: () =>
    new ConflictError('business_date_closed', 'The account has later entries; this date is closed for it.'),
  insufficient_funds: () => new RefusedError('insufficient_funds', 'The available balance is too low.'),
  balance_overflow: () =>
    new RefusedError('balance_overflow', 'The balance would exceed what can be stored.'),
};

/** The error of a refusal: 404, 409 or 422, with the kernel's code. */
export function refusalError(code: RefusalCode): FlorinError {
  return REFUSALS[code]();
}
