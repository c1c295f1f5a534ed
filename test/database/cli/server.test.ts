import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { newUser, PASSWORD } from '#test/database/identity/users/staff.ts';
import { openApi } from '#test/support/api.ts';
import { assertRefused, florinAt, florinWith, runFlorin } from './florin.ts';

const api = await openApi();
const { databaseUrl } = api.bank;
const url = `http://127.0.0.1:${api.port}`;
const home = mkdtempSync(join(tmpdir(), 'florin-server-'));
after(() => rmSync(home, { recursive: true, force: true }));
const FLORIN_CONFIG_DIR = join(home, 'config');
const NOWHERE = join(home, 'no-data');

const manager = await newUser(api.bank, { role: 'manager' });
const { accessToken } = await api.bank.logins.login({ email: manager.email, password: PASSWORD });
const payer = await api.newAccount({ balance: '500.00' });
const payee = await api.newAccount();

/** On the database, and at the server by a token. */
const here = florinAt(databaseUrl);
const there = florinWith({ FLORIN_SERVER: url, FLORIN_TOKEN: accessToken, FLORIN_DATA_DIR: NOWHERE });

const SAME: readonly (readonly string[])[] = [
  ['accounts', 'get', payer.id],
  ['accounts', 'get', payer.iban, '--json'],
  ['accounts', 'get', payer.number, '--json'],
  ['accounts', 'list', '--limit', '1'],
  ['accounts', 'list', '--all', '--json'],
  ['accounts', 'transactions', payer.number],
  ['balance', payer.id],
  ['customers', 'list', '--json'],
  ['products', 'list'],
  ['limits', 'list'],
  ['trial-balance'],
  ['business-date', 'get'],
  ['accounts', 'get', 'acc_01h455vb4pex5vsknk084sn02q'],
  ['accounts', 'get', '1999999999'],
  ['withdraw', payer.id, '500.01'],
  ['deposit', payer.id, '0.001'],
  ['accounts', 'unfreeze', payer.id, '--reason', 'x'],
];

for (const args of SAME) {
  test(`florin ${args.join(' ')} says the same on the database and at a server`, async () => {
    const [one, other] = [await here.run(...args), await there.run(...args)];
    assert.deepEqual(other, one);
    assert.notEqual(one.stdout + one.stderr, '');
  });
}

test('what is done at a server is done as the user', async () => {
  const { id } = await there.json('transfer', payer.number, payee.iban, '20', '--description', 'Lunch');
  const { actor } = await api.bank.db
    .selectFrom('journal_entries')
    .select('actor')
    .orderBy('entry_id', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  assert.match(actor, /^usr_/);
  assert.equal((await here.json('transactions', 'get', String(id))).amount, '20.00');
});

test('a change names the version that is there, or the one that is given', async () => {
  const change = ['accounts', 'update', payee.id, '--metadata', 'a=b'];
  assert.deepEqual((await there.json(...change)).metadata, { a: 'b' });
  assert.deepEqual((await here.json(...change)).metadata, { a: 'b' });
  assertRefused(await here.run(...change, '--if-match', '"0"'), 1, /\(version_conflict\)$/m);
});

test('a server that cannot be reached leaves the key with which to repeat', async () => {
  const nobody = florinWith({ FLORIN_SERVER: 'http://127.0.0.1:1', FLORIN_TOKEN: 'x' });
  const hold = ['holds', 'create', '--account-id', payer.id, '--amount', '1', '--currency', 'EUR'];
  assertRefused(
    await nobody.run(...hold),
    1,
    /^florin: no answer from .*; repeat it with --idempotency-key [0-9a-f-]{36} to settle it \(server_unreachable\)$/m,
  );
});

test('a token that is no token, and a server without one, are refused', async () => {
  const stranger = florinWith({ FLORIN_SERVER: url, FLORIN_TOKEN: 'operator' });
  assertRefused(await stranger.run('accounts', 'list'), 1, /\(unauthenticated\)$/m);
  const nobody = florinWith({ FLORIN_SERVER: url });
  assertRefused(await nobody.run('accounts', 'list'), 1, /there is no login at .* \(not_logged_in\)$/m);
  const lost = florinWith({ FLORIN_TOKEN: accessToken, FLORIN_DATA_DIR: NOWHERE });
  assertRefused(await lost.run('accounts', 'list'), 2, /give --server or FLORIN_SERVER too \(usage\)$/m);
});

test('a login is used where nothing else was said, and in case of doubt it is said', async () => {
  const login = ['login', '--server', url, '--email', manager.email, '--password-stdin'];
  const input = { input: PASSWORD };
  assert.equal((await runFlorin(login, { FLORIN_CONFIG_DIR }, input)).exitCode, 0);
  const get = ['accounts', 'get', payer.id, '--json'];
  const whereIs = async (env: Record<string, string>, ...more: string[]) => {
    const { stdout, stderr, exitCode } = await runFlorin([...get, ...more], { FLORIN_CONFIG_DIR, ...env });
    assert.equal(exitCode, 0, stderr);
    assert.equal(JSON.parse(stdout).id, payer.id);
    return stderr;
  };
  // Nothing but the login.
  assert.equal(await whereIs({ FLORIN_DATA_DIR: NOWHERE }), '');
  // A database by its variable: that counts more, and is said.
  const doubt = await whereIs({ DATABASE_URL: databaseUrl });
  assert.equal(doubt, 'florin: on the database of DATABASE_URL; --server asks a server\n');
  assert.equal(await whereIs({ DATABASE_URL: databaseUrl }, '--local'), '');
  assert.equal(await whereIs({ DATABASE_URL: databaseUrl }, '--server', url), '');
  assert.equal(await whereIs({ DATABASE_URL: databaseUrl, FLORIN_SERVER: url }), '');
  // An embedded database that is there: the login counts more, and is said.
  mkdirSync(join(home, 'data', 'postgres'), { recursive: true });
  const said = await whereIs({ FLORIN_DATA_DIR: join(home, 'data') });
  assert.match(said, /^florin: at http:\/\/127\.0\.0\.1:\d+ as \S+; --local works on the database in .*\n$/);
});

test('what is about the own login goes to the server of the login, whatever database there is', async () => {
  const env = { FLORIN_CONFIG_DIR, DATABASE_URL: databaseUrl };
  const me = await runFlorin(['auth', 'me', '--json'], env);
  assert.equal(JSON.parse(me.stdout).email, manager.email, me.stderr);
  const sessions = await runFlorin(['auth', 'sessions'], env);
  assert.match(sessions.stdout, /^Id /);
  assertRefused(await runFlorin(['auth', 'me'], { DATABASE_URL: databaseUrl }), 1, /\(not_logged_in\)$/m);
});
