import { timingSafeEqual } from 'node:crypto';
import type { DataKey } from '#lib/data-key.ts';

/** The context of the keyed hash: it is of no use anywhere else. */
const CONTEXT = 'backup';

/**
 * The last entry of a backup, over the digest of all before it: the digest itself, which anybody can compute, and a
 * hash of it under the data key, which only the bank can. Changing a byte means recomputing both.
 */
export function encodeSeal(digest: Buffer, dataKey: DataKey): Buffer {
  return Buffer.from(`${hashLine(digest)}hmac-sha256 ${keyedHash(digest, dataKey)}\n`);
}

/** Whether the entries are those that were sealed, as far as can be told without the key. */
export function isSealOf(seal: Buffer, digest: Buffer): boolean {
  const line = hashLine(digest);
  return seal.subarray(0, line.length).equals(Buffer.from(line));
}

/** Whether it was sealed with this key. */
export function isSealedBy(seal: Buffer, digest: Buffer, dataKey: DataKey): boolean {
  const expected = encodeSeal(digest, dataKey);
  return seal.length === expected.length && timingSafeEqual(seal, expected);
}

function hashLine(digest: Buffer): string {
  return `sha256 ${digest.toString('hex')}\n`;
}

function keyedHash(digest: Buffer, dataKey: DataKey): string {
  return dataKey.blindIndex(digest.toString('hex'), CONTEXT).toString('hex');
}
