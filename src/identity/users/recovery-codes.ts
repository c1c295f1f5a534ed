import { noteChanged } from '#db/changed-rows.ts';
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
  const gone = await tx
    .deleteFrom('recovery_codes')
    .where('book_id', '=', bookId)
    .where('user_id', '=', userId)
    .returning('code_hash as hash')
    .execute();
  const made = codes.map((code) => ({ hash: hashRecoveryCode(code) }));
  const rows = made.map(({ hash }) => ({ book_id: bookId, user_id: userId, code_hash: hash }));
  if (rows.length > 0) await tx.insertInto('recovery_codes').values(rows).execute();
  await noteCodes(tx, bookId, userId, [...gone, ...made]);
}

/** Uses up a recovery code; false if the user has no such code. */
export async function takeRecoveryCode(
  tx: Tx,
  bookId: number,
  userId: UserId,
  code: string,
): Promise<boolean> {
  const hash = hashRecoveryCode(code);
  const { numDeletedRows } = await tx
    .deleteFrom('recovery_codes')
    .where('book_id', '=', bookId)
    .where('user_id', '=', userId)
    .where('code_hash', '=', hash)
    .executeTakeFirst();
  if (numDeletedRows === 1n) await noteCodes(tx, bookId, userId, [{ hash }]);
  return numDeletedRows === 1n;
}

function noteCodes(
  tx: Tx,
  bookId: number,
  userId: UserId,
  codes: readonly { readonly hash: Buffer }[],
): Promise<void> {
  const keys = codes.map(({ hash }) => [userId, hash.toString('hex')]);
  return noteChanged(tx, bookId, 'recovery_codes', keys);
}
