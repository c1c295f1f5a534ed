import type { Tx } from '#db/database.ts';
import { assert } from '#lib/assert.ts';
import { firstAccountNumber, type Iban } from '#lib/iban.ts';

export type AccountNumber = { readonly number: string; readonly iban: Iban };

/** The next account numbers of a book, with their IBANs. Locks the book's counter until the commit. */
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
    assert(first !== undefined, `the book's country and bank code give account ${from} an IBAN`);
    taken.push({ number: first.number.toString(), iban: first.iban });
    from = first.number + 1n;
  }
  await tx.updateTable('account_numbers').set({ next_number: from }).where('book_id', '=', bookId).execute();
  return taken;
}
