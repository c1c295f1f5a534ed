import type { Services } from '#bank/services.ts';
import { findAccount, findAccountIdByIban } from '#features/accounts/contract.ts';
import { findBook } from '#features/books/contract.ts';
import { composeIban, type Iban } from '#lib/iban.ts';
import type { AccountId } from '#lib/ids.ts';
import { CommandFailedError } from './failures.ts';
import type { AccountReference } from './values.ts';
import type { StoredAccount } from './views.ts';

/** The account that a reference on the command line means. Throws 404 `not_found`. */
export async function findReferredAccount(
  services: Services,
  reference: AccountReference,
): Promise<StoredAccount> {
  const { db, bookId } = services.context;
  const target = await payeeOf(services, reference);
  const id = 'iban' in target ? await findAccountIdByIban(db, bookId, target.iban) : target.accountId;
  const account = id === undefined ? undefined : await findAccount(db, bookId, id);
  if (account === undefined) throw noSuchAccount(reference);
  return account;
}

/** Where a transfer to a reference goes. Throws 404 `not_found` for a number that this bank cannot have given. */
export async function payeeOf(
  { context }: Services,
  reference: AccountReference,
): Promise<{ readonly accountId: AccountId } | { readonly iban: Iban }> {
  if ('id' in reference) return { accountId: reference.id };
  if ('iban' in reference) return { iban: reference.iban };
  const book = await findBook(context);
  const iban = book && composeIban(book.country, book.bankCode, reference.number);
  if (iban === undefined) throw noSuchAccount(reference);
  return { iban };
}

function noSuchAccount({ text }: AccountReference): CommandFailedError {
  return new CommandFailedError('not_found', `There is no account ${text}.`);
}
