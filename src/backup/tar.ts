import { assert } from '#lib/assert.ts';

/** Everything in a tar archive is padded to a multiple of this. */
export const BLOCK_BYTES = 512;
/** Two empty blocks. */
export const END_BYTES = 2 * BLOCK_BYTES;

const MAX_NAME_BYTES = 100;
/** Eleven octal digits. */
const MAX_ENTRY_BYTES = 0o77777777777;

/** Where the fields of a ustar header begin (POSIX.1-2017, pax, "ustar Interchange Format"). */
const NAME_AT = 0;
const MODE_AT = 100;
const SIZE_AT = 124;
const CHECKSUM_AT = 148;
const CHECKSUM_BYTES = 8;

/** One file of an archive, without its content. */
export type EntryHead = { readonly name: string; readonly bytes: number };

/**
 * The header of a file that only its owner can read. It depends only on name and length: there is one way to write it.
 */
export function encodeHead({ name, bytes }: EntryHead): Buffer {
  assert(/^[\w./-]+$/.test(name) && name.length <= MAX_NAME_BYTES, `a name for tar: ${name}`);
  assert(bytes >= 0 && bytes <= MAX_ENTRY_BYTES, 'a size for tar');
  const block = Buffer.alloc(BLOCK_BYTES);
  block.write(name, NAME_AT);
  // Mode, user and group.
  for (const [index, field] of ['0000600', '0000000', '0000000'].entries()) {
    block.write(`${field}\0`, MODE_AT + 8 * index);
  }
  // Size, and no time.
  block.write(`${bytes.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0`, SIZE_AT);
  // An ordinary file.
  block.write('0', 156);
  block.write('ustar', 257);
  block.write('00', 263);
  block.fill(' ', CHECKSUM_AT, CHECKSUM_AT + CHECKSUM_BYTES);
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  block.write(`${checksum.toString(8).padStart(6, '0')}\0 `, CHECKSUM_AT);
  return block;
}

/** The content of a header; undefined for one that `encodeHead` did not make. */
export function decodeHead(block: Buffer): EntryHead | undefined {
  const name = /^[\w./-]+(?=\0|$)/.exec(block.toString('latin1', NAME_AT, NAME_AT + MAX_NAME_BYTES))?.[0];
  const size = /^[0-7]{11}$/.exec(block.toString('latin1', SIZE_AT, SIZE_AT + 11))?.[0];
  if (name === undefined || size === undefined) return undefined;
  const head = { name, bytes: Number.parseInt(size, 8) };
  return encodeHead(head).equals(block) ? head : undefined;
}

/** The number of bytes that follow a content of this length, up to the next block. */
export function paddingBytes(bytes: number): number {
  return (BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES;
}
