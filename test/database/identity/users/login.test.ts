import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tokens } from '#identity/users/login-service.ts';
import { openTestBank, START_MS, TEST_CALLER } from '#test/support/bank.ts';
import { INVALID, INVALID_REFRESH, login, newUser, PASSWORD, sessionOf } from './staff.ts';

const bank = await openTestBank({ realPasswords: true });
const { logins, users } = bank;

test('a user logs in by e-mail in any case, and is known by the token', async () => {
  const user = await newUser(bank, { role: 'manager' });
  const tokens = await logins.login({ email: ` ${user.email.toUpperCase()} `, password: PASSWORD });
  assert.equal(tokens.expiresInSeconds, 600);
  assert.match(tokens.refreshToken, /^[\w-]{43}$/);
  assert.equal(sessionOf(tokens).userId, user.id);
});

test('a bank that is told nothing else stores passwords at the cost that OWASP asks for', async () => {
  const { id } = await newUser(bank);
  const { password_hash: hash } = await bank.db
    .selectFrom('users')
    .select('password_hash')
    .where('user_id', '=', id)
    .executeTakeFirstOrThrow();
  assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

test('an unknown user, a wrong password and a disabled user are refused alike', async () => {
  const user = await newUser(bank);
  const disabled = await users.disable(TEST_CALLER, (await newUser(bank)).id);
  const attempts = [
    { email: 'nobody@florin.example', password: PASSWORD },
    { email: user.email, password: 'violet anchors drift fast' },
    { email: disabled.email, password: PASSWORD },
  ];
  for (const attempt of attempts) await assert.rejects(logins.login(attempt), INVALID);
});

test('an unknown user takes as long to refuse as a wrong password', async () => {
  const refuse = async (email: string): Promise<number> => {
    const before = process.cpuUsage();
    await assert.rejects(logins.login({ email, password: 'violet anchors drift fast' }), INVALID);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  const [unknown, wrong]: [number[], number[]] = [[], []];
  for (let round = 0; round < 12; round++) {
    const { email } = await newUser(bank);
    unknown.push(await refuse(`nobody.${round}@florin.example`));
    wrong.push(await refuse(email));
  }
  // In processor time, and the quickest of each: what a busy machine adds is no work of ours. Without the dummy hash
  // it is a tenth.
  const ratio = Math.min(...unknown) / Math.min(...wrong);
  assert.ok(ratio > 1 / 4 && ratio < 4, `ratio ${ratio}`);
});

test('tokens are stored as hashes alone', async () => {
  const { refreshToken } = await login(bank, await newUser(bank));
  const rows = await bank.db.selectFrom('refresh_tokens').selectAll().execute();
  const stored = rows.map((row) => JSON.stringify(row) + row.token_hash.toString('base64url'));
  assert.ok(rows.length > 0 && stored.every((row) => !row.includes(refreshToken)));
});

test('each refresh gives another token, and a spent one that comes again ends the session', async () => {
  const first = await login(bank, await newUser(bank));
  const second = await logins.refresh(first.refreshToken);
  const third = await logins.refresh(second.refreshToken);
  assert.deepEqual(sessionOf(third), sessionOf(first));
  await assert.rejects(logins.refresh(first.refreshToken), INVALID_REFRESH);
  await assert.rejects(logins.refresh(third.refreshToken), INVALID_REFRESH);
});

test('two tabs that refresh at the same moment both go on, and so do the tokens after', async () => {
  const { refreshToken } = await login(bank, await newUser(bank));
  const here = { address: '192.0.2.7' };
  let tabs = await Promise.all([logins.refresh(refreshToken, here), logins.refresh(refreshToken, here)]);
  for (let round = 0; round < 3; round++) {
    bank.clock.setMs(bank.clock.nowMs() + 10 * 60_000);
    tabs = [
      await logins.refresh(tabs[0]!.refreshToken, here),
      await logins.refresh(tabs[1]!.refreshToken, here),
    ];
  }
  assert.notEqual(tabs[0]!.refreshToken, tabs[1]!.refreshToken);
});

test('a stolen token ends the session: of a thief who comes later, and of one who comes from elsewhere', async () => {
  const here = { address: '192.0.2.7' };
  const there = { address: '198.51.100.9' };
  const first = await login(bank, await newUser(bank));
  const next = await logins.refresh(first.refreshToken, here);
  bank.clock.setMs(bank.clock.nowMs() + 31_000);
  await assert.rejects(logins.refresh(first.refreshToken, here), INVALID_REFRESH);
  await assert.rejects(logins.refresh(next.refreshToken, here), INVALID_REFRESH);

  const second = await login(bank, await newUser(bank));
  const mine = await logins.refresh(second.refreshToken, here);
  const stolen = await logins.refresh(second.refreshToken, there);
  await assert.rejects(logins.refresh(mine.refreshToken, here), INVALID_REFRESH);
  await assert.rejects(logins.refresh(stolen.refreshToken, there), INVALID_REFRESH);
});

test('whoever lost the answer to a refresh may ask again for 30 seconds; the token that was lost is dead', async () => {
  const first = await login(bank, await newUser(bank));
  const lost = await logins.refresh(first.refreshToken);
  bank.clock.setMs(bank.clock.nowMs() + 30_000);
  const again = await logins.refresh(first.refreshToken);
  const next = await logins.refresh(again.refreshToken);
  await assert.rejects(logins.refresh(lost.refreshToken), INVALID_REFRESH);
  await assert.rejects(logins.refresh(next.refreshToken), INVALID_REFRESH);
});

test('after 30 seconds the same question is a theft', async () => {
  const first = await login(bank, await newUser(bank));
  const second = await logins.refresh(first.refreshToken);
  bank.clock.setMs(bank.clock.nowMs() + 30_001);
  await assert.rejects(logins.refresh(first.refreshToken), INVALID_REFRESH);
  await assert.rejects(logins.refresh(second.refreshToken), INVALID_REFRESH);
});

test('a session ends an hour after its last use, and a day after its login', async () => {
  const idle = await login(bank, await newUser(bank));
  let used: Tokens = await login(bank, await newUser(bank));
  const minutes = (count: number) => bank.clock.setMs(bank.clock.nowMs() + count * 60_000);
  minutes(59);
  used = await logins.refresh(used.refreshToken);
  minutes(2);
  await assert.rejects(logins.refresh(idle.refreshToken), INVALID_REFRESH);
  minutes(57);
  used = await logins.refresh(used.refreshToken);
  for (let hour = 2; hour < 24; hour++) {
    minutes(59);
    used = await logins.refresh(used.refreshToken);
  }
  minutes(23);
  used = await logins.refresh(used.refreshToken);
  minutes(1);
  await assert.rejects(logins.refresh(used.refreshToken), INVALID_REFRESH);
  bank.clock.setMs(START_MS);
});

test('no token of another make is taken', async () => {
  for (const token of ['x', 'A'.repeat(43), '']) await assert.rejects(logins.refresh(token), INVALID_REFRESH);
});

test('sessions are listed and ended by their user alone', async () => {
  const user = await newUser(bank);
  const one = await login(bank, user, { address: '192.0.2.1', userAgent: 'curl/8' });
  const two = await login(bank, user);
  const other = await login(bank, await newUser(bank));
  const page = { after: undefined, limit: 10 };
  const listed = await logins.listSessions(user.id, page);
  assert.deepEqual(
    listed.map(({ id, address, userAgent }) => [id, address, userAgent]),
    [
      [sessionOf(two).sessionId, undefined, undefined],
      [sessionOf(one).sessionId, '192.0.2.1', 'curl/8'],
    ],
  );
  await assert.rejects(logins.revokeSession(sessionOf(two), sessionOf(other).sessionId), {
    code: 'not_found',
  });
  await logins.revokeSession(sessionOf(two), sessionOf(one).sessionId);
  await assert.rejects(logins.refresh(one.refreshToken), INVALID_REFRESH);
  await logins.refresh(other.refreshToken);
  await logins.logout(sessionOf(two));
  await assert.rejects(logins.refresh(two.refreshToken), INVALID_REFRESH);
  assert.deepEqual(await logins.listSessions(user.id, page), []);
});
