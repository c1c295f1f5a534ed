import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toTypeId } from '#lib/ids.ts';
import { login, newUser, PASSWORD, sessionOf } from '#test/database/identity/users/staff.ts';
import { openApi, type TestApi } from '#test/support/api.ts';
import { anotherProcess, endsInTime, startPolling } from './token-bank.ts';

const api = await openApi();
const { bank } = api;
const admin = await api.as('admin');

type Staff = { readonly id: string; readonly sessionId: string; readonly own: TestApi };

/** Ten minutes, and the difference of clocks that is tolerated. */
const LIFETIME_MS = 605_000;

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

test('in a process that knew the token it ends within five seconds of', async (t) => {
  const other = await startPolling(t, anotherProcess(bank));
  for (const [what, act] of WAYS) {
    await t.test(what, async () => {
      const user = await newStaff();
      await other.verify(user.token);
      const { status } = await act(user);
      assert.ok(status === 200 || status === 204, String(status));
      await endsInTime(t, () => other.verify(user.token));
      await assert.rejects(other.verify(user.token), { code: 'unauthenticated', status: 401 });
    });
  }
});

test('a new password ends every other session within five seconds, and not the one that changed it', async (t) => {
  const other = await startPolling(t, anotherProcess(bank));
  const user = await newUser(bank);
  const [here, elsewhere] = [await login(bank, user), await login(bank, user)];
  await other.verify(elsewhere.accessToken);
  const own = api.withToken(() => Promise.resolve(here.accessToken));
  const passwords = { oldPassword: PASSWORD, newPassword: 'copper kettles hum at dawn' };
  assert.equal((await own.post('/v1/auth/password', passwords)).status, 204);
  await endsInTime(t, () => other.verify(elsewhere.accessToken));
  await assert.rejects(other.verify(elsewhere.accessToken), { code: 'unauthenticated', status: 401 });
  await other.verify(here.accessToken);
});

test('a token that a process has seen ends with its ten minutes and five seconds for clocks that differ', async (t) => {
  const other = await startPolling(t, anotherProcess(bank));
  const { token } = await newStaff();
  await other.verify(token);
  const issuedMs = bank.clock.nowMs();
  t.after(() => bank.clock.setMs(issuedMs));
  bank.clock.setMs(issuedMs + LIFETIME_MS - 1);
  await other.verify(token);
  bank.clock.setMs(issuedMs + LIFETIME_MS);
  await assert.rejects(other.verify(token), { code: 'unauthenticated', status: 401 });
});
