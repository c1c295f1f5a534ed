import { textArray, uuidArray } from '#db/binary-array.ts';
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

const INSERT_BATCH = `
  insert into transaction_batches (book_id, batch_id, mode, actor, idempotency_key, request_hash,
    transaction_ids, refusal_codes)
  values ($1, $2, $3, $4, $5, $6, $7::uuid[], $8::text[])`;

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

export async function insertBatch(tx: AnyTx, bookId: number, batch: NewBatch): Promise<void> {
  const { id, mode, actor, idempotencyKey, requestHash, results } = batch;
  const { affectedRows } = await run(tx, INSERT_BATCH, [
    bookId,
    id,
    mode,
    actor,
    idempotencyKey,
    requestHash,
    uuidArray(results.map((result) => (result.status === 'posted' ? result.transactionId : null))),
    textArray(results.map((result) => (result.status === 'refused' ? result.code : null))),
  ]);
  assert(affectedRows === 1, 'a batch is stored once');
}
