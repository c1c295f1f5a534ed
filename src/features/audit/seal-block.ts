import { sql } from 'kysely';
import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { type AnyTx, run } from '#db/session.ts';
import { inTransaction } from '#db/transaction.ts';
import { assert } from '#lib/assert.ts';
import { type BlockContent, blockHash, HASH_BYTES, merkleRoot, NO_BLOCK } from './block-hash.ts';
import { findLastBlock, type LastBlock } from './last-block.ts';
import { FETCH_BY_KEY, HASH_AUDIT_ROWS, HASH_ENTRIES } from './seal-encoding.ts';
import { lockSealing } from './sealing-lock.ts';
import { saveSequenced, sequenceWaiting } from './sequence-entries.ts';

/** A transaction of some 80 ms on two cores in use: nobody waits for it, but the vacuum and a stop of the server do. */
const MAX_BLOCK_ROWS = 4_000;

/** Rows that wait, as one row of unsealed_rows has them. */
type Waiting = { readonly unsealed_id: string; readonly row_kind: string; readonly row_count: number };

/** Ids as the text of an array, which PostgreSQL gets back as it gave it: nothing is read out of it here. */
type Hashed = { readonly count: number; readonly ids: string; readonly leaves: Buffer };

/**
 * Seals up to MAX_BLOCK_ROWS of the rows that wait, those that wait longest first, as the next block, in one
 * transaction, and returns how many that were. Entries get their numbers before. Undefined while another sealer of the
 * book is at work. Locks the book's row of audit_sealing, and waits for nobody.
 */
export function sealBlock(context: Context): Promise<number | undefined> {
  const { db, bookId, clock } = context;
  return inTransaction(db, async (tx) => {
    const sequenced = await lockSealing(tx, bookId);
    if (sequenced === undefined) return undefined;
    const last = await findLastBlock(tx, bookId);
    // While blocks of the past get their numbers, those of now are gone through after them.
    const isInOrder = sequenced.sequencedBlocks === (last?.blockNumber ?? 0n);
    const numbered = isInOrder ? await sequenceWaiting(tx, bookId, sequenced) : undefined;
    const waiting = await findWaiting(tx, bookId, numbered !== undefined);
    if (waiting.length === 0) return 0;
    const unsealedIds = waiting.map((row) => row.unsealed_id);
    await run(tx, FETCH_BY_KEY, []);
    const audit = await hashRows(tx, HASH_AUDIT_ROWS, bookId, unsealedIds);
    const entries = await hashRows(tx, HASH_ENTRIES, bookId, unsealedIds);
    for (const [kind, { count }] of [['audit', audit] as const, ['entry', entries] as const]) {
      const due = sumRows(waiting.filter((row) => row.row_kind === kind));
      assert(count === due, `of ${due} rows that wait to be sealed (${kind}), ${count} are there`);
    }
    const blockNumber = await insertBlock(tx, bookId, clock.nowMs(), last, audit, entries);
    await removeWaiting(tx, bookId, unsealedIds);
    if (numbered !== undefined) {
      await saveSequenced(tx, bookId, { ...numbered, sequencedBlocks: blockNumber });
    }
    return audit.count + entries.count;
  });
}

/** Where it is so asked, entries only once they have their number. */
async function findWaiting(tx: AnyTx, bookId: number, onlySequenced: boolean): Promise<Waiting[]> {
  const { rows } = await run<Waiting>(
    tx,
    `select unsealed_id, row_kind, cardinality(row_ids) as row_count from unsealed_rows
     where book_id = $1 and (row_kind = 'audit' or is_sequenced or not $3)
     order by unsealed_id limit $2`,
    [bookId, MAX_BLOCK_ROWS, onlySequenced],
  );
  const taken: Waiting[] = [];
  let rowCount = 0;
  for (const row of rows) {
    rowCount += row.row_count;
    if (rowCount > MAX_BLOCK_ROWS) break;
    taken.push(row);
  }
  return taken;
}

async function hashRows(
  tx: AnyTx,
  statement: string,
  bookId: number,
  unsealedIds: readonly string[],
): Promise<Hashed> {
  const { rows } = await run<Hashed>(tx, statement, [bookId, unsealedIds]);
  const [hashed] = rows;
  assert(
    hashed !== undefined && hashed.leaves.length === hashed.count * HASH_BYTES,
    'every row has its leaf',
  );
  return hashed;
}

async function insertBlock(
  tx: Tx,
  bookId: number,
  nowMs: number,
  last: LastBlock | undefined,
  audit: Hashed,
  entries: Hashed,
): Promise<bigint> {
  const before = last?.lastPosition ?? 0n;
  const leaves = Buffer.concat([audit.leaves, entries.leaves]);
  const block: BlockContent = {
    bookId,
    blockNumber: (last?.blockNumber ?? 0n) + 1n,
    firstPosition: before + 1n,
    lastPosition: before + BigInt(audit.count + entries.count),
    merkleRoot: merkleRoot(leaves),
    previousHash: last?.blockHash ?? NO_BLOCK,
    sealedAtMs: nowMs,
  };
  await tx
    .insertInto('audit_blocks')
    .values({
      book_id: bookId,
      block_number: block.blockNumber,
      first_position: block.firstPosition,
      last_position: block.lastPosition,
      audit_ids: sql<string[]>`${audit.ids}::uuid[]`,
      entry_ids: sql<string[]>`${entries.ids}::uuid[]`,
      row_hashes: leaves,
      merkle_root: block.merkleRoot,
      previous_hash: block.previousHash,
      block_hash: blockHash(block),
      sealed_at: new Date(nowMs),
    })
    .execute();
  return block.blockNumber;
}

async function removeWaiting(tx: AnyTx, bookId: number, ids: readonly string[]): Promise<void> {
  const { affectedRows } = await run(
    tx,
    'delete from unsealed_rows where book_id = $1 and unsealed_id = any($2::uuid[])',
    [bookId, ids],
  );
  assert(affectedRows === ids.length, 'what was sealed no longer waits');
}

function sumRows(waiting: readonly Waiting[]): number {
  return waiting.reduce((sum, { row_count }) => sum + row_count, 0);
}
