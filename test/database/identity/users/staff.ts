import { generateSync } from 'otplib';
import type { Services } from '#bank/services.ts';
import type { LoginTokens, Tokens } from '#identity/users/login-service.ts';
import type { StoredUser } from '#identity/users/repository.ts';
import type { Role } from '#lib/caller.ts';
import { type CustomerId, parseTypeId } from '#lib/ids.ts';
import { newKey, TEST_CALLER } from '#test/support/bank.ts';

export const PASSWORD = 'violet anchors drift slowly';

/** A user with an e-mail address of their own and the password above. */
export function newUser(
  { users }: Services,
  { role = 'teller', customerId }: { role?: Role; customerId?: CustomerId } = {},
): Promise<StoredUser> {
  return users.create(
    TEST_CALLER,
    { email: `${newKey()}@florin.example`, name: 'Grace Hopper', role, customerId },
    PASSWORD,
  );
}

export function login({ logins }: Services, { email }: StoredUser, fields = {}): Promise<LoginTokens> {
  return logins.login({ email, password: PASSWORD, ...fields });
}

/** The session that an access token belongs to, and the caller that it makes. */
export function sessionOf({ accessToken }: Tokens) {
  const [, payload = ''] = accessToken.split('.');
  const { sub, sid, role } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as {
    sub: string;
    sid: string;
    role: Role;
  };
  const sessionId = parseTypeId('session', sid)!;
  return { userId: parseTypeId('user', sub)!, sessionId, caller: { actor: sub, role, sessionId } };
}

export function codeAt(secret: string, nowMs: number): string {
  return generateSync({ secret, epoch: Math.floor(nowMs / 1000) });
}

export const INVALID = {
  status: 401,
  code: 'invalid_credentials',
  message: 'The credentials are not right.',
};
export const INVALID_REFRESH = { status: 401, code: 'invalid_refresh_token' };
