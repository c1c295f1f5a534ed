import { sql } from 'kysely';
import { bulkUpdate, byteStrings, uuids } from '#db/bulk-rows.ts';
import { noteChanged } from '#db/changed-rows.ts';
import type { Tx } from '#db/database.ts';
import { inBatches } from '#db/in-batches.ts';
import { type KeyChange, reseal } from '#lib/data-key.ts';
import type { UserId } from '#lib/ids.ts';
import { totpContextOf } from './totp.ts';

type Row = { readonly id: UserId; readonly sealed: Buffer };

const storeSecrets = bulkUpdate('users').of<Row>({
  key: { user_id: uuids(({ id }) => id) },
  set: { totp_secret: byteStrings(({ sealed }) => sealed) },
});

/** Seals the second factors of a book's users under a new data key; returns how many. */
export function rotateTotpSecrets(tx: Tx, bookId: number, keys: KeyChange): Promise<number> {
  const query = sql<Row>`
    select user_id as id, totp_secret as sealed from users
    where book_id = ${bookId} and totp_secret is not null`;
  return inBatches(tx, query, async (rows) => {
    const resealed = rows.map(({ id, sealed }) => ({ id, sealed: reseal(keys, sealed, totpContextOf(id)) }));
    await storeSecrets(tx, { book_id: bookId }, resealed);
    const ids = rows.map(({ id }) => id);
    await noteChanged(tx, bookId, 'users', ids);
  });
}
