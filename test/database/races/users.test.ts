import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashRefreshToken } from '#identity/users/session-repository.ts';
import { FlorinError } from '#lib/errors.ts';
import { codeAt, login, newUser, sessionOf } from '#test/database/identity/users/staff.ts';
import { openTestBank, TEST_CALLER, withServers } from '#test/support/bank.ts';

const bank = await openTestBank();

/** What succeeded, and the codes of what was refused; anything that is no refusal fails the test. */
async function settle<Result>(attempts: readonly Promise<Result>[]) {
  const outcomes = await Promise.allSettled(attempts);
  const codes = outcomes.flatMap((one) => {
    if (one.status === 'fulfilled') return [];
    if (!(one.reason instanceof FlorinError)) throw one.reason;
    return [one.reason.code];
  });
  return { done: outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])), codes };
}

test('of twenty refreshes with one token, over two servers, one answer is good', async () => {
  const deadlocks = await withServers(bank, 2, async (servers) => {
    const user = await newUser(bank);
    const { refreshToken } = await login(servers[0]!, user);
    const attempts = Array.from({ length: 20 }, (_, index) =>
      servers[index % 2]!.logins.refresh(refreshToken),
    );
    const { done, codes } = await settle(attempts);
    assert.deepEqual(codes, []);
    assert.equal(new Set(done.map((one) => one.refreshToken)).size, 20);
    const unspent = await bank.db
      .selectFrom('refresh_tokens')
      .select('token_hash')
      .where('spent_at', 'is', null)
      .where('session_id', '=', sessionOf(done[0]!).sessionId)
      .execute();
    assert.equal(unspent.length, 1);
    const isGood = (token: string) => hashRefreshToken(token).equals(unspent[0]!.token_hash);
    const good = done.filter((one) => isGood(one.refreshToken));
    assert.equal(good.length, 1);
    const next = await servers[1]!.logins.refresh(good[0]!.refreshToken);
    const dead = done.find((one) => one !== good[0])!;
    await assert.rejects(servers[0]!.logins.refresh(dead.refreshToken), { code: 'invalid_refresh_token' });
    await assert.rejects(servers[1]!.logins.refresh(next.refreshToken), { code: 'invalid_refresh_token' });
  });
  assert.equal(deadlocks, 0n);
});

test('two admins who disable each other at once leave one', async () => {
  const deadlocks = await withServers(bank, 2, async (servers) => {
    for (let round = 0; round < 10; round++) {
      const [one, two] = [await newUser(bank, { role: 'admin' }), await newUser(bank, { role: 'admin' })];
      const { done, codes } = await settle([
        servers[0]!.users.disable(TEST_CALLER, one.id),
        servers[1]!.users.change(TEST_CALLER, two.id, '*', { role: 'teller' }),
      ]);
      assert.equal(done.length, 1);
      assert.deepEqual(codes, ['last_admin']);
      // The one who is left goes too, so that the next round has its own two.
      await bank.db.updateTable('users').set({ role: 'auditor' }).where('role', '=', 'admin').execute();
    }
  });
  assert.equal(deadlocks, 0n);
});

test('a one-time code, and a recovery code, log in once when they come ten times at once', async () => {
  const deadlocks = await withServers(bank, 2, async (servers) => {
    const user = await newUser(bank);
    const own = sessionOf(await login(servers[0]!, user));
    const { secret } = await servers[0]!.credentials.enrolTotp(own);
    const nowMs = servers[0]!.context.clock.nowMs();
    const [recoveryCode] = await servers[0]!.credentials.confirmTotp(own, codeAt(secret, nowMs - 30_000));
    const tenTimes = (fields: object) =>
      settle(Array.from({ length: 10 }, (_, index) => login(servers[index % 2]!, user, fields)));
    assert.equal((await tenTimes({ otp: codeAt(secret, nowMs + 30_000) })).done.length, 1);
    await bank.db.deleteFrom('login_attempts').execute();
    assert.equal((await tenTimes({ recoveryCode })).done.length, 1);
  });
  assert.equal(deadlocks, 0n);
});
