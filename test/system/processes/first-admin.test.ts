import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createTestDatabase } from '#test/support/test-database.ts';
import { Installation } from './florin-process.ts';

async function roleOf(url: string, email: string, password: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ email, password });
  const login = await fetch(`${url}/v1/auth/login`, { method: 'POST', body, headers });
  const { accessToken } = (await login.json()) as { accessToken?: string };
  if (accessToken === undefined) return login.status;
  const me = await fetch(`${url}/v1/auth/me`, { headers: { authorization: `Bearer ${accessToken}` } });
  return ((await me.json()) as { role: string }).role;
}

test('the embedded server’s first start makes an administrator, and says the password once', async (t) => {
  const bank = await Installation.prepared(t);
  const first = bank.serve();
  const url = await first.ready();
  const [, email = '', password = '', file = ''] =
    / Admin +(\S+), password (\S{32}) \(kept in (.+)\)\n/.exec(first.stdout) ?? [];
  assert.equal(file, join(bank.dataDir, 'admin-password'));
  assert.equal(readFileSync(file, 'utf8'), `${password}\n`);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(await roleOf(url, email, password), 'admin');
  assert.equal(await roleOf(url, email, `${password}x`), 401);
  await first.stop();

  const second = bank.serve();
  assert.equal(await roleOf(await second.ready(), email, password), 'admin');
  assert.equal((second.stdout + second.stderr).includes(password), false);
  assert.doesNotMatch(second.stdout, / Admin /);
});

test('the environment’s administrator is made in a bank without users, and never over one', async (t) => {
  const { databaseUrl, drop } = await createTestDatabase();
  t.after(drop);
  const bank = new Installation(t, { DATABASE_URL: databaseUrl, FLORIN_ADMIN_EMAIL: 'ada@florin.example' });
  const short = bank.serve({ FLORIN_ADMIN_PASSWORD: 'sesame' });
  assert.deepEqual(await short.ended(), { exitCode: 1, signal: null });
  assert.match(short.stderr, /^florin: FLORIN_ADMIN_PASSWORD must have at least 15 characters [^\n]*\n$/);
  assert.doesNotMatch(short.stderr, /sesame/);

  const password = 'copper kettles hum at dawn';
  const first = bank.serve({ FLORIN_ADMIN_PASSWORD: password });
  assert.equal(await roleOf(await first.ready(), 'ada@florin.example', password), 'admin');
  assert.equal((first.stdout + first.stderr).includes(password), false);
  await first.stop();

  const another = 'violet anchors drift slowly';
  const second = bank.serve({ FLORIN_ADMIN_PASSWORD: another });
  const url = await second.ready();
  assert.equal(await roleOf(url, 'ada@florin.example', another), 401);
  assert.equal(await roleOf(url, 'ada@florin.example', password), 'admin');
});
