import { sql } from 'kysely';
import { textArray, uuidArray } from '#db/binary-array.ts';
import { bulkInsert, byteStrings, jsons, texts, uuids } from '#db/bulk-rows.ts';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db } from '#db/database.ts';
import { type AnyTx, run } from '#db/session.ts';
import { assert } from '#lib/assert.ts';
import type { FieldError } from '#lib/errors.ts';
import type { BatchId, TransactionId } from '#lib/ids.ts';
import type { BatchMode, ItemResult } from './batch.ts';

/** A batch as it was answered. */
export type StoredBatch = {
  readonly id: BatchId;
  readonly mode: BatchMode;
  readonly requestHash: Buffer;
  readonly results: readonly ItemResult[];
};

export type NewBatch = StoredBatch & {
  readonly actor: string;
  readonly idempotencyKey: string;
};

const COLUMNS = `batch_id as "id", mode, request_hash as "requestHash", transaction_ids as "transactionIds",
    refusal_codes as "refusalCodes", item_errors as "itemErrors"`;
const FIND_BATCH = `
  select ${COLUMNS}
  from transaction_batches where book_id = $1 and actor = $2 and idempotency_key = $3`;

const storeBatch = bulkInsert('transaction_batches', {
  same: ['transaction_ids', 'refusal_codes'],
}).of<NewBatch>({
  batch_id: uuids(({ id }) => id),
  mode: texts(({ mode }) => mode),
  actor: texts(({ actor }) => actor),
  idempotency_key: texts(({ idempotencyKey }) => idempotencyKey),
  request_hash: byteStrings(({ requestHash }) => requestHash),
  item_errors: jsons(({ results }) => errorsOf(results)),
});

type Row = {
  id: BatchId;
  mode: BatchMode;
  itemErrors: Record<string, FieldError[]> | null;
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
  return rows[0] === undefined ? undefined : batchOf(rows[0]);
}

/** A batch by its id. */
export async function readBatch(db: Db, bookId: number, id: BatchId): Promise<StoredBatch | undefined> {
  const { rows } = await sql<Row>`select ${sql.raw(COLUMNS)}
    from transaction_batches where book_id = ${bookId} and batch_id = ${id}`.execute(db);
  return rows[0] === undefined ? undefined : batchOf(rows[0]);
}

function batchOf(row: Row): StoredBatch {
  const results = row.transactionIds.map((transactionId, index): ItemResult => {
    if (transactionId !== null) return { status: 'posted', transactionId };
    const code = row.refusalCodes[index];
    assert(typeof code === 'string', 'an item was posted or refused');
    return { status: 'refused', code, errors: row.itemErrors?.[index] };
  });
  return { id: row.id, mode: row.mode, requestHash: row.requestHash, results };
}

/** What was wrong in items, by their places; undefined where nothing was. */
function errorsOf(results: readonly ItemResult[]): string | undefined {
  const errors = results.flatMap((result, index) =>
    result.status === 'refused' && result.errors !== undefined ? [[index, result.errors]] : [],
  );
  return errors.length === 0 ? undefined : JSON.stringify(Object.fromEntries(errors));
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
