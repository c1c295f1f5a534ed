import type { Tx } from '#db/database.ts';
import type { UserId } from '#lib/ids.ts';
import { hashRecoveryCode } from './totp.ts';

/** Replaces all stored codes. */
export async function replaceRecoveryCodes(
  tx: Tx,
  bookId: number,
  userId: UserId,
  codes: readonly string[],
): Promise<void> {
  await tx.deleteFrom('recovery_codes').where('book_id', '=', bookId).where('user_id', '=', userId).execute();
  if (codes.length === 0) return;
  const rows = codes.map((code) => ({ book_id: bookId, user_id: userId, code_hash: hashRecoveryCode(code) }));
  await tx.insertInto('recovery_codes').values(rows).execute();
}

/** Uses up a recovery code; false if the user has no such code. */
export async function takeRecoveryCode(
  tx: Tx,
  bookId: number,
  userId: UserId,
  code: string,
): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('recovery_codes')
    .where('book_id', '=', bookId)
    .where('user_id', '=', userId)
    .where('code_hash', '=', hashRecoveryCode(code))
    .executeTakeFirst();
  return numDeletedRows === 1n;
}
