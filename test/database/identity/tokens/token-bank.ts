import { after } from 'node:test';
import { openDatabase } from '#db/database.ts';
import { AccessTokens } from '#identity/tokens/contract.ts';
import type { Role } from '#lib/caller.ts';
import { type CustomerId, newId, randomIds, type SessionId, type UserId } from '#lib/ids.ts';
import type { TestBank } from '#test/support/bank.ts';

/** A user with an open session, as the claims of a token. */
export type TestLogin = {
  readonly userId: UserId;
  readonly sessionId: SessionId;
  readonly role: Role;
  readonly customerId: CustomerId | undefined;
};

/** Stores a user and a session of theirs. */
export async function newLogin({ db, clock }: TestBank, role: Role = 'teller', customerId?: CustomerId) {
  const userId = newId(randomIds, 'user');
  const sessionId = newId(randomIds, 'session');
  const now = new Date(clock.nowMs());
  const user = { book_id: 1, user_id: userId, email: `${userId}@example.com`, name: 'Tess Teller', role };
  await db
    .insertInto('users')
    .values({ ...user, password_hash: '$argon2id$none', customer_id: customerId ?? null })
    .execute();
  const expires_at = new Date(clock.nowMs() + 86_400_000);
  const session = { book_id: 1, session_id: sessionId, user_id: userId };
  await db
    .insertInto('user_sessions')
    .values({ ...session, created_at: now, last_used_at: now, expires_at })
    .execute();
  const login: TestLogin = { userId, sessionId, role, customerId };
  return login;
}

export async function revokeSession({ db }: TestBank, sessionId: SessionId): Promise<void> {
  await db
    .updateTable('user_sessions')
    .set({ revoked_at: new Date() })
    .where('session_id', '=', sessionId)
    .execute();
}

/** The tokens of another process of the same bank, with connections of its own. */
export function anotherProcess(bank: TestBank): AccessTokens {
  const { db, postingPool, close } = openDatabase({ databaseUrl: bank.databaseUrl });
  const tokens = new AccessTokens({ ...bank.context, db, postingPool });
  closers.push(async () => {
    await tokens.stop();
    await close();
  });
  return tokens;
}

const closers: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closers) await close();
});
