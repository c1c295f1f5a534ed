import { type KeyObject, sign, verify } from 'node:crypto';
import type { Context } from '#db/context.ts';
import { asPublicJwk, openPublicJwk, thumbprint } from '#lib/jwk.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import { findLastBlock, type LastBlock } from './last-block.ts';
import { checkpointBytes } from './verify-encoding.ts';

const FORMAT = 'florin/audit-checkpoint/1';

/** The end of the trail at one moment, signed by the bank: kept elsewhere, it shows a tail that was dropped or rewritten. */
export type Checkpoint = {
  readonly format: typeof FORMAT;
  readonly bookId: number;
  readonly blockNumber: string;
  readonly lastPosition: string;
  /** Hex. */
  readonly blockHash: string;
  readonly exportedAt: string;
  readonly kid: string;
  readonly publicKey: Readonly<Record<string, unknown>>;
  /** Ed25519 over `checkpointBytes`, base64url. */
  readonly signature: string;
};

/** The checkpoint cannot be relied on; the message says why. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

/** What a checkpoint is signed with. */
export type CheckpointSigner = {
  readonly kid: string;
  readonly publicJwk: Readonly<Record<string, string>>;
  readonly privateKey: KeyObject;
};

/** Signs the last block of the trail. Undefined while nothing is sealed. */
export async function exportCheckpoint(
  context: Context,
  signer: CheckpointSigner,
): Promise<Checkpoint | undefined> {
  const last = await findLastBlock(context.db, context.bookId);
  return last === undefined ? undefined : signBlock(context, last, signer);
}

/** Signs a block as it is now. */
export function signBlock(
  { bookId, clock }: Context,
  block: LastBlock,
  signer: CheckpointSigner,
): Checkpoint {
  const content = {
    bookId,
    blockNumber: block.blockNumber.toString(),
    lastPosition: block.lastPosition.toString(),
    blockHash: block.blockHash.toString('hex'),
    exportedAt: toIsoInstant(clock.nowMs()),
  };
  const signature = sign(null, checkpointBytes(content), signer.privateKey).toString('base64url');
  return { format: FORMAT, ...content, kid: signer.kid, publicKey: { ...signer.publicJwk }, signature };
}

const TEXT_FIELDS = {
  blockNumber: /^[1-9][0-9]{0,17}$/,
  lastPosition: /^[1-9][0-9]{0,17}$/,
  blockHash: /^[0-9a-f]{64}$/,
  exportedAt: /^\d{4}-\d{2}-\d{2}T[0-9:.]+Z$/,
  kid: /^[A-Za-z0-9_-]{43}$/,
  signature: /^[A-Za-z0-9_-]{86}$/,
} as const;

/** A checkpoint whose signature holds. Throws CheckpointError for anything else. */
export function readCheckpoint(text: string): Checkpoint {
  const checkpoint = parseCheckpoint(text);
  const signature = Buffer.from(checkpoint.signature, 'base64url');
  if (!verify(null, checkpointBytes(checkpoint), publicKeyOf(checkpoint), signature)) {
    throw new CheckpointError('the signature does not hold: the checkpoint was changed');
  }
  return checkpoint;
}

function parseCheckpoint(text: string): Checkpoint {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new CheckpointError('it is not JSON');
  }
  const fields: Record<string, unknown> = Object(parsed);
  if (fields.format !== FORMAT) throw new CheckpointError(`its format is not ${FORMAT}`);
  const { bookId, publicKey } = fields;
  if (!Number.isInteger(bookId)) throw new CheckpointError('its bookId is wrong');
  for (const [name, form] of Object.entries(TEXT_FIELDS)) {
    const value = fields[name];
    if (typeof value !== 'string' || !form.test(value)) throw new CheckpointError(`its ${name} is wrong`);
  }
  const texts = fields as { [Name in keyof typeof TEXT_FIELDS]: string };
  return { ...texts, format: FORMAT, bookId: Number(bookId), publicKey: Object(publicKey) };
}

function publicKeyOf({ publicKey, kid }: Checkpoint): KeyObject {
  try {
    const jwk = asPublicJwk(publicKey);
    // The name of the key is its thumbprint, so that a key cannot take the name of another.
    if (thumbprint(jwk) !== kid) throw new TypeError('another key');
    return openPublicJwk(jwk);
  } catch (cause) {
    throw new CheckpointError(`its publicKey is not the Ed25519 key ${kid} (${String(cause)})`);
  }
}
