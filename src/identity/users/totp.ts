import { hash, randomBytes } from 'node:crypto';
import { generateSecret, generateURI, verifySync } from 'otplib';
import type { DataKey } from '#lib/data-key.ts';
import type { UserId } from '#lib/ids.ts';
import type { TotpState } from './repository.ts';

/** RFC 6238: a code lives 30 s; the ones before and after are accepted too, for clocks that differ. */
const STEP_SECONDS = 30;
const CODE = /^\d{6}$/;

/** NIST SP 800-63B-4, 3.1.2: look-up secrets; ten cover years of lost telephones. */
const RECOVERY_CODE_COUNT = 10;
/** 80 random bits, four groups of four characters: too many to guess, so a fast hash is enough. */
const RECOVERY_CODE_BYTES = 10;
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** A new secret in base32, 160 bits as RFC 4226 recommends. */
export function newTotpSecret(): string {
  return generateSecret({ length: 20 });
}

/** Sealed for one user: put into another's row, it does not open. */
export function sealTotpSecret(dataKey: DataKey, userId: UserId, secret: string): Buffer {
  return dataKey.encrypt(secret, totpContextOf(userId));
}

export function totpSecretOf(dataKey: DataKey, userId: UserId, { sealedSecret }: TotpState): string {
  return dataKey.decrypt(sealedSecret, totpContextOf(userId)).toString('utf8');
}

export function totpContextOf(userId: UserId): string {
  return `users.totp_secret ${userId}`;
}

/** The URI that an authenticator app reads from a QR code. */
export function otpauthUri(email: string, secret: string): string {
  return generateURI({ issuer: 'Florin', label: email, secret });
}

/** The time step of a correct code that is later than the last one accepted; undefined for any other text. */
export function findTotpStep(
  code: string,
  secret: string,
  nowMs: number,
  lastStep: number | undefined,
): number | undefined {
  if (!CODE.test(code)) return undefined;
  const epoch = Math.floor(nowMs / 1000);
  const result = verifySync({ secret, token: code, epoch, epochTolerance: STEP_SECONDS });
  if (!result.valid || !('timeStep' in result)) return undefined;
  return lastStep !== undefined && result.timeStep <= lastStep ? undefined : result.timeStep;
}

/** Codes like `k3wd-7xqa-ml2f-p5ze`, shown once. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODE_COUNT }, () => {
    const bits = BigInt(`0x${randomBytes(RECOVERY_CODE_BYTES).toString('hex')}`);
    const letters = Array.from({ length: 16 }, (_, index) =>
      BASE32.charAt(Number((bits >> BigInt(index * 5)) & 31n)),
    );
    return letters.join('').replaceAll(/(.{4})(?=.)/g, '$1-');
  });
}

/** The stored hash of a recovery code, however it was typed. */
export function hashRecoveryCode(code: string): Buffer {
  return hash('sha256', code.toLowerCase().replaceAll(/[^a-z2-7]/g, ''), 'buffer');
}
