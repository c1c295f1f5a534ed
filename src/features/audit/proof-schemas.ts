import { type Static, Type } from 'typebox';
import { choice, instant, list, text, whole } from '#http/fields.ts';
import { closedObject, resource } from '#http/schemas.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { BlockHead, RowProof } from './proof.ts';

const HASH = 'c4a1f0f2b8f4c7c2b7d9a3f1d8e5b6a7908172635445362718090a0b0c0d0e0f';
const hash = (description: string) => text(`${description} Hex.`, HASH);
const number = (description: string, example: string) => text(`${description} Decimal.`, example);

const AuditBlockSchema = resource(
  'AuditBlock',
  'A block of the trail: what its hash is over, and the hash.',
  {
    blockNumber: number('1, 2, 3, …', '4711'),
    firstPosition: number('The position of its first row.', '48201'),
    lastPosition: number('The position of its last row.', '48212'),
    merkleRoot: hash('The root of the tree over its rows.'),
    previousHash: hash('The hash of the block before it.'),
    sealedAt: instant('When it was sealed.'),
    blockHash: hash('Its hash.'),
  },
);

const CheckpointSchema = resource('AuditCheckpoint', 'A block as the bank signed it.', {
  format: text('The format.', 'florin/audit-checkpoint/1'),
  bookId: whole('The number of the book.', 1),
  blockNumber: number('The block.', '4711'),
  lastPosition: number('The position of its last row.', '48212'),
  blockHash: hash('Its hash.'),
  exportedAt: instant('When it was signed.'),
  kid: text('The thumbprint of the key (RFC 7638).', 'u3JpZ2lu0kq0lWn1m9vQyq3bJ8m5n1oWw6tq0n7mX2c'),
  publicKey: Type.Unsafe<Checkpoint['publicKey']>({
    type: 'object',
    description: 'The key, as a JWK (Ed25519).',
    examples: [{ kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }],
    additionalProperties: true,
  }),
  signature: text('Ed25519, in base64url.', 'dQw4w9WgXcQ…'),
});

export const AuditProofSchema = resource(
  'AuditProof',
  'That a row of the trail is as it was sealed: docs/audit-format.md says how to check it.',
  {
    id: text('The id of the row.', '019bd3f3-bd74-7000-8a1e-1c5a3f6d0b42'),
    bookId: whole('The number of the book.', 1),
    position: number('The position of the row among all that are sealed.', '48203'),
    leaf: text('The row as it is now: the bytes that were hashed. Hex.', '000000001000000019'),
    path: list(
      'From the leaf to the root: the hash beside each one, and on which side it stands.',
      resource('AuditPathStep', 'A hash beside one of the path.', {
        side: choice('AuditPathSide', 'On which side of it.', ['left', 'right']),
        hash: hash('The hash.'),
      }),
    ),
    block: AuditBlockSchema,
    chain: list('The blocks after it, in order, up to `toBlock`; none without it.', AuditBlockSchema),
    checkpoint: CheckpointSchema,
  },
);

export const AuditProofQuery = closedObject({
  toBlock: Type.Optional(
    whole(
      'Also the chain up to this block, of which a checkpoint is kept elsewhere; up to a thousand blocks.',
      4712,
      { minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
    ),
  ),
});

export function auditProofView(
  { position, leaf, path, block, chain, id }: RowProof,
  checkpoint: Checkpoint,
): Static<typeof AuditProofSchema> {
  return {
    id,
    bookId: checkpoint.bookId,
    position: position.toString(),
    leaf: leaf.toString('hex'),
    path: path.map((step) => ({ side: step.side, hash: step.hash.toString('hex') })),
    block: blockView(block),
    chain: chain.map(blockView),
    checkpoint: { ...checkpoint },
  };
}

function blockView(block: BlockHead): Static<typeof AuditBlockSchema> {
  return {
    blockNumber: block.blockNumber.toString(),
    firstPosition: block.firstPosition.toString(),
    lastPosition: block.lastPosition.toString(),
    merkleRoot: block.merkleRoot.toString('hex'),
    previousHash: block.previousHash.toString('hex'),
    sealedAt: block.sealedAt.toISOString(),
    blockHash: block.blockHash.toString('hex'),
  };
}
