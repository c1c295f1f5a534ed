import type { Context } from '#db/context.ts';
import { isOfBank } from '#lib/account-numbers/account-numbers.ts';
import type { Iban } from '#lib/iban.ts';

/** Whether an IBAN is one that this bank gives out, somebody's or nobody's. */
export type IsOwnIban = (iban: Iban) => boolean;

/** Recognises this bank's IBANs by its country and bank code. */
export async function selectOwnIbans({ db, bookId }: Pick<Context, 'db' | 'bookId'>): Promise<IsOwnIban> {
  const { country, bankCode } = await db
    .selectFrom('books')
    .select(['country', 'bank_code as bankCode'])
    .where('book_id', '=', bookId)
    .executeTakeFirstOrThrow();
  return (iban) => isOfBank(iban, country, bankCode);
}
