import { validationFailed } from '#lib/errors.ts';
import { parseIban } from '#lib/iban.ts';
import type { AccountId } from '#lib/ids.ts';
import { parseTypeId } from '#lib/ids.ts';
import type { Payee } from './movement.ts';

/** The id of no account: the kernel answers `not_found` for it, as for every id that does not exist. */
const NO_ACCOUNT = '00000000-0000-0000-0000-000000000000' as AccountId;

/** The account of a TypeID; a text that is none stands for an account that does not exist. */
export function accountIdOf(text: string): AccountId {
  return parseTypeId('account', text) ?? NO_ACCOUNT;
}

/** Who is paid: exactly one of the two. Throws 400 `validation_failed` with `path` before the field. */
export function payeeOf(toAccountId: string | undefined, toIban: string | undefined, path = ''): Payee {
  if (toAccountId !== undefined && toIban === undefined) return { accountId: accountIdOf(toAccountId) };
  if (toAccountId === undefined && toIban !== undefined) {
    const iban = parseIban(toIban);
    if (iban === undefined)
      throw validationFailed({ path: `${path}toIban`, message: 'must be a valid IBAN' });
    return { iban };
  }
  throw validationFailed({ path: `${path}toAccountId`, message: 'give one of toAccountId and toIban' });
}
