import type { AuditProof } from '#sdk/index.ts';

/** One thing that was checked, with the value that was computed here. */
export type Check = {
  readonly name: 'tree' | 'block' | 'chain' | 'signature' | 'kept';
  readonly holds: boolean;
  readonly computed: string;
};

type Block = AuditProof['block'];
/** A checkpoint that somebody kept outside the bank. */
export type Checkpoint = Pick<
  AuditProof['checkpoint'],
  'bookId' | 'blockNumber' | 'lastPosition' | 'blockHash' | 'exportedAt' | 'kid' | 'publicKey' | 'signature'
>;

/** Seconds from 1970 to 2000, where PostgreSQL begins to count. */
const EPOCH_2000_MS = Date.UTC(2000, 0, 1);

/**
 * Checks a proof in this browser, as docs/audit-format.md says: nothing of the bank's answer is taken for granted but
 * its bytes. With a checkpoint that was kept elsewhere, that the last block of the chain is the one it names.
 */
export async function checkProof(proof: AuditProof, kept?: Checkpoint): Promise<Check[]> {
  const { block, chain, bookId, position, checkpoint } = proof;
  const root = await rootOf(proof);
  const blocks = [block, ...chain];
  const hashes = await Promise.all(blocks.map((one) => blockHash(bookId, one)));
  const isWithin =
    BigInt(position) >= BigInt(block.firstPosition) && BigInt(position) <= BigInt(block.lastPosition);
  const checks: Check[] = [
    { name: 'tree', holds: root === block.merkleRoot && isWithin, computed: root },
    {
      name: 'block',
      holds: blocks.every((one, index) => one.blockHash === hashes[index]),
      computed: hashes[0] ?? '',
    },
    {
      name: 'chain',
      holds: blocks.every((one, index) => index === 0 || follows(blocks[index - 1], one)),
      computed: `${block.blockNumber} … ${blocks.at(-1)?.blockNumber}`,
    },
    {
      name: 'signature',
      holds: checkpoint.blockHash === hashes[0] && (await isSigned(checkpoint)),
      computed: checkpoint.kid,
    },
  ];
  if (kept === undefined) return checks;
  const last = hashes.at(-1) ?? '';
  return [
    ...checks,
    { name: 'kept', holds: kept.blockHash === last && (await isSigned(kept)), computed: last },
  ];
}

/** Whether a text is a checkpoint that can be compared with. */
export function readCheckpoint(text: string): Checkpoint | undefined {
  try {
    const value = JSON.parse(text);
    return value?.format === 'florin/audit-checkpoint/1' && typeof value.blockHash === 'string'
      ? value
      : undefined;
  } catch {
    return undefined;
  }
}

async function rootOf({ leaf, path }: AuditProof): Promise<string> {
  let hash = await sha256(fromHex(leaf));
  for (const step of path) {
    const pair = step.side === 'left' ? [step.hash, hash] : [hash, step.hash];
    hash = await sha256(join([Uint8Array.of(1), ...pair.map(fromHex)]));
  }
  return hash;
}

function blockHash(bookId: number, block: Block): Promise<string> {
  const sealedAt = BigInt(Date.parse(block.sealedAt) - EPOCH_2000_MS) * 1_000n;
  return sha256(
    join([
      Uint8Array.of(2),
      ...fields([
        fromText('florin/audit-block/1'),
        integer(BigInt(bookId), 4),
        integer(BigInt(block.blockNumber), 8),
        integer(BigInt(block.firstPosition), 8),
        integer(BigInt(block.lastPosition), 8),
        fromHex(block.merkleRoot),
        fromHex(block.previousHash),
        integer(sealedAt, 8),
      ]),
    ]),
  );
}

function follows(before: Block | undefined, block: Block): boolean {
  return (
    before !== undefined &&
    block.previousHash === before.blockHash &&
    BigInt(block.blockNumber) === BigInt(before.blockNumber) + 1n &&
    BigInt(block.firstPosition) === BigInt(before.lastPosition) + 1n
  );
}

async function isSigned(checkpoint: Checkpoint): Promise<boolean> {
  const { crv, kty, x } = checkpoint.publicKey as { crv: string; kty: string; x: string };
  const thumbprint = toBase64Url(fromHex(await sha256(fromText(JSON.stringify({ crv, kty, x })))));
  if (thumbprint !== checkpoint.kid) return false;
  const key = await crypto.subtle.importKey('jwk', { crv, kty, x }, 'Ed25519', false, ['verify']);
  const message = join([
    Uint8Array.of(3),
    ...fields([
      fromText('florin/audit-checkpoint/1'),
      integer(BigInt(checkpoint.bookId), 4),
      integer(BigInt(checkpoint.blockNumber), 8),
      integer(BigInt(checkpoint.lastPosition), 8),
      fromHex(checkpoint.blockHash),
      fromText(checkpoint.exportedAt),
    ]),
  ]);
  return crypto.subtle.verify('Ed25519', key, fromBase64Url(checkpoint.signature), message);
}

type Bytes = Uint8Array<ArrayBuffer>;

async function sha256(bytes: Bytes): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Each value behind its length in bytes. */
function fields(values: readonly Bytes[]): Bytes[] {
  return values.flatMap((value) => [integer(BigInt(value.length), 4), value]);
}

function integer(value: bigint, bytes: number): Bytes {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigInt64(0, value);
  return new Uint8Array(view.buffer).slice(8 - bytes);
}

function join(parts: readonly Bytes[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function fromText(text: string): Bytes {
  return new TextEncoder().encode(text);
}

function fromHex(text: string): Bytes {
  return Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

function fromBase64Url(text: string): Bytes {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
    letter.charCodeAt(0),
  );
}

function toBase64Url(bytes: Bytes): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
