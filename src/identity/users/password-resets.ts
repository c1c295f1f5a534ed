import { timingSafeEqual } from 'node:crypto';
import { noteChanged } from '#db/changed-rows.ts';
import type { Tx } from '#db/database.ts';
import type { UserId } from '#lib/ids.ts';
import { hashRecoveryCode, newRecoveryCodes } from './totp.ts';

/** Long enough to reach the user by the bank's own ways, and for a working day. */
const RESET_LIFETIME_MS = 24 * 60 * 60_000;

/** A code like `k3wd-7xqa-ml2f-p5ze`, with 80 random bits, and the end of its life. */
export type PasswordReset = { readonly code: string; readonly expiresAt: Date };

/** Makes a code for a locked user. An earlier one no longer works. */
export async function insertReset(
  tx: Tx,
  bookId: number,
  userId: UserId,
  { removesSecondFactor, now }: { readonly removesSecondFactor: boolean; readonly now: Date },
): Promise<PasswordReset> {
  const [code = ''] = newRecoveryCodes();
  const expiresAt = new Date(now.getTime() + RESET_LIFETIME_MS);
  const values = {
    code_hash: hashRecoveryCode(code),
    removes_second_factor: removesSecondFactor,
    created_at: now,
    expires_at: expiresAt,
  };
  await tx
    .insertInto('password_resets')
    .values({ book_id: bookId, user_id: userId, ...values })
    .onConflict((conflict) => conflict.columns(['book_id', 'user_id']).doUpdateSet(values))
    .execute();
  await noteChanged(tx, bookId, 'password_resets', [userId]);
  return { code, expiresAt };
}

/** Uses up the code of a locked user; undefined if it is not the user's, or too old. */
export async function takeReset(
  tx: Tx,
  bookId: number,
  userId: UserId,
  { code, now }: { readonly code: string; readonly now: Date },
): Promise<{ readonly removesSecondFactor: boolean } | undefined> {
  const row = await tx
    .selectFrom('password_resets')
    .select(['code_hash', 'removes_second_factor', 'expires_at'])
    .where('book_id', '=', bookId)
    .where('user_id', '=', userId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined || row.expires_at <= now) return undefined;
  if (!timingSafeEqual(row.code_hash, hashRecoveryCode(code))) return undefined;
  await deleteReset(tx, bookId, userId);
  return { removesSecondFactor: row.removes_second_factor };
}

/** A code that is open no longer works. */
export async function deleteReset(tx: Tx, bookId: number, userId: UserId): Promise<void> {
  await tx
    .deleteFrom('password_resets')
    .where('book_id', '=', bookId)
    .where('user_id', '=', userId)
    .execute();
  await noteChanged(tx, bookId, 'password_resets', [userId]);
}
