import type { Context } from '#db/context.ts';
import { RefusedError } from '#lib/errors.ts';
import type { Iban } from '#lib/iban.ts';
import { isOfBank } from '#lib/iban.ts';

/** Whether an IBAN is one that this bank gives out: of its country and bank code. Somebody's or nobody's. */
export async function isOwnIban(
  { db, bookId }: Pick<Context, 'db' | 'bookId'>,
  iban: Iban,
): Promise<boolean> {
  const { country, bankCode } = await db
    .selectFrom('books')
    .select(['country', 'bank_code as bankCode'])
    .where('book_id', '=', bookId)
    .executeTakeFirstOrThrow();
  return isOfBank(iban, country, bankCode);
}

/** 422 `unknown_payee`: an IBAN of this bank that is nobody's. */
export function unknownPayee(): RefusedError {
  return new RefusedError('unknown_payee', 'The IBAN belongs to no account of this bank.');
}
