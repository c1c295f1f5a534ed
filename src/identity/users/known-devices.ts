import { hash, randomBytes } from 'node:crypto';
import type { Db, Tx } from '#db/database.ts';
import type { UserId } from '#lib/ids.ts';

/** 256 random bits: nobody can guess one, so SHA-256 is enough of a hash. */
const DEVICE_TOKEN_BYTES = 32;
/** Devices of one user: more than anybody uses. A login from one more forgets the one that was used longest ago. */
const MAX_DEVICES = 20;
/** A device that was not used for this long is a stranger again. */
const KEPT_MS = 180 * 24 * 60 * 60_000;

function hashDeviceToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

/** Whether the user has logged in with this device before. */
export async function isKnownDevice(
  db: Db,
  bookId: number,
  userId: UserId,
  { token, nowMs }: { readonly token: string; readonly nowMs: number },
): Promise<boolean> {
  const row = await db
    .selectFrom('known_devices')
    .select('user_id')
    .where('book_id', '=', bookId)
    .where('device_hash', '=', hashDeviceToken(token))
    .where('user_id', '=', userId)
    .where('last_used_at', '>', new Date(nowMs - KEPT_MS))
    .executeTakeFirst();
  return row !== undefined;
}

/** Remembers the device of a login that succeeded, and returns its token: the one that it has, or a new one. */
export async function rememberDevice(
  tx: Tx,
  bookId: number,
  userId: UserId,
  { token, now }: { readonly token: string | undefined; readonly now: Date },
): Promise<string> {
  if (token !== undefined) {
    const { numUpdatedRows } = await tx
      .updateTable('known_devices')
      .set({ last_used_at: now })
      .where('book_id', '=', bookId)
      .where('device_hash', '=', hashDeviceToken(token))
      .where('user_id', '=', userId)
      .executeTakeFirst();
    if (numUpdatedRows === 1n) return token;
  }
  const fresh = randomBytes(DEVICE_TOKEN_BYTES).toString('base64url');
  const row = { book_id: bookId, device_hash: hashDeviceToken(fresh), user_id: userId };
  await tx
    .insertInto('known_devices')
    .values({ ...row, created_at: now, last_used_at: now })
    .execute();
  await forgetOldDevices(tx, bookId, userId);
  return fresh;
}

/** Forgets every device of a user: whoever has one of their tokens is a stranger again. */
export async function forgetDevices(tx: Tx, bookId: number, userId: UserId): Promise<void> {
  await tx.deleteFrom('known_devices').where('book_id', '=', bookId).where('user_id', '=', userId).execute();
}

async function forgetOldDevices(tx: Tx, bookId: number, userId: UserId): Promise<void> {
  const old = await tx
    .selectFrom('known_devices')
    .select('device_hash')
    .where('book_id', '=', bookId)
    .where('user_id', '=', userId)
    .orderBy('last_used_at', 'desc')
    .orderBy('device_hash')
    .offset(MAX_DEVICES)
    .execute();
  if (old.length === 0) return;
  const hashes = old.map((device) => device.device_hash);
  await tx
    .deleteFrom('known_devices')
    .where('book_id', '=', bookId)
    .where('device_hash', 'in', hashes)
    .execute();
}
