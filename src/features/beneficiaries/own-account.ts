import type { Context } from '#db/context.ts';
import type { Db } from '#db/database.ts';
import {
  findAccountIdByIban,
  findAccountIdByNumber,
  type StoredAccount,
} from '#features/accounts/contract.ts';
import type { IsOwnAccount } from '#features/books/contract.ts';
import type { AccountId } from '#lib/ids.ts';
import type { PayeeAccount } from '#lib/payee-account.ts';

/** The account of this bank that is named so, if it is one. */
export async function findOwnAccountId(
  db: Db,
  bookId: number,
  account: PayeeAccount,
  isOwn: IsOwnAccount,
): Promise<AccountId | undefined> {
  if ('iban' in account) return findAccountIdByIban(db, bookId, account.iban);
  return isOwn(account) ? findAccountIdByNumber(db, bookId, account.accountNumber) : undefined;
}

/** An account of this bank as a payee: by its IBAN, or in the United States by routing number. */
export async function ownAccountName(
  { db, bookId }: Pick<Context, 'db' | 'bookId'>,
  { iban, number }: StoredAccount,
): Promise<PayeeAccount | undefined> {
  if (iban !== undefined) return { iban };
  const { country, bankCode } = await db
    .selectFrom('books')
    .select(['country', 'bank_code as bankCode'])
    .where('book_id', '=', bookId)
    .executeTakeFirstOrThrow();
  return country === 'US' ? { scheme: 'us_aba', bank: bankCode, accountNumber: number } : undefined;
}
