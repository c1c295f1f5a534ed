import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { StoredLogin } from '#cli/login/login-file.ts';
import { codeAt, newUser, PASSWORD } from '#test/database/identity/users/staff.ts';
import { openApi } from '#test/support/api.ts';
import { assertRefused, runFlorin } from './florin.ts';

const api = await openApi();
const { bank } = api;
const url = `http://127.0.0.1:${api.port}`;
const home = mkdtempSync(join(tmpdir(), 'florin-login-'));
after(() => rmSync(home, { recursive: true, force: true }));

/** The environment of somebody who runs the command line and has no database. */
const env = { FLORIN_CONFIG_DIR: join(home, 'florin'), DATABASE_URL: 'postgres://127.0.0.1:1/none' };
const file = join(env.FLORIN_CONFIG_DIR, 'login.json');
const florin = (...args: string[]) => runFlorin(args, env);
const logIn = (email: string, ...more: string[]) =>
  runFlorin(['login', '--url', url, '--email', email, '--password-stdin', ...more], env, {
    input: `${PASSWORD}\n`,
  });

const readLogin = () => JSON.parse(readFileSync(file, 'utf8')) as StoredLogin;
/** As after ten minutes. */
const expire = () => writeFileSync(file, JSON.stringify({ ...readLogin(), expiresAtMs: 0 }));

const manager = await newUser(bank, { role: 'manager' });

test('whoever has not logged in is told how', async () => {
  for (const args of [['whoami'], ['logout'], ['api', 'GET', '/v1/accounts']]) {
    assertRefused(await florin(...args), 1, /^florin: there is no login here: .* \(not_logged_in\)$/m);
  }
});

test('a login is kept for its owner’s eyes alone, and says who it is', async () => {
  const { exitCode, stdout, stderr } = await logIn(manager.email);
  assert.equal(exitCode, 0, stderr);
  assert.equal(stdout, `Logged in at ${url} as ${manager.email}.\n`);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(statSync(env.FLORIN_CONFIG_DIR).mode & 0o777, 0o700);
  assert.ok(!readFileSync(file, 'utf8').includes(PASSWORD));
  const me = JSON.parse((await florin('whoami', '--json')).stdout) as Record<string, unknown>;
  assert.deepEqual([me.url, me.email, me.role], [url, manager.email, 'manager']);
  assert.match((await florin('whoami')).stdout, /^email +\S+@florin\.example$/m);
});

test('api asks as the user, prints JSON, and says a refusal in one line', async () => {
  const account = await api.newAccount();
  const read = await florin('api', 'GET', `/v1/accounts/${account.id}`);
  assert.deepEqual(JSON.parse(read.stdout), account);
  const body = { accountId: account.id, amount: '12.50', currency: 'EUR', mode: 'cash' };
  const pay = (...more: string[]) => ['api', 'POST', '/v1/deposits', ...more];
  const key = ['--idempotency-key', 'once'];
  const first = await runFlorin(pay('--data', '-', ...key), env, { input: JSON.stringify(body) });
  const again = await florin(...pay('--data', JSON.stringify(body), ...key, '--include'));
  assert.deepEqual([first.exitCode, again.exitCode], [0, 0]);
  assert.equal(again.stdout, first.stdout);
  assert.match(again.stderr, /^HTTP 201\n.*^idempotent-replayed: true$/ms);
  assert.equal(await api.postedBalance(account), '12.50');
  const frozen = await florin('api', 'POST', `/v1/accounts/${account.id}/freeze`, '--data', '{"reason":"x"}');
  assert.equal(JSON.parse(frozen.stdout).status, 'frozen');
  const patch = ['api', 'PATCH', `/v1/accounts/${account.id}`, '--data', '{"metadata":{}}'];
  assertRefused(await florin(...patch), 1, /\(precondition_required\)$/m);
  assert.equal((await florin(...patch, '--if-match', '*')).exitCode, 0);
  assertRefused(await florin(...pay('--data', JSON.stringify(body))), 1, /^florin: .* \(account_frozen\)$/m);
  assertRefused(await florin('api', 'GET', '/v1/users'), 1, /^florin: .* \(forbidden\)$/m);
});

test('a token that has expired is renewed, once by many processes', async () => {
  for (let round = 0; round < 2; round++) {
    const { refreshToken } = readLogin();
    expire();
    const answers = await Promise.all(Array.from({ length: 4 }, () => florin('api', 'GET', '/v1/products')));
    assert.deepEqual(
      answers.map(({ exitCode }) => exitCode),
      [0, 0, 0, 0],
      answers.map(({ stderr }) => stderr).join(''),
    );
    assert.notEqual(readLogin().refreshToken, refreshToken);
  }
  const spent = await bank.db.selectFrom('refresh_tokens').select('spent_at').execute();
  assert.equal(spent.filter(({ spent_at: at }) => at !== null).length, 2);
});

test('a file that others may read, or that is damaged, is not used', async () => {
  chmodSync(file, 0o640);
  assertRefused(await florin('whoami'), 1, /^florin: others may read .* \(login_file\)$/m);
  chmodSync(file, 0o600);
  const whole = readFileSync(file, 'utf8');
  writeFileSync(file, whole.slice(0, 40));
  assertRefused(await florin('whoami'), 1, /^florin: .* is damaged: .* \(login_file\)$/m);
  writeFileSync(file, whole);
});

test('logging out ends the session here and at the server', async () => {
  const { refreshToken } = readLogin();
  assert.equal((await florin('logout')).stdout, `Logged out at ${url}.\n`);
  assert.equal(existsSync(file), false);
  await assert.rejects(bank.logins.refresh(refreshToken), { code: 'invalid_refresh_token' });
});

test('a login that was ended elsewhere is said to be over, and forgotten', async () => {
  await logIn(manager.email);
  const { refreshToken } = readLogin();
  await bank.logins.refresh(refreshToken);
  const user = await bank.users.get(manager.id);
  await bank.db
    .updateTable('user_sessions')
    .set({ revoked_at: new Date(bank.clock.nowMs()) })
    .where('user_id', '=', user.id)
    .execute();
  expire();
  assertRefused(await florin('whoami'), 1, /^florin: the login has ended: .* \(login_expired\)$/m);
  assert.equal(existsSync(file), false);
});

test('wrong credentials and a missing second factor are refused, and nothing is kept', async () => {
  const stranger = await logIn('nobody@florin.example');
  assertRefused(stranger, 1, /^florin: .* \(invalid_credentials\)$/m);
  const user = await newUser(bank);
  const { secret } = await enrol(user.email);
  assertRefused(await logIn(user.email), 1, /\(otp_required\)$/m);
  assert.equal(existsSync(file), false);
  bank.clock.setMs(bank.clock.nowMs() + 30_000);
  const { exitCode, stderr } = await logIn(user.email, '--otp', codeAt(secret, bank.clock.nowMs()));
  assert.equal(exitCode, 0, stderr);
});

async function enrol(email: string): Promise<{ secret: string }> {
  const tokens = await bank.logins.login({ email, password: PASSWORD });
  const own = api.withToken(() => Promise.resolve(tokens.accessToken));
  const { body } = await own.raw<{ secret: string }>('POST', '/v1/auth/totp', '');
  const code = codeAt(body.secret, bank.clock.nowMs());
  assert.equal((await own.post('/v1/auth/totp/confirm', { code })).status, 200);
  return body;
}

test('a server that does not answer, or that is none of Florin’s, is one line', async () => {
  const args = ['login', '--email', manager.email, '--password-stdin', '--url'];
  const nobody = await runFlorin([...args, 'http://127.0.0.1:1'], env, { input: PASSWORD });
  assertRefused(nobody, 1, /^florin: no answer from http:\/\/127\.0\.0\.1:1: .* \(server_unreachable\)$/m);
});

const WRONG: readonly [args: readonly string[], says: RegExp][] = [
  [['login', '--url', 'http://bank.example'], /https:\/\/bank\.example/],
  [['login', '--url', 'https://bank.example/v1'], /https:\/\/bank\.example/],
  [['login', '--url', 'https://u:p@bank.example'], /https:\/\/bank\.example/],
  [['login', '--password-stdin'], /needs --email/],
  [['api', 'GET'], /missing required argument 'path'/],
  [['api', 'FETCH', '/v1/accounts'], /Allowed choices are GET/],
  [['api', 'GET', 'accounts'], /a path like \/v1\/accounts/],
  [['api', 'GET', '/v2/accounts'], /a path like \/v1\/accounts/],
  [['api', 'POST', '/v1/deposits', '--data', '{'], /--data takes JSON/],
  [['api', 'POST', '/v1/deposits', '--idempotency-key', 'a b'], /visible ASCII/],
  [['whoami', 'me'], /too many arguments/],
];
for (const [args, says] of WRONG) {
  test(`wrong usage: ${args.join(' ')}`, async () => {
    const { stderr, exitCode } = await runFlorin(args, env);
    assert.equal(exitCode, 2, stderr);
    assert.match(stderr, says);
  });
}
