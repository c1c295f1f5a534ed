import { createHash } from 'node:crypto';

/**
 * The unique end-to-end transaction reference of a payment (UETR), which schemes ask for as a UUID of version 4. It
 * follows from the payment's id, so that a file that is made again has the same: 122 bits of SHA-256 and those that say
 * the version and the variant.
 */
export function uetrOf(id: string): string {
  const bytes = createHash('sha256').update(`uetr/${id}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
