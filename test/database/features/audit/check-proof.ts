/**
 * Checks a proof as docs/audit-format.md says, as somebody does who has the text of the page and nothing of the bank:
 * imports node:crypto and no file of the project.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';

type Block = {
  blockNumber: string;
  firstPosition: string;
  lastPosition: string;
  merkleRoot: string;
  previousHash: string;
  sealedAt: string;
  blockHash: string;
};
type Signed = {
  bookId: number;
  blockNumber: string;
  lastPosition: string;
  blockHash: string;
  exportedAt: string;
  kid: string;
  publicKey: { crv: string; kty: string; x: string };
  signature: string;
};
type Proof = {
  bookId: number;
  position: string;
  leaf: string;
  path: { side: 'left' | 'right'; hash: string }[];
  block: Block;
  chain: Block[];
  checkpoint: Signed;
};

const sha256 = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest('hex');
const hex = (text: string) => Buffer.from(text, 'hex');

function int(value: bigint, bytes: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64BE(value);
  return buffer.subarray(8 - bytes);
}

const fields = (...values: Buffer[]) => values.flatMap((value) => [int(BigInt(value.length), 4), value]);

function rootOf({ leaf, path }: Proof): string {
  return path.reduce(
    (hash, step) => {
      const pair = step.side === 'left' ? [step.hash, hash] : [hash, step.hash];
      return sha256(Buffer.of(1), ...pair.map(hex));
    },
    sha256(hex(leaf)),
  );
}

function hashOfBlock(bookId: number, block: Block): string {
  const microseconds = BigInt(Date.parse(block.sealedAt) - Date.UTC(2000, 0, 1)) * 1000n;
  return sha256(
    Buffer.of(2),
    ...fields(
      Buffer.from('florin/audit-block/1'),
      int(BigInt(bookId), 4),
      int(BigInt(block.blockNumber), 8),
      int(BigInt(block.firstPosition), 8),
      int(BigInt(block.lastPosition), 8),
      hex(block.merkleRoot),
      hex(block.previousHash),
      int(microseconds, 8),
    ),
  );
}

function isSigned({ publicKey, signature, ...of }: Signed): boolean {
  const { crv, kty, x } = publicKey;
  const kid = Buffer.from(sha256(Buffer.from(JSON.stringify({ crv, kty, x }))), 'hex').toString('base64url');
  const message = Buffer.concat([
    Buffer.of(3),
    ...fields(
      Buffer.from('florin/audit-checkpoint/1'),
      int(BigInt(of.bookId), 4),
      int(BigInt(of.blockNumber), 8),
      int(BigInt(of.lastPosition), 8),
      hex(of.blockHash),
      Buffer.from(of.exportedAt),
    ),
  ]);
  const key = createPublicKey({ key: publicKey, format: 'jwk' });
  return kid === of.kid && verify(null, message, key, Buffer.from(signature, 'base64url'));
}

/** What of the proof does not hold; empty where all of it does. A checkpoint that was kept is of its last block. */
export function faultsOf(page: string, kept?: Signed): string[] {
  const proof = JSON.parse(page) as Proof;
  const { bookId, position, block, chain, checkpoint } = proof;
  const blocks = [block, ...chain];
  const isWithin =
    BigInt(position) >= BigInt(block.firstPosition) && BigInt(position) <= BigInt(block.lastPosition);
  const isChained = blocks.every((next, index) => {
    const before = blocks[index - 1];
    return (
      before === undefined ||
      (next.previousHash === before.blockHash &&
        BigInt(next.blockNumber) === BigInt(before.blockNumber) + 1n &&
        BigInt(next.firstPosition) === BigInt(before.lastPosition) + 1n)
    );
  });
  const last = blocks.at(-1);
  const checks: [string, boolean][] = [
    ['the row is in the tree', rootOf(proof) === block.merkleRoot],
    ['the row is in the block', isWithin],
    ['the blocks have their hashes', blocks.every((one) => hashOfBlock(bookId, one) === one.blockHash)],
    ['the blocks are chained', isChained],
    ['the block is signed', isSigned(checkpoint) && checkpoint.blockHash === block.blockHash],
    ['the checkpoint agrees', kept === undefined || (isSigned(kept) && kept.blockHash === last?.blockHash)],
  ];
  return checks.flatMap(([name, holds]) => (holds ? [] : [name]));
}
