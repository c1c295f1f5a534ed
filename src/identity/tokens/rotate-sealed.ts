import { sql } from 'kysely';
import { bulkUpdate, byteStrings, texts } from '#db/bulk-rows.ts';
import { noteChanged } from '#db/changed-rows.ts';
import type { Tx } from '#db/database.ts';
import { inBatches } from '#db/in-batches.ts';
import { type KeyChange, reseal } from '#lib/data-key.ts';
import { signingKeyContextOf } from './signing-keys.ts';

type Row = { readonly kid: string; readonly sealed: Buffer };

const storeKeys = bulkUpdate('signing_keys').of<Row>({
  key: { kid: texts(({ kid }) => kid) },
  set: { private_key: byteStrings(({ sealed }) => sealed) },
});

/** Seals a book's signing keys, which stay the same, under a new data key; returns how many. */
export function rotateSealedSigningKeys(tx: Tx, bookId: number, keys: KeyChange): Promise<number> {
  const query = sql<Row>`
    select kid, private_key as sealed from signing_keys where book_id = ${bookId}`;
  return inBatches(tx, query, async (rows) => {
    const resealed = rows.map(({ kid, sealed }) => ({
      kid,
      sealed: reseal(keys, sealed, signingKeyContextOf(bookId, kid)),
    }));
    await storeKeys(tx, { book_id: bookId }, resealed);
    const kids = rows.map(({ kid }) => kid);
    await noteChanged(tx, bookId, 'signing_keys', kids);
  });
}
