import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import type { SqlSession } from '#db/session.ts';
import { sessionOf } from '#db/session.ts';
import { inTransaction } from '#db/transaction.ts';
import { assert } from '#lib/assert.ts';
import type { BlockContent } from './block-hash.ts';
import { blockHash, HASH_BYTES, merkleRoot, NO_BLOCK } from './block-hash.ts';
import type { RowKind } from './find-unsealed.ts';
import { findNear, sweepOn } from './find-unsealed.ts';
import { SEAL_AUDIT_ROWS, SEAL_ENTRIES } from './seal-encoding.ts';

/** A transaction of some 170 ms on two quiet cores: nobody waits for it, but the vacuum and a stop of the server do. */
export const MAX_BLOCK_ROWS = 4_000;

export type SealOptions = {
  /** Also take a step of the sweep for rows that committed late, or were there before sealing began. */
  readonly sweep: boolean;
};

/** `sweptEnds`: of which tables the sweep came to the end. */
export type Sealed = { readonly rowCount: number; readonly sweptEnds: readonly RowKind[] };

type Sweep = { readonly audit: string | null; readonly entry: string | null };
type Found = {
  readonly audit: readonly string[];
  readonly entry: readonly string[];
  readonly swept: Sweep | undefined;
};

/**
 * Seals up to MAX_BLOCK_ROWS committed rows that no block covers yet, as the next block, in one transaction.
 * Undefined while another sealer of the book is at work. Locks the book's row of audit_sealing, and waits for
 * nobody.
 */
export function sealBlock(context: Context, options: SealOptions): Promise<Sealed | undefined> {
  const { db, bookId, clock } = context;
  return inTransaction(db, async (tx) => {
    const sweep = await lockSealing(tx, bookId);
    if (sweep === undefined) return undefined;
    const session = sessionOf(tx);
    const nowMs = clock.nowMs();
    const found = await findRows(session, bookId, nowMs, options.sweep ? sweep : undefined);
    const rowCount = found.audit.length + found.entry.length;
    if (rowCount > 0) await writeBlock(tx, bookId, nowMs, found);
    const { swept } = found;
    if (swept !== undefined && (swept.audit !== sweep.audit || swept.entry !== sweep.entry)) {
      await storeSweep(tx, bookId, swept);
    }
    const sweptEnds = (['audit', 'entry'] as const).filter((kind) => swept?.[kind] === null);
    return { rowCount, sweptEnds };
  });
}

async function lockSealing(tx: Tx, bookId: number): Promise<Sweep | undefined> {
  const lock = () =>
    tx
      .selectFrom('audit_sealing')
      .select(['audit_swept_to as audit', 'entries_swept_to as entry'])
      .where('book_id', '=', bookId)
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
  const locked = await lock();
  if (locked !== undefined) return locked;
  // Held by another sealer, or not there yet: only then this adds it.
  await tx
    .insertInto('audit_sealing')
    .values({ book_id: bookId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return lock();
}

/** Audit rows before entries, each by ascending id: the order of a block is part of its format. */
async function findRows(
  session: SqlSession,
  bookId: number,
  nowMs: number,
  sweep: Sweep | undefined,
): Promise<Found> {
  const near = {
    audit: await findNear(session, bookId, 'audit', { nowMs, limit: MAX_BLOCK_ROWS }),
    entry: await findNear(session, bookId, 'entry', { nowMs, limit: MAX_BLOCK_ROWS }),
  };
  const audit = near.audit;
  const entry = near.entry.slice(0, MAX_BLOCK_ROWS - audit.length);
  const room = MAX_BLOCK_ROWS - audit.length - entry.length;
  if (sweep === undefined || room === 0) return { audit, entry, swept: undefined };
  const oldAudit = await sweepOn(session, bookId, 'audit', { after: sweep.audit, limit: room });
  const allAudit = union(audit, oldAudit.ids);
  const roomLeft = MAX_BLOCK_ROWS - allAudit.length - entry.length;
  if (roomLeft === 0) {
    return { audit: allAudit, entry, swept: { audit: oldAudit.sweptTo, entry: sweep.entry } };
  }
  const oldEntries = await sweepOn(session, bookId, 'entry', { after: sweep.entry, limit: roomLeft });
  const swept = { audit: oldAudit.sweptTo, entry: oldEntries.sweptTo };
  return { audit: allAudit, entry: union(entry, oldEntries.ids), swept };
}

function union(one: readonly string[], other: readonly string[]): string[] {
  // UUIDs in text form sort as their bytes do.
  return [...new Set([...one, ...other])].toSorted();
}

async function writeBlock(tx: Tx, bookId: number, nowMs: number, found: Found): Promise<void> {
  const last = await tx
    .selectFrom('audit_blocks')
    .select(['block_number', 'last_position', 'block_hash'])
    .where('book_id', '=', bookId)
    .orderBy('block_number', 'desc')
    .limit(1)
    .executeTakeFirst();
  const before = last?.last_position ?? 0n;
  const session = sessionOf(tx);
  const hashes = Buffer.concat([
    await sealRows(session, SEAL_AUDIT_ROWS, bookId, before, found.audit),
    await sealRows(session, SEAL_ENTRIES, bookId, before + BigInt(found.audit.length), found.entry),
  ]);
  const rowCount = found.audit.length + found.entry.length;
  const block: BlockContent = {
    bookId,
    blockNumber: (last?.block_number ?? 0n) + 1n,
    firstPosition: before + 1n,
    lastPosition: before + BigInt(rowCount),
    merkleRoot: merkleRoot(hashes),
    previousHash: last?.block_hash ?? NO_BLOCK,
    sealedAtMs: nowMs,
  };
  await tx
    .insertInto('audit_blocks')
    .values({
      book_id: bookId,
      block_number: block.blockNumber,
      first_position: block.firstPosition,
      last_position: block.lastPosition,
      row_count: rowCount,
      merkle_root: block.merkleRoot,
      previous_hash: block.previousHash,
      block_hash: blockHash(block),
      sealed_at: new Date(nowMs),
    })
    .execute();
}

async function sealRows(
  session: SqlSession,
  statement: string,
  bookId: number,
  before: bigint,
  ids: readonly string[],
): Promise<Buffer> {
  if (ids.length === 0) return Buffer.alloc(0);
  const { rows } = await session.run<{ hashes: Buffer | null }>(statement, [bookId, before, ids]);
  const hashes = rows[0]?.hashes;
  assert(hashes?.length === ids.length * HASH_BYTES, 'a row that was found is there to be sealed');
  return hashes;
}

async function storeSweep(tx: Tx, bookId: number, { audit, entry }: Sweep): Promise<void> {
  await tx
    .updateTable('audit_sealing')
    .set({ audit_swept_to: audit, entries_swept_to: entry })
    .where('book_id', '=', bookId)
    .execute();
}
