import type { Db, Tx } from '#db/database.ts';
import { inTransaction } from '#db/transaction.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { BlockRow } from './verify-encoding.ts';
import { auditRowHash, entryHash, sealedBlockHash, treeRoot } from './verify-encoding.ts';
import type { Covered, SealedRow } from './verify-rows.ts';
import { countUnsealed, findListedBeyond, readBlocks, readCovered } from './verify-rows.ts';

/** The first thing that is not as it was sealed. */
export type Finding = {
  readonly reason: string;
  readonly blockNumber: string;
  readonly position?: string;
  readonly rowKind?: string;
  readonly rowId?: string;
};

export type TrailReport = {
  readonly blockCount: number;
  readonly rowCount: number;
  /** Rows that no block covers yet. */
  readonly unsealedCount: number;
  readonly finding: Finding | undefined;
};

export type VerifyOptions = {
  /** Blocks that must be there as they were when these were signed. Their signatures are checked before. */
  readonly checkpoints?: readonly Checkpoint[];
  /** Hears how many rows were checked, after each block. */
  readonly onRows?: (rowCount: number) => void;
};

/** Blocks read at once: 200 bytes each. */
const BLOCKS_A_READ = 500;
/** More rows than any version has put into one block: what claims more is refused unread. */
const MAX_ROWS_OF_A_BLOCK = 10_000;
const NO_HASH = Buffer.alloc(32);

type Progress = { blockNumber: bigint; lastPosition: bigint; hash: Buffer; rowCount: number };

/**
 * Recomputes every hash of a book's audit trail on one state of the database, while it is in use, and returns the
 * first thing that does not fit. Holds one block in memory at a time.
 */
export function verifyTrail(db: Db, bookId: number, options: VerifyOptions = {}): Promise<TrailReport> {
  return inTransaction(
    db,
    async (tx) => {
      const progress: Progress = { blockNumber: 0n, lastPosition: 0n, hash: NO_HASH, rowCount: 0 };
      const finding = await findFirst(tx, bookId, progress, options);
      return {
        blockCount: Number(progress.blockNumber),
        rowCount: progress.rowCount,
        unsealedCount: await countUnsealed(tx, bookId),
        finding,
      };
    },
    { readOnlySnapshot: true },
  );
}

async function findFirst(
  tx: Tx,
  bookId: number,
  progress: Progress,
  { checkpoints = [], onRows }: VerifyOptions,
): Promise<Finding | undefined> {
  for (;;) {
    const blocks = await readBlocks(tx, bookId, progress.blockNumber.toString(), BLOCKS_A_READ);
    for (const block of blocks) {
      const finding =
        checkSequence(block, progress) ??
        (await checkBlock(tx, bookId, block)) ??
        checkChain(bookId, block, progress) ??
        checkCheckpoints(block, checkpoints);
      if (finding !== undefined) return finding;
      progress.blockNumber = BigInt(block.block_number);
      progress.lastPosition = BigInt(block.last_position);
      progress.hash = block.block_hash;
      progress.rowCount += block.row_count;
      onRows?.(progress.rowCount);
    }
    if (blocks.length < BLOCKS_A_READ) break;
  }
  return checkEnd(tx, bookId, progress, checkpoints);
}

/** Numbers and positions follow one another without a gap. */
function checkSequence(block: BlockRow, { blockNumber, lastPosition }: Progress): Finding | undefined {
  const due = (blockNumber + 1n).toString();
  if (block.block_number !== due) return { reason: 'the block is missing', blockNumber: due };
  const first = BigInt(block.first_position);
  const last = BigInt(block.last_position);
  const isWhole = first === lastPosition + 1n && last - first + 1n === BigInt(block.row_count);
  if (isWhole && block.row_count > 0 && block.row_count <= MAX_ROWS_OF_A_BLOCK) return undefined;
  return { reason: 'the block does not cover the positions that follow the block before', blockNumber: due };
}

async function checkBlock(tx: Tx, bookId: number, block: BlockRow): Promise<Finding | undefined> {
  const covered = await readCovered(tx, bookId, block, MAX_ROWS_OF_A_BLOCK);
  const leaves: Buffer[] = [];
  const blockNumber = block.block_number;
  let before: SealedRow | undefined;
  for (let index = 0; index < block.row_count; index++) {
    const position = (BigInt(block.first_position) + BigInt(index)).toString();
    const row = covered.sealed[index];
    if (row?.position !== position) {
      return { reason: 'the list of sealed rows has nothing here', blockNumber, position };
    }
    const place = { blockNumber, position, rowKind: row.row_kind, rowId: row.row_id };
    const leaf = leafOf(row, covered);
    if (leaf === undefined) return { reason: 'the row is missing', ...place };
    if (!leaf.equals(row.row_hash)) return { reason: 'the row is not as it was sealed', ...place };
    if (before !== undefined && !isInOrder(before, row)) {
      return { reason: 'the row stands in another place than it was sealed in', ...place };
    }
    leaves.push(leaf);
    before = row;
  }
  if (treeRoot(leaves).equals(block.merkle_root)) return undefined;
  const reason = `one of the rows at positions ${block.first_position} to ${block.last_position} is not as it was sealed`;
  return { reason, blockNumber };
}

function leafOf({ row_kind, row_id }: SealedRow, covered: Covered): Buffer | undefined {
  if (row_kind === 'audit') {
    const row = covered.auditRows.get(row_id);
    return row === undefined ? undefined : auditRowHash(row);
  }
  const entry = covered.entries.get(row_id);
  return entry === undefined ? undefined : entryHash(entry, covered.postings.get(row_id) ?? []);
}

/** In a block: audit rows first, then entries, each by ascending id. */
function isInOrder(before: SealedRow, row: SealedRow): boolean {
  if (before.row_kind !== row.row_kind) return before.row_kind === 'audit';
  return before.row_id < row.row_id;
}

function checkChain(bookId: number, block: BlockRow, { hash }: Progress): Finding | undefined {
  const blockNumber = block.block_number;
  if (!block.previous_hash.equals(hash)) {
    return { reason: 'the block does not follow the block before it', blockNumber };
  }
  if (!sealedBlockHash(bookId, block).equals(block.block_hash)) {
    return { reason: 'the block is not as it was sealed', blockNumber };
  }
  return undefined;
}

function checkCheckpoints(block: BlockRow, checkpoints: readonly Checkpoint[]): Finding | undefined {
  for (const { blockNumber, blockHash, lastPosition } of checkpoints) {
    if (blockNumber !== block.block_number) continue;
    if (blockHash === block.block_hash.toString('hex') && lastPosition === block.last_position) continue;
    const reason = `positions ${block.first_position} to ${block.last_position}, or what came before, are not those that the checkpoint signed`;
    return { reason, blockNumber };
  }
  return undefined;
}

async function checkEnd(
  tx: Tx,
  bookId: number,
  { blockNumber, lastPosition }: Progress,
  checkpoints: readonly Checkpoint[],
): Promise<Finding | undefined> {
  const next = (blockNumber + 1n).toString();
  const beyond = await findListedBeyond(tx, bookId, lastPosition.toString());
  if (beyond !== undefined) {
    const { position, row_kind: rowKind, row_id: rowId } = beyond;
    return {
      reason: 'the row is listed as sealed and its block is missing',
      blockNumber: next,
      position,
      rowKind,
      rowId,
    };
  }
  const signed = checkpoints.find((checkpoint) => BigInt(checkpoint.blockNumber) > blockNumber);
  if (signed === undefined) return undefined;
  const position = (lastPosition + 1n).toString();
  const reason = `the tail is missing: a checkpoint signed block ${signed.blockNumber} up to position ${signed.lastPosition}`;
  return { reason, blockNumber: next, position };
}
