import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { FlorinError } from '#lib/errors.ts';
import { toTypeId } from '#lib/ids.ts';
import { login, newUser, PASSWORD, sessionOf } from '#test/database/identity/users/staff.ts';
import { openApi, type TestApi } from '#test/support/api.ts';
import { anotherProcess } from './token-bank.ts';

const api = await openApi();
const { bank } = api;
const admin = await api.as('admin');
const other = anotherProcess(bank);
await other.start();

/** What is promised, and it is polled for. */
const EFFECT_MS = 5_000;

type Staff = { readonly id: string; readonly sessionId: string; readonly own: TestApi };

const WAYS: readonly [what: string, act: (user: Staff) => Promise<{ status: number }>][] = [
  ['logging out', ({ own }) => own.raw('POST', '/v1/auth/logout', '')],
  ['ending a session from the list', ({ own, sessionId }) => own.delete(`/v1/auth/sessions/${sessionId}`)],
  ['another role', ({ id }) => admin.patch(`/v1/users/${id}`, { role: 'auditor' }, '*')],
  ['being disabled', ({ id }) => admin.raw('POST', `/v1/users/${id}/disable`, '')],
];

async function newStaff(): Promise<Staff & { readonly token: string }> {
  const user = await newUser(bank);
  const tokens = await login(bank, user);
  return {
    id: toTypeId('user', user.id),
    sessionId: toTypeId('session', sessionOf(tokens).sessionId),
    own: api.withToken(() => Promise.resolve(tokens.accessToken)),
    token: tokens.accessToken,
  };
}

const isTaken = (token: string): Promise<boolean> =>
  other.verify(token).then(
    () => true,
    (error: unknown) => {
      assert.ok(error instanceof FlorinError && error.code === 'unauthenticated');
      return false;
    },
  );

async function assertEnds(token: string): Promise<void> {
  const endedMs = performance.now();
  while (await isTaken(token)) {
    assert.ok(performance.now() - endedMs < EFFECT_MS, 'it is over within five seconds');
    await sleep(50);
  }
}

test('in a process that knew the token it ends within five seconds of', async (t) => {
  await Promise.all(
    WAYS.map(([what, act]) =>
      t.test(what, async () => {
        const user = await newStaff();
        assert.equal(await isTaken(user.token), true);
        const { status } = await act(user);
        assert.ok(status === 200 || status === 204, String(status));
        await assertEnds(user.token);
      }),
    ),
  );
});

test('a new password ends every other session within five seconds, and not the one that changed it', async () => {
  const user = await newUser(bank);
  const [here, elsewhere] = [await login(bank, user), await login(bank, user)];
  assert.equal(await isTaken(elsewhere.accessToken), true);
  const own = api.withToken(() => Promise.resolve(here.accessToken));
  const passwords = { oldPassword: PASSWORD, newPassword: 'copper kettles hum at dawn' };
  assert.equal((await own.post('/v1/auth/password', passwords)).status, 204);
  await assertEnds(elsewhere.accessToken);
  assert.equal(await isTaken(here.accessToken), true);
});
