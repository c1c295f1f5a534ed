import type { KeyObject } from 'node:crypto';
import { createPrivateKey, createPublicKey, generateKeyPairSync, hash } from 'node:crypto';

/** An Ed25519 public key as it is published (RFC 8037). */
export type PublicJwk = { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string };

/** A key of this bank, as it stands in the database. */
export type StoredSigningKey = {
  readonly kid: string;
  readonly number: number;
  readonly publicJwk: PublicJwk;
  readonly privateKey: Buffer;
  readonly activeFromMs: number;
  readonly retiresAtMs: number | undefined;
};

/** A key that is ready to sign and to verify. */
export type SigningKey = {
  readonly kid: string;
  readonly number: number;
  readonly publicJwk: PublicJwk;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  readonly activeFromMs: number;
  readonly retiresAtMs: number | undefined;
};

/** A new key pair; the private key as PKCS #8. */
export function generateSigningKey(): { kid: string; publicJwk: PublicJwk; pkcs8: Buffer } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const publicJwk = asPublicJwk(publicKey.export({ format: 'jwk' }));
  return {
    kid: thumbprint(publicJwk),
    publicJwk,
    pkcs8: privateKey.export({ format: 'der', type: 'pkcs8' }),
  };
}

/** The SHA-256 thumbprint of the key (RFC 7638): a name that no other key can have. */
export function thumbprint({ crv, kty, x }: PublicJwk): string {
  return hash('sha256', JSON.stringify({ crv, kty, x }), 'base64url');
}

/** Throws TypeError for what is no Ed25519 public key. */
export function asPublicJwk(jwk: unknown): PublicJwk {
  const { kty, crv, x } = Object(jwk);
  if (kty !== 'OKP' || crv !== 'Ed25519' || typeof x !== 'string') {
    throw new TypeError('not an Ed25519 public key');
  }
  return { kty, crv, x };
}

export function openPublicJwk(jwk: PublicJwk): KeyObject {
  return createPublicKey({ key: { ...jwk }, format: 'jwk' });
}

export function openSigningKey(stored: StoredSigningKey, pkcs8: Buffer): SigningKey {
  return {
    ...stored,
    publicKey: openPublicJwk(stored.publicJwk),
    privateKey: createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }),
  };
}
