import type { Db } from '#db/database.ts';
import { findAccountIdByIban, findAccountIdByNumber } from '#features/accounts/contract.ts';
import type { AccountId } from '#lib/ids.ts';
import type { BookedTexts } from './received.ts';

/** The account that a payment from another bank is for: by its IBAN, or by its number. */
export async function findCreditor(
  db: Db,
  bookId: number,
  { iban, creditorNumber }: Pick<BookedTexts, 'iban' | 'creditorNumber'>,
): Promise<AccountId | undefined> {
  if (iban !== undefined) return findAccountIdByIban(db, bookId, iban);
  return creditorNumber === undefined ? undefined : findAccountIdByNumber(db, bookId, creditorNumber);
}
