import type { Context } from '#db/context.ts';
import { isOfBank } from '#lib/account-numbers/account-numbers.ts';
import type { PayeeAccount } from '#lib/payee-account.ts';

/** Whether an account is one of this bank, somebody's or nobody's, however it is named. */
export type IsOwnAccount = (account: PayeeAccount) => boolean;

/** Recognises this bank's accounts by its country and bank code, and by its BIC. */
export async function selectOwnAccounts({
  db,
  bookId,
}: Pick<Context, 'db' | 'bookId'>): Promise<IsOwnAccount> {
  const { country, bankCode, bic } = await db
    .selectFrom('books')
    .select(['country', 'bank_code as bankCode', 'bic'])
    .where('book_id', '=', bookId)
    .executeTakeFirstOrThrow();
  return (account) => {
    if ('iban' in account) return isOfBank(account.iban, country, bankCode);
    switch (account.scheme) {
      case 'us_aba':
        return country === 'US' && account.bank === bankCode;
      case 'gb_sort_code':
        // Behind the four letters of the bank.
        return country === 'GB' && bankCode.slice(4) === account.bank;
      case 'bic':
        return bic !== null && bic.slice(0, BIC_OF_BANK) === account.bank.slice(0, BIC_OF_BANK);
    }
  };
}

/** What comes behind it in a BIC is the branch. */
const BIC_OF_BANK = 8;
