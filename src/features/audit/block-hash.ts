import { hash } from 'node:crypto';
import { assert } from '#lib/assert.ts';

/** RFC 6962, 2.1: what is hashed says first what it is. A leaf begins with 0, in seal-encoding.ts. */
const NODE_PREFIX = Buffer.of(1);
const BLOCK_PREFIX = Buffer.of(2);
const BLOCK_TAG = 'florin/audit-block/1';
export const HASH_BYTES = 32;

/** What the first block of a book names as the hash of the block before it. */
export const NO_BLOCK = Buffer.alloc(HASH_BYTES);

/** What a block's hash is over. */
export type BlockContent = {
  readonly bookId: number;
  readonly blockNumber: bigint;
  readonly firstPosition: bigint;
  readonly lastPosition: bigint;
  readonly merkleRoot: Buffer;
  readonly previousHash: Buffer;
  readonly sealedAtMs: number;
};

/** The Merkle tree hash of leaves that stand one after the other in `hashes` (RFC 6962, 2.1). */
export function merkleRoot(hashes: Buffer): Buffer {
  const count = hashes.length / HASH_BYTES;
  assert(Number.isInteger(count) && count > 0, 'a tree has whole leaves');
  if (count === 1) return hashes;
  // The largest power of two below the number of leaves.
  const split = 2 ** (31 - Math.clz32(count - 1)) * HASH_BYTES;
  const left = merkleRoot(hashes.subarray(0, split));
  const right = merkleRoot(hashes.subarray(split));
  return hash('sha256', Buffer.concat([NODE_PREFIX, left, right]), 'buffer');
}

/** The hash that the next block names. */
export function blockHash(block: BlockContent): Buffer {
  const { bookId, blockNumber, firstPosition, lastPosition, sealedAtMs } = block;
  const fields = [
    Buffer.from(BLOCK_TAG),
    int(BigInt(bookId), 4),
    int(blockNumber, 8),
    int(firstPosition, 8),
    int(lastPosition, 8),
    block.merkleRoot,
    block.previousHash,
    int(BigInt(sealedAtMs) * 1000n - MICROSECONDS_TO_2000, 8),
  ].flatMap((bytes) => [int(BigInt(bytes.length), 4), bytes]);
  return hash('sha256', Buffer.concat([BLOCK_PREFIX, ...fields]), 'buffer');
}

/** From 1970 to 2000, where PostgreSQL counts instants from. */
const MICROSECONDS_TO_2000 = BigInt(Date.UTC(2000, 0, 1)) * 1000n;

function int(value: bigint, bytes: 4 | 8): Buffer {
  const buffer = Buffer.alloc(bytes);
  if (bytes === 4) buffer.writeInt32BE(Number(value));
  else buffer.writeBigInt64BE(value);
  return buffer;
}
