import { textArray, uuidArray } from '#db/binary-array.ts';
import { bulkInsert, byteStrings, texts, uuids } from '#db/bulk-rows.ts';
import { noteChanged } from '#db/changed-rows.ts';
import { type AnyTx, run } from '#db/session.ts';
import { assert } from '#lib/assert.ts';
import type { BatchId, TransactionId } from '#lib/ids.ts';
import type { BatchMode, ItemResult } from './batch.ts';

/** A batch as it was answered. */
export type StoredBatch = {
  readonly id: BatchId;
  readonly requestHash: Buffer;
  readonly results: readonly ItemResult[];
};

export type NewBatch = StoredBatch & {
  readonly mode: BatchMode;
  readonly actor: string;
  readonly idempotencyKey: string;
};

const FIND_BATCH = `
  select batch_id as "id", request_hash as "requestHash", transaction_ids as "transactionIds",
    refusal_codes as "refusalCodes"
  from transaction_batches where book_id = $1 and actor = $2 and idempotency_key = $3`;

const storeBatch = bulkInsert('transaction_batches', {
  same: ['transaction_ids', 'refusal_codes'],
}).of<NewBatch>({
  batch_id: uuids(({ id }) => id),
  mode: texts(({ mode }) => mode),
  actor: texts(({ actor }) => actor),
  idempotency_key: texts(({ idempotencyKey }) => idempotencyKey),
  request_hash: byteStrings(({ requestHash }) => requestHash),
});

type Row = {
  id: BatchId;
  requestHash: Buffer;
  transactionIds: (TransactionId | null)[];
  refusalCodes: (string | null)[];
};

/** The batch that a caller sent under a key. */
export async function findBatch(
  tx: AnyTx,
  bookId: number,
  actor: string,
  idempotencyKey: string,
): Promise<StoredBatch | undefined> {
  const { rows } = await run<Row>(tx, FIND_BATCH, [bookId, actor, idempotencyKey]);
  const row = rows[0];
  if (row === undefined) return undefined;
  const results = row.transactionIds.map((transactionId, index): ItemResult => {
    if (transactionId !== null) return { status: 'posted', transactionId };
    const code = row.refusalCodes[index];
    assert(typeof code === 'string', 'an item was posted or refused');
    return { status: 'refused', code };
  });
  return { id: row.id, requestHash: row.requestHash, results };
}

/** Stores a batch with what it was answered, item by item. */
export async function insertBatch(tx: AnyTx, bookId: number, batch: NewBatch): Promise<void> {
  const { results } = batch;
  const answers = {
    transaction_ids: uuidArray(results.map((one) => (one.status === 'posted' ? one.transactionId : null))),
    refusal_codes: textArray(results.map((one) => (one.status === 'refused' ? one.code : null))),
  };
  const stored = storeBatch(tx, { book_id: bookId, ...answers }, [batch]);
  await Promise.all([stored, noteChanged(tx, bookId, 'transaction_batches', [batch.id])]);
}
