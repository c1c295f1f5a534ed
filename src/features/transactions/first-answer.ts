import type { Context } from '#db/context.ts';
import type { Caller } from '#lib/caller.ts';
import { commonError } from '#lib/errors.ts';
import type { TransactionId } from '#lib/ids.ts';
import { findTransaction } from './repository.ts';
import type { Transaction } from './transaction.ts';
import { viewerOf } from './viewer.ts';

/** The answer to a repeated request. Throws 409 `answer_erased` where it went with the customer it was about. */
export async function answeredFirst(
  { db, bookId }: Pick<Context, 'db' | 'bookId'>,
  caller: Caller,
  id: TransactionId,
): Promise<{ readonly transaction: Transaction; readonly replayed: true }> {
  const found = await findTransaction(db, bookId, id, viewerOf(caller));
  if (found === undefined) throw commonError('answer_erased');
  return { transaction: found.asFirstAnswered(), replayed: true };
}
