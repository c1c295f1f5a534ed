import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 bits: nobody can guess one, so a fast hash is enough. */
const SECRET_BYTES = 32;
const PREFIX_BYTES = 6;
const TOKEN = /^florin_live_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;

export type ApiKeySecret = { readonly prefix: string; readonly secretHash: Buffer };

/** A new secret: the token, shown once, and its stored parts. */
export function generateSecret(): ApiKeySecret & { readonly token: string } {
  const prefix = randomBytes(PREFIX_BYTES).toString('hex');
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return { token: `florin_live_${prefix}_${secret}`, prefix, secretHash: hashSecret(secret) };
}

/** The parts of a token, its secret hashed; undefined for any other text. */
export function parseToken(token: string): ApiKeySecret | undefined {
  const [, prefix, secret] = TOKEN.exec(token) ?? [];
  if (prefix === undefined || secret === undefined) return undefined;
  return { prefix, secretHash: hashSecret(secret) };
}

/** In constant time, which does not reveal how much of it was right. */
export function isSameSecret(one: Buffer, other: Buffer): boolean {
  return timingSafeEqual(one, other);
}

/** Hashes the text, so that only the exact text shown is the secret. */
function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
