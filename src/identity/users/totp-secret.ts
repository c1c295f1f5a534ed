import type { DataKey } from '#lib/data-key.ts';
import type { UserId } from '#lib/ids.ts';
import type { TotpState } from './repository.ts';

/** Sealed for one user: put into another's row, it does not open. */
export function sealTotpSecret(dataKey: DataKey, userId: UserId, secret: string): Buffer {
  return dataKey.encrypt(secret, contextOf(userId));
}

export function totpSecretOf(dataKey: DataKey, userId: UserId, { sealedSecret }: TotpState): string {
  return dataKey.decrypt(sealedSecret, contextOf(userId)).toString('utf8');
}

function contextOf(userId: UserId): string {
  return `users.totp_secret ${userId}`;
}
