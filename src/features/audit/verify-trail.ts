import type { Db, Tx } from '#db/database.ts';
import { inTransaction } from '#db/transaction.ts';
import type { DataKey } from '#lib/data-key.ts';
import type { Checkpoint } from './checkpoint.ts';
import { auditRowHash, type BlockRow, entryHash, sealedBlockHash, treeRoot } from './verify-encoding.ts';
import {
  countUnsealed,
  findMissingWaiting,
  findNeverListed,
  findSealedTwice,
  type Stray,
} from './verify-lists.ts';
import { type Covered, type RowKind, readBlocks, readCovered, type SealedRow } from './verify-rows.ts';
import { countFingerprints, findChangedStates } from './verify-states.ts';

/** A thing that is not as it was sealed. */
export type Finding = {
  readonly reason: string;
  /** Of a row: none if no block lists it. */
  readonly blockNumber?: string;
  readonly position?: string;
  readonly rowKind?: RowKind;
  readonly rowId?: string;
  /** Of a row that is not of the trail itself: its table, and the sheet that has its last fingerprint. */
  readonly tableName?: string;
  readonly sheetNumber?: string;
};

export type TrailReport = {
  readonly blockCount: number;
  readonly rowCount: number;
  /** Fingerprints of rows beside the trail. */
  readonly fingerprintCount: number;
  /** Rows that no block covers yet. */
  readonly unsealedCount: number;
  /** The first of the findings. */
  readonly finding: Finding | undefined;
  /** Up to MAX_FINDINGS, in the order of the trail, and then of the tables. */
  readonly findings: readonly Finding[];
};

export type VerifyOptions = {
  /** Blocks that must be there as they were when these were signed. Their signatures are checked before. */
  readonly checkpoints?: readonly Checkpoint[];
  /** Without it, rows are not held to their fingerprints: they are keyed. */
  readonly dataKey?: DataKey;
  /** Hears how many rows were checked, after each block. */
  readonly onRows?: (rowCount: number) => void;
};

/** More than anybody reads: what was done to the trail shows in fewer, and each costs memory. */
const MAX_FINDINGS = 100;
/** Blocks read at once, without their lists: 200 bytes each. */
const BLOCKS_A_READ = 500;
/** More rows than any version has put into one block: what claims more is refused unread. */
const MAX_ROWS_OF_A_BLOCK = 10_000;
const HASH_BYTES = 32;
const NO_HASH = Buffer.alloc(HASH_BYTES);

type Progress = { blockNumber: bigint; lastPosition: bigint; hash: Buffer; rowCount: number };

/**
 * Recomputes every hash of a book's audit trail on one state of the database, while it is in use, and returns what does
 * not fit. After a block that does not, the next ones are held to what that block claims to be. Holds one block in memory
 * at a time.
 */
export function verifyTrail(db: Db, bookId: number, options: VerifyOptions = {}): Promise<TrailReport> {
  return inTransaction(
    db,
    async (tx) => {
      const progress: Progress = { blockNumber: 0n, lastPosition: 0n, hash: NO_HASH, rowCount: 0 };
      const findings: Finding[] = await findInTrail(tx, bookId, progress, options);
      if (findings.length < MAX_FINDINGS) {
        findings.push(
          ...(await findChangedStates(tx, bookId, options.dataKey, MAX_FINDINGS - findings.length)),
        );
      }
      return {
        blockCount: Number(progress.blockNumber),
        rowCount: progress.rowCount,
        fingerprintCount: await countFingerprints(tx, bookId),
        unsealedCount: await countUnsealed(tx, bookId),
        finding: findings[0],
        findings,
      };
    },
    { readOnlySnapshot: true },
  );
}

async function findInTrail(
  tx: Tx,
  bookId: number,
  progress: Progress,
  { checkpoints = [], onRows }: VerifyOptions,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (;;) {
    const blocks = await readBlocks(tx, bookId, progress.blockNumber.toString(), BLOCKS_A_READ);
    for (const block of blocks) {
      findings.push(...(await findInBlock(tx, bookId, block, { progress, checkpoints })));
      if (findings.length >= MAX_FINDINGS) return findings.slice(0, MAX_FINDINGS);
      progress.blockNumber = BigInt(block.block_number);
      progress.lastPosition = BigInt(block.last_position);
      progress.hash = block.block_hash;
      progress.rowCount += rowCountOf(block);
      onRows?.(progress.rowCount);
    }
    if (blocks.length < BLOCKS_A_READ) break;
  }
  const strays = await findStrays(tx, bookId);
  return [...findings, ...checkEnd(progress, checkpoints), ...strays].slice(0, MAX_FINDINGS);
}

/** What is not right with a block: one finding, unless it is about its rows. */
async function findInBlock(
  tx: Tx,
  bookId: number,
  block: BlockRow,
  { progress, checkpoints }: { readonly progress: Progress; readonly checkpoints: readonly Checkpoint[] },
): Promise<Finding[]> {
  const outOfOrder = checkSequence(block, progress);
  if (outOfOrder !== undefined) return [outOfOrder];
  const rows = await checkBlock(tx, bookId, block);
  if (rows.length > 0) return rows;
  const finding = checkChain(bookId, block, progress) ?? checkCheckpoints(block, checkpoints);
  return finding === undefined ? [] : [finding];
}

/** Numbers and positions follow one another without a gap. */
function checkSequence(block: BlockRow, { blockNumber, lastPosition }: Progress): Finding | undefined {
  const due = (blockNumber + 1n).toString();
  if (block.block_number !== due) return { reason: 'the block is missing', blockNumber: due };
  const first = BigInt(block.first_position);
  const last = BigInt(block.last_position);
  const rowCount = rowCountOf(block);
  const isWhole = first === lastPosition + 1n && last - first + 1n === BigInt(rowCount);
  const isListed = block.hash_bytes === rowCount * HASH_BYTES;
  if (isWhole && isListed && rowCount > 0 && rowCount <= MAX_ROWS_OF_A_BLOCK) return undefined;
  const reason = 'the block does not list the rows of the positions that follow the block before';
  return { reason, blockNumber: due };
}

function rowCountOf(block: BlockRow): number {
  return block.audit_count + block.entry_count;
}

async function checkBlock(tx: Tx, bookId: number, block: BlockRow): Promise<Finding[]> {
  const findings: Finding[] = [];
  const covered = await readCovered(tx, bookId, block);
  const leaves: Buffer[] = [];
  const blockNumber = block.block_number;
  let before: SealedRow | undefined;
  for (const row of covered.sealed) {
    const { position, rowKind, rowId } = row;
    const place = { blockNumber, position, rowKind, rowId };
    const leaf = leafOf(row, covered);
    if (leaf === undefined) findings.push({ reason: 'the row is missing', ...place });
    else if (!leaf.equals(row.leaf)) findings.push({ reason: 'the row is not as it was sealed', ...place });
    else if (before?.rowKind === rowKind && before.rowId >= rowId) {
      findings.push({ reason: 'the row stands in another place than it was sealed in', ...place });
    }
    leaves.push(row.leaf);
    before = row;
  }
  if (findings.length > 0 || treeRoot(leaves).equals(block.merkle_root)) return findings;
  const reason = `one of the rows at positions ${block.first_position} to ${block.last_position} is not as it was sealed`;
  return [{ reason, blockNumber }];
}

function leafOf({ rowKind, rowId }: SealedRow, covered: Covered): Buffer | undefined {
  if (rowKind === 'audit') {
    const row = covered.auditRows.get(rowId);
    return row === undefined ? undefined : auditRowHash(row);
  }
  const entry = covered.entries.get(rowId);
  return entry === undefined ? undefined : entryHash(entry, covered.postings.get(rowId) ?? []);
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

function checkEnd({ blockNumber, lastPosition }: Progress, checkpoints: readonly Checkpoint[]): Finding[] {
  const signed = checkpoints.find((checkpoint) => BigInt(checkpoint.blockNumber) > blockNumber);
  if (signed === undefined) return [];
  const reason = `the tail is missing: a checkpoint signed block ${signed.blockNumber} up to position ${signed.lastPosition}`;
  const [next, position] = [(blockNumber + 1n).toString(), (lastPosition + 1n).toString()];
  return [{ reason, blockNumber: next, position }];
}

type FindStray = (tx: Tx, bookId: number, kind: RowKind) => Promise<Stray | undefined>;

const STRAYS: readonly (readonly [string, FindStray])[] = [
  ['the row is sealed a second time', findSealedTwice],
  ['the row is neither sealed nor waits to be: it was put in, or its block taken away', findNeverListed],
  ['the row waits to be sealed and is missing', findMissingWaiting],
];

/**
 * What no look at single blocks shows: every row is listed once, in one block or among those that wait. The first of each
 * sort: where a block was taken away, there are as many as it had rows.
 */
async function findStrays(tx: Tx, bookId: number): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [reason, find] of STRAYS) {
    for (const rowKind of ['audit', 'entry'] as const) {
      const stray = await find(tx, bookId, rowKind);
      if (stray !== undefined) findings.push({ reason, rowKind, ...stray });
    }
  }
  return findings;
}
