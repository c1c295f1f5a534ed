import { sql } from 'kysely';
import type { Db, Tx } from '#db/database.ts';
import { columns } from '#db/rows.ts';
import { run } from '#db/session.ts';
import { assert } from '#lib/assert.ts';
import { merklePath, type PathStep } from './block-hash.ts';
import { READ_AUDIT_MESSAGE } from './seal-encoding.ts';

/** A block without its lists: all that its hash is over, and the hash. */
export type BlockHead = {
  readonly blockNumber: bigint;
  readonly firstPosition: bigint;
  readonly lastPosition: bigint;
  readonly merkleRoot: Buffer;
  readonly previousHash: Buffer;
  readonly blockHash: Buffer;
  readonly sealedAt: Date;
};

/** Why a row of the trail is what was sealed: its bytes as they are now, and the way from their hash to the block's. */
export type RowProof = {
  readonly id: string;
  readonly position: bigint;
  readonly leaf: Buffer;
  readonly path: readonly PathStep[];
  readonly block: BlockHead;
  /** The blocks after it, in order. */
  readonly chain: readonly BlockHead[];
};

/** Where a row stands that no block has. */
export type Unsealed = 'waits' | 'is in no block';

/** Clocks of two servers differ by less; a block is not sealed before its rows are written. */
const CLOCKS_DIFFER_MS = 60_000;
/** Of a block, 64 kB of ids are read: a tenth of a second for this many. */
const BLOCKS_AT_ONCE = 500;
/** A row is sealed within seconds, and after a rush within hours: this many blocks are sealed in three. */
const MAX_BLOCKS = 10_000;
/** Heads of blocks in one answer: half a megabyte. A longer chain is walked by `florin audit verify`. */
export const MAX_CHAIN = 1_000;

/**
 * The proof of an audit row from one state of the trail; undefined where there is no such row. The block is found by
 * its time: rows are in none that was sealed before them.
 */
export async function findProof(
  tx: Tx,
  bookId: number,
  id: string,
  chainTo: bigint | undefined,
): Promise<RowProof | Unsealed | undefined> {
  const row = await tx
    .selectFrom('audit_log')
    .select('at')
    .where('book_id', '=', bookId)
    .where('audit_id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const first = await findFirstBlockAfter(tx, bookId, new Date(row.at.getTime() - CLOCKS_DIFFER_MS));
  const found = first === undefined ? undefined : await findBlockOf(tx, bookId, id, first);
  if (found === undefined) return (await isWaiting(tx, bookId, id)) ? 'waits' : 'is in no block';
  const { auditIds, rowHashes, ...block } = found;
  const index = auditIds.indexOf(id);
  return {
    id,
    position: block.firstPosition + BigInt(index),
    leaf: await readLeaf(tx, bookId, id),
    path: merklePath(rowHashes, index),
    block,
    chain: chainTo === undefined ? [] : await readHeads(tx, bookId, block.blockNumber, chainTo),
  };
}

/** The first block that was sealed at an instant or later: a binary search, some twenty look-ups. */
async function findFirstBlockAfter(db: Db, bookId: number, at: Date): Promise<bigint | undefined> {
  const { rows } = await sql<{ low: bigint }>`
    with recursive search as (
      select 1::bigint as low, coalesce(max(block_number), 0) + 1 as high from audit_blocks where book_id = ${bookId}
      union all
      select case when probe.is_before then probe.middle + 1 else search.low end,
        case when probe.is_before then search.high else probe.middle end
      from search, lateral (
        select b.block_number as middle, b.sealed_at < ${at} as is_before from audit_blocks b
        where b.book_id = ${bookId} and b.block_number = (search.low + search.high) / 2
      ) as probe
      where search.low < search.high
    )
    select low from search where low = high`.execute(db);
  return rows[0]?.low;
}

async function findBlockOf(db: Db, bookId: number, id: string, first: bigint) {
  for (let skipped = 0; skipped < MAX_BLOCKS; skipped += BLOCKS_AT_ONCE) {
    const from = first + BigInt(skipped);
    const block = await selectHeads(db, bookId)
      .select(['row_hashes as rowHashes', sql<string[]>`audit_ids::text[]`.as('auditIds')])
      .where('block_number', '>=', from)
      .where('block_number', '<', from + BigInt(BLOCKS_AT_ONCE))
      .where(sql<boolean>`${id}::uuid = any(audit_ids)`)
      .orderBy('block_number')
      .limit(1)
      .executeTakeFirst();
    if (block !== undefined) return block;
  }
  return undefined;
}

/** The blocks after one, up to another, at most MAX_CHAIN. */
function readHeads(db: Db, bookId: number, after: bigint, to: bigint): Promise<BlockHead[]> {
  return selectHeads(db, bookId)
    .where('block_number', '>', after)
    .where('block_number', '<=', to)
    .orderBy('block_number')
    .limit(MAX_CHAIN)
    .execute();
}

function selectHeads(db: Db, bookId: number) {
  return db
    .selectFrom('audit_blocks')
    .select(columns('audit_blocks', ['block_number', 'first_position', 'last_position', 'merkle_root']))
    .select(columns('audit_blocks', ['previous_hash', 'block_hash', 'sealed_at']))
    .where('book_id', '=', bookId);
}

async function readLeaf(tx: Tx, bookId: number, id: string): Promise<Buffer> {
  const { rows } = await run<{ readonly leaf: Buffer }>(tx, READ_AUDIT_MESSAGE, [bookId, id]);
  const [row] = rows;
  assert(row !== undefined, 'a row of the trail is never deleted');
  return row.leaf;
}

async function isWaiting(db: Db, bookId: number, id: string): Promise<boolean> {
  const row = await db
    .selectFrom('unsealed_rows')
    .select('unsealed_id')
    .where('book_id', '=', bookId)
    .where('row_kind', '=', 'audit')
    .where(sql<boolean>`${id}::uuid = any(row_ids)`)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
