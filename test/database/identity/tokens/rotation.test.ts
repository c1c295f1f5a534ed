import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { sql } from 'kysely';
import { createApp } from '#bank/app.ts';
import { openDatabase } from '#db/database.ts';
import { AccessTokens } from '#identity/tokens/contract.ts';
import { openTestBank, START_MS, TEST_CALLER } from '#test/support/bank.ts';
import { anotherProcess, endsInTime, newLogin, revokeSession, startPolling } from './token-bank.ts';

const MINUTE_MS = 60_000;

const bank = await openTestBank();
const { accessTokens: tokens, clock } = bank;

async function kidOf(token: Promise<{ token: string }>): Promise<unknown> {
  const [header = ''] = (await token).token.split('.');
  return (JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: unknown }).kid;
}

const kids = async (of = tokens) => (await of.publishedKeys()).map(({ kid }) => kid);

test('of processes that start at once, one makes the first key and all sign with it', async () => {
  const login = await newLogin(bank);
  const processes = Array.from({ length: 5 }, () => anotherProcess(bank));
  await Promise.all(processes.map((one) => one.start()));
  const { rows } = await sql`select number from signing_keys`.execute(bank.db);
  assert.deepEqual(rows, [{ number: 1 }]);
  const signers = await Promise.all(processes.map((one) => kidOf(one.issue(login))));
  assert.equal(new Set(signers).size, 1);
  for (const one of processes) {
    const { token } = await one.issue(login);
    for (const other of processes) assert.equal((await other.verify(token)).sessionId, login.sessionId);
  }
});

test('a private key is not in the database in clear', async () => {
  const { rows } = await sql<{ row: string }>`select s::text as row from signing_keys s`.execute(bank.db);
  // The first bytes of an Ed25519 key in PKCS #8.
  for (const { row } of rows) assert.doesNotMatch(row, /302e020100300506032b6570/);
});

test('the key set is public, may be kept for five minutes, and verifies our tokens', async () => {
  const login = await newLogin(bank);
  const app = await createApp(bank, false);
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  try {
    const response = await fetch(`${origin}/.well-known/jwks.json`);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('cache-control'), 'public, max-age=300');
    const set = (await response.json()) as JSONWebKeySet;
    assert.doesNotMatch(JSON.stringify(set), /"d":/);
    const { token } = await tokens.issue(login);
    const currentDate = new Date(clock.nowMs());
    const { payload } = await jwtVerify(token, createLocalJWKSet(set), { currentDate });
    assert.equal(payload.role, 'teller');
    assert.equal((await fetch(`${origin}/v1/customers`)).status, 401);
    const headers = { authorization: `Bearer ${token}` };
    assert.equal((await fetch(`${origin}/v1/customers`, { headers })).status, 200);
    for (const path of ['/openapi.json', '/docs/', '/health/live']) {
      assert.equal((await fetch(`${origin}${path}`)).status, 200, path);
    }
  } finally {
    await app.close();
  }
});

test('a key is published before it signs, and stays until its last token has expired', async () => {
  clock.setMs(START_MS);
  const login = await newLogin(bank);
  const [first] = await kids();
  const { kid: second } = await tokens.rotateKeys(TEST_CALLER);
  assert.deepEqual(await kids(), [first, second]);
  assert.equal(await kidOf(tokens.issue(login)), first);

  clock.setMs(START_MS + 5 * MINUTE_MS);
  const { token: last } = await tokens.issue(login);
  assert.equal(await kidOf(tokens.issue(login)), first);

  clock.setMs(START_MS + 6 * MINUTE_MS);
  assert.equal(await kidOf(tokens.issue(login)), second);
  assert.equal((await tokens.verify(last)).sessionId, login.sessionId);
  assert.deepEqual(await kids(), [first, second]);

  clock.setMs(START_MS + 14 * MINUTE_MS);
  assert.equal((await tokens.verify(last)).sessionId, login.sessionId);

  clock.setMs(START_MS + 16 * MINUTE_MS);
  await assert.rejects(tokens.verify(last), { code: 'unauthenticated', status: 401 });
  assert.deepEqual(await kids(), [second]);
});

test('a key that leaked ends at once, with its tokens', async () => {
  const login = await newLogin(bank);
  const { token } = await tokens.issue(login);
  await tokens.verify(token);
  const { kid } = await tokens.rotateKeys(TEST_CALLER, { immediately: true });
  assert.deepEqual(await kids(), [kid]);
  await assert.rejects(tokens.verify(token), { code: 'unauthenticated', status: 401 });
  assert.equal(await kidOf(tokens.issue(login)), kid);
});

test('rotations at the same moment make one next key', async () => {
  const processes = Array.from({ length: 4 }, () => anotherProcess(bank));
  const before = await kids();
  const rotations = await Promise.all(processes.map((one) => one.rotateKeys(TEST_CALLER)));
  // One that came a moment later made the key after the next.
  assert.ok(new Set(rotations.map(({ kid }) => kid)).size <= 4);
  const { rows } = await sql<{ number: number }>`
    select number from signing_keys where retires_at is null`.execute(bank.db);
  assert.equal(rows.length, 1, 'one key has no end');
  const reader = anotherProcess(bank);
  assert.ok((await kids(reader)).includes(before.at(-1) ?? ''), 'the key that signs stays');
});

test('a revoked session is refused by another process within five seconds', async (t) => {
  const login = await newLogin(bank);
  const other = await startPolling(t, anotherProcess(bank));
  const { token } = await tokens.issue(login);
  await other.verify(token);
  await revokeSession(bank, login.sessionId);
  await endsInTime(t, () => other.verify(token));
  await assert.rejects(other.verify(token), { code: 'unauthenticated', status: 401 });
});

test('the same without a poll of its own: what is too old is read before the answer', async () => {
  const login = await newLogin(bank);
  const other = anotherProcess(bank);
  const { token } = await tokens.issue(login);
  await other.verify(token);
  await revokeSession(bank, login.sessionId);
  clock.skip(4_600);
  await assert.rejects(other.verify(token), { code: 'unauthenticated', status: 401 });
});

test('without its database a process refuses with 503 what it can no longer check', async () => {
  const login = await newLogin(bank);
  const { token } = await tokens.issue(login);
  const { db, postingPool, close } = openDatabase({ databaseUrl: bank.databaseUrl });
  const cut = new AccessTokens({ ...bank.context, db, postingPool });
  await cut.start();
  assert.equal((await cut.verify(token)).sessionId, login.sessionId);
  await close();
  clock.skip(4_600);
  await assert.rejects(cut.verify(token), { code: 'authentication_unavailable', status: 503 });
  await cut.stop();
});
