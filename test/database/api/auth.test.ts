import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createApp } from '#bank/app.ts';
import type { UserView } from '#identity/users/schemas.ts';
import { codeAt, login, newUser, PASSWORD } from '#test/database/identity/users/staff.ts';
import { openTestBank } from '#test/support/bank.ts';
import { committedResponseCheck } from '#test/support/response-check.ts';

const closers: (() => unknown)[] = [];
after(async () => {
  for (const close of closers) await close();
});
const bank = await openTestBank();
await bank.accessTokens.start();
closers.push(() => bank.accessTokens.stop());
const app = await createApp(bank, false);
closers.push(() => app.close());
const origin = await app.listen({ host: '127.0.0.1', port: 0 });
const check = committedResponseCheck();

type Fields = Record<string, unknown>;
type LoggedIn = { accessToken: string; refreshToken: string; tokenType: string; expiresIn: number };

/** A call, checked against the OpenAPI document. */
async function call<Body = Fields>(
  method: string,
  path: string,
  { body, token, headers = {} }: { body?: Fields; token?: string; headers?: Record<string, string> } = {},
) {
  const response = await fetch(`${origin}${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  check(method, path, { status: response.status, text, headers: response.headers });
  const parsed = (text === '' ? undefined : JSON.parse(text)) as Body;
  return { status: response.status, headers: response.headers, body: parsed };
}

const admin = await newUser(bank, { role: 'admin' });
const { accessToken: token } = await login(bank, admin);

test('login, refresh and logout', async () => {
  const body = { email: admin.email, password: PASSWORD };
  const first = await call<LoggedIn>('POST', '/v1/auth/login', { body });
  assert.equal(first.status, 200);
  assert.equal(first.body.tokenType, 'Bearer');
  assert.equal(first.body.expiresIn, 600);
  const me = await call<UserView>('GET', '/v1/auth/me', { token: first.body.accessToken });
  assert.equal(me.body.email, admin.email);
  const { refreshToken } = first.body;
  const second = await call<LoggedIn>('POST', '/v1/auth/refresh', { body: { refreshToken } });
  assert.equal(second.status, 200);
  assert.equal((await call('POST', '/v1/auth/logout', { token: second.body.accessToken })).status, 204);
  const ended = await call('POST', '/v1/auth/refresh', { body: { refreshToken: second.body.refreshToken } });
  assert.deepEqual([ended.status, ended.body.code], [401, 'invalid_refresh_token']);
});

test('an unknown user and a wrong password are answered alike but for the request id', async () => {
  const answers = await Promise.all(
    [`nobody@florin.example`, admin.email].map((email) =>
      call('POST', '/v1/auth/login', { body: { email, password: 'violet anchors drift fast' } }),
    ),
  );
  const [unknown, wrong] = answers.map(({ status, body }) => ({
    status,
    body: { ...body, requestId: '' },
  }));
  assert.equal(unknown!.status, 401);
  assert.deepEqual(unknown, wrong);
});

test('users are made, shown, changed and disabled', async () => {
  const body = { email: 'New@florin.example', name: 'New', role: 'teller', password: PASSWORD };
  const made = await call<UserView>('POST', '/v1/users', { body, token });
  assert.equal(made.status, 201);
  const { id, createdAt, updatedAt } = made.body;
  assert.deepEqual(made.body, {
    id,
    email: 'new@florin.example',
    name: 'New',
    role: 'teller',
    customerId: null,
    status: 'active',
    totpEnabled: false,
    mustChangePassword: false,
    createdAt,
    updatedAt,
  });
  const path = `/v1/users/${id}`;
  assert.equal((await call('POST', '/v1/users', { body, token })).status, 409);
  assert.equal((await call('PATCH', path, { body: { role: 'manager' }, token })).status, 428);
  const headers = { 'if-match': made.headers.get('etag')! };
  const changed = await call<UserView>('PATCH', path, { body: { role: 'manager' }, token, headers });
  assert.equal(changed.body.role, 'manager');
  assert.equal((await call('PATCH', path, { body: { role: 'teller' }, token, headers })).status, 412);
  for (const field of ['id', 'status', 'email', 'customerId', 'passwordHash', 'bookId']) {
    const star = { 'if-match': '*' };
    const refused = await call('PATCH', path, { body: { name: 'N', [field]: 'x' }, token, headers: star });
    assert.equal(refused.status, 400, field);
  }
  const disabled = await call<UserView>('POST', `${path}/disable`, { token });
  assert.equal(disabled.body.status, 'disabled');
  const own = (await call<UserView>('GET', '/v1/auth/me', { token })).body.id;
  const last = await call('POST', `/v1/users/${own}/disable`, { token });
  assert.deepEqual([last.status, last.body.code], [409, 'last_admin']);
  const list = await call<{ data: UserView[] }>('GET', '/v1/users?role=manager&email=NEW@florin.example', {
    token,
  });
  assert.deepEqual(
    list.body.data.map((one) => one.id),
    [id],
  );
});

test('TOTP is enrolled, confirmed, asked for and taken away', async () => {
  const user = await newUser(bank);
  const { accessToken } = await login(bank, user);
  const own = { token: accessToken };
  const enrolled = await call<{ secret: string }>('POST', '/v1/auth/totp', own);
  assert.equal(enrolled.status, 201);
  const code = codeAt(enrolled.body.secret, bank.clock.nowMs());
  const confirmed = await call<{ recoveryCodes: string[] }>('POST', '/v1/auth/totp/confirm', {
    ...own,
    body: { code },
  });
  assert.equal(confirmed.body.recoveryCodes.length, 10);
  const credentials = { email: user.email, password: PASSWORD };
  const asked = await call('POST', '/v1/auth/login', { body: credentials });
  assert.deepEqual([asked.status, asked.body.code], [401, 'otp_required']);
  const recoveryCode = confirmed.body.recoveryCodes[3];
  assert.equal(
    (await call('POST', '/v1/auth/login', { body: { ...credentials, recoveryCode } })).status,
    200,
  );
  const removal = await call('DELETE', '/v1/auth/totp', { ...own, body: { password: PASSWORD } });
  assert.equal(removal.status, 204);
  const sessions = await call<{ data: { id: string }[] }>('GET', '/v1/auth/sessions?limit=1', own);
  assert.equal(sessions.body.data.length, 1);
  const newest = sessions.body.data[0]!.id;
  assert.equal((await call('DELETE', `/v1/auth/sessions/${newest}`, own)).status, 204);
  assert.equal((await call('DELETE', `/v1/auth/sessions/${newest}`, own)).status, 404);
  const body = { oldPassword: PASSWORD, newPassword: 'some other long words' };
  assert.equal((await call('POST', '/v1/auth/password', { ...own, body })).status, 204);
});

test('too many failures answer 429 with Retry-After', async () => {
  const body = { email: 'guessed@florin.example', password: 'x' };
  for (let failure = 0; failure < 10; failure++) await call('POST', '/v1/auth/login', { body });
  const refused = await call('POST', '/v1/auth/login', { body });
  assert.deepEqual([refused.status, refused.body.code], [429, 'too_many_requests']);
  assert.equal(refused.headers.get('retry-after'), '30');
});
