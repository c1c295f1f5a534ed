import { createPublicKey, hash, type KeyObject } from 'node:crypto';

/** An Ed25519 public key as it is published (RFC 8037). */
export type PublicJwk = { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string };

/** The SHA-256 thumbprint of the key (RFC 7638): a name that no other key can have. */
export function thumbprint({ crv, kty, x }: PublicJwk): string {
  return hash('sha256', JSON.stringify({ crv, kty, x }), 'base64url');
}

/** Throws TypeError for anything but an Ed25519 public key. */
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
