import assert from 'node:assert/strict';
import { after, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
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

/** The tokens of another process of the same bank, with connections of its own, until the test ends that asks for it. */
export function anotherProcess(bank: TestBank): AccessTokens {
  const { db, postingPool, close } = openDatabase({ databaseUrl: bank.databaseUrl });
  const tokens = new AccessTokens({ ...bank.context, db, postingPool });
  // Of the running test: a hook of this module would belong to the first file that loads it, and the processes of the
  // next ones would go on asking a database that is gone.
  after(async () => {
    await tokens.stop();
    await close();
  });
  return tokens;
}

/** In how much time a change must be in force in every process. */
const EFFECT_MS = 5_000;
/** So much of it passes at once. */
const TICK_MS = 100;

/** Starts a process whose polls come when `endsInTime` lets the time pass. */
export async function startPolling(t: TestContext, process: AccessTokens): Promise<AccessTokens> {
  t.mock.timers.enable({ apis: ['setInterval'] });
  await process.start();
  return process;
}

/** Lets the time pass in which every process polls, and waits until what they have read ends the use of a token. */
export async function endsInTime(t: TestContext, use: () => Promise<unknown>): Promise<void> {
  const startedMs = performance.now();
  const isTaken = () =>
    use().then(
      () => true,
      () => false,
    );
  for (let passedMs = 0; await isTaken(); passedMs += TICK_MS) {
    assert.ok(performance.now() - startedMs < EFFECT_MS, 'it is in force within five seconds');
    if (passedMs < EFFECT_MS) t.mock.timers.tick(TICK_MS);
    await sleep(2);
  }
}
