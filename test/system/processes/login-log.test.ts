import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeAt } from '#test/database/identity/users/staff.ts';
import { createTestDatabase } from '#test/support/test-database.ts';
import { Installation } from './florin-process.ts';

const ADMIN = { email: 'admin@florin.example', password: 'sesame opens every door' };
const TELLER = { email: 'grace@florin.example', password: 'sesame oil and vinegar' };
const NEW_PASSWORD = 'sesame seeds on the bread';
const WRONG_PASSWORD = 'sesame shut and stays so';

type Fields = Record<string, unknown>;

/** Calls that must each end as said; all they were sent and answered that is secret is remembered. */
class Client {
  readonly secrets = new Set<string>();
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async call(status: number, method: string, path: string, token?: string, body?: Fields): Promise<Fields> {
    const answer = await fetch(this.#url + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    assert.equal(answer.status, status, `${method} ${path}: ${text}`);
    const fields = (text === '' ? {} : JSON.parse(text)) as Fields;
    this.#remember({ ...body, ...(token === undefined ? {} : { token }) });
    if (status < 300) this.#remember(fields);
    return fields;
  }

  post(status: number, path: string, body?: Fields, token?: string): Promise<Fields> {
    return this.call(status, 'POST', `/v1/${path}`, token, body);
  }

  #remember(fields: Fields): void {
    for (const [name, value] of Object.entries(fields)) {
      if (!/password|token$|secret|otp|code/i.test(name)) continue;
      for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) this.secrets.add(String(one));
    }
  }
}

test('no password, token, code or key of any login reaches the log at its finest level', async (t) => {
  const { databaseUrl, drop } = await createTestDatabase();
  t.after(drop);
  const florin = new Installation(t).serve({
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: 'trace',
    FLORIN_ADMIN_EMAIL: ADMIN.email,
    FLORIN_ADMIN_PASSWORD: ADMIN.password,
  });
  const client = new Client(await florin.ready());
  const token = async (body: Fields): Promise<string> =>
    String((await client.post(200, 'auth/login', body)).accessToken);

  const admin = await token(ADMIN);
  await client.post(401, 'auth/login', { ...ADMIN, password: WRONG_PASSWORD });
  await client.post(401, 'auth/login', { ...TELLER });
  await client.post(400, 'auth/login', { ...TELLER, secret: 'sesame in a field of none' });
  await client.post(400, 'users', { ...TELLER, name: 'Grace', role: 'teller', password: 'sesame' }, admin);
  await client.post(201, 'users', { ...TELLER, name: 'Grace', role: 'teller' }, admin);

  const first = await client.post(200, 'auth/login', TELLER);
  const next = await client.post(200, 'auth/refresh', { refreshToken: first.refreshToken });
  const own = String(next.accessToken);
  await client.post(401, 'auth/refresh', { refreshToken: 'sesame-refresh' });
  await client.post(401, 'auth/password', { oldPassword: WRONG_PASSWORD, newPassword: NEW_PASSWORD }, own);
  await client.post(204, 'auth/password', { oldPassword: TELLER.password, newPassword: NEW_PASSWORD }, own);

  const { secret } = await client.post(201, 'auth/totp', undefined, own);
  await client.post(401, 'auth/totp/confirm', { code: 'sesame-code' }, own);
  const code = codeAt(String(secret), Date.now());
  const confirmed = await client.post(200, 'auth/totp/confirm', { code }, own);
  const [recoveryCode] = confirmed.recoveryCodes as string[];
  const renewed = { email: TELLER.email, password: NEW_PASSWORD };
  await client.post(401, 'auth/login', renewed);
  await client.post(401, 'auth/login', { ...renewed, otp: code });
  const third = await token({ ...renewed, recoveryCode });
  await client.call(204, 'DELETE', '/v1/auth/totp', third, { password: NEW_PASSWORD });
  await client.call(200, 'GET', '/v1/auth/sessions', third);
  await client.post(204, 'auth/logout', undefined, third);

  const scopes = ['accounts:read'];
  const key = String((await client.post(201, 'api-keys', { name: 'Nightly', scopes }, admin)).token);
  await client.call(200, 'GET', '/v1/accounts', key);
  await client.call(403, 'GET', '/v1/customers', key);
  await client.call(401, 'GET', '/v1/accounts', `${key.slice(0, -1)}~`);
  await client.call(401, 'GET', '/v1/accounts', `${admin}x`);

  assert.deepEqual(await florin.stop(), { exitCode: 0, signal: null });
  const said = florin.stdout + florin.stderr;
  assert.equal(said.match(/"status":\d+/g)?.length, 26, 'a line for each request and the probe');
  // Passwords 5, tokens of 6 logins and 2 keys, a secret and its URI, codes 13: none was forgotten.
  assert.ok(client.secrets.size >= 30, `${client.secrets.size} secrets`);
  for (const one of client.secrets) {
    // A code of six digits may stand inside a longer number.
    const isThere = /^\d{6}$/.test(one) ? new RegExp(`(?<!\\d)${one}(?!\\d)`).test(said) : said.includes(one);
    assert.equal(isThere, false, `a secret of ${one.length} characters is in the log`);
  }
  // The end of a token alone is its signature.
  for (const one of client.secrets) if (one.length > 60) assert.equal(said.includes(one.slice(-40)), false);
  assert.doesNotMatch(said, /sesame/);
});
