import type { Tx } from '#db/database.ts';
import { type AccountNumber, firstAccountNumber } from '#lib/account-numbers/account-numbers.ts';
import { accountError } from './errors.ts';

/**
 * The next account numbers of a book, with their IBANs where its country has them. Locks the book's counter until the
 * commit. Throws 409 `account_numbers_exhausted`.
 */
export async function takeAccountNumbers(tx: Tx, bookId: number, count: number): Promise<AccountNumber[]> {
  const { country, bankCode, next } = await tx
    .selectFrom('account_numbers as n')
    .innerJoin('books as b', 'b.book_id', 'n.book_id')
    .select(['b.country', 'b.bank_code as bankCode', 'n.next_number as next'])
    .where('n.book_id', '=', bookId)
    .forUpdate('n')
    .executeTakeFirstOrThrow();
  const taken: AccountNumber[] = [];
  let from = next;
  while (taken.length < count) {
    const first = firstAccountNumber(country, bankCode, from);
    if (first === undefined) throw accountError('account_numbers_exhausted', { country, bankCode });
    taken.push({ number: first.number, iban: first.iban });
    from = first.serial + 1n;
  }
  await tx.updateTable('account_numbers').set({ next_number: from }).where('book_id', '=', bookId).execute();
  return taken;
}
