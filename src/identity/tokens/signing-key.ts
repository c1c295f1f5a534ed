import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { asPublicJwk, openPublicJwk, type PublicJwk, thumbprint } from '#lib/jwk.ts';

/** A key of this bank as stored in the database. */
export type StoredSigningKey = {
  readonly kid: string;
  readonly number: number;
  readonly publicJwk: PublicJwk;
  readonly privateKey: Buffer;
  readonly activeFromMs: number;
  readonly retiresAtMs: number | undefined;
};

/** A key ready to sign and to verify. */
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

export function openSigningKey(stored: StoredSigningKey, pkcs8: Buffer): SigningKey {
  return {
    ...stored,
    publicKey: openPublicJwk(stored.publicJwk),
    privateKey: createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }),
  };
}
