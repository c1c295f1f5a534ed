import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, test } from 'node:test';
import { toTypeId } from '#lib/ids.ts';
import { assertRefused } from '#test/database/cli/florin.ts';
import { EUR, newKey, openTestBank, TEST_CALLER } from '#test/support/bank.ts';
import { runProcess, spawnFlorin } from '#test/support/florin-process.ts';

/** Nobody listens there: a command that asked the database would fail with 1. */
const NO_DATABASE = { DATABASE_URL: 'postgres://127.0.0.1:1/none' };

const bank = await openTestBank();
const env = { DATABASE_URL: bank.databaseUrl };

test('help and version need no database, and exit with 0', async () => {
  const [help, flag, version] = await Promise.all(
    [['transfer', '--help'], ['--version'], ['version', '--json']].map((args) =>
      runProcess(args, NO_DATABASE),
    ),
  );
  assert.match(help?.stdout ?? '', /^Usage: florin transfer/);
  assert.match(flag?.stdout ?? '', /^florin \d+\.\d+\.\d+\n$/);
  assert.match(JSON.parse(version?.stdout ?? '').version, /^\d+\.\d+\.\d+$/);
  assert.deepEqual([help?.exitCode, flag?.exitCode, version?.exitCode], [0, 0, 0]);
});

test('wrong usage is one line and exit 2, a refusal one line and exit 1', async () => {
  assertRefused(await runProcess(['nope'], NO_DATABASE), 2, /^florin: unknown command 'nope' \(usage\)$/m);
  const absent = ['accounts', 'get', 'acc_01h455vb4pex5vsknk084sn02q'];
  assertRefused(await runProcess(absent, env), 1, /^florin: .* \(not_found\)$/m);
});

test('five processes with one key post once', async () => {
  const account = toTypeId('account', await bank.newAccount());
  const pay = ['deposit', account, '5', '--idempotency-key', 'at-once', '--json'];
  const answers = await Promise.all(Array.from({ length: 5 }, () => runProcess(pay, env)));
  assert.equal(new Set(answers.map(({ stdout }) => JSON.parse(stdout).id)).size, 1);
  assert.equal(answers.filter(({ stderr }) => stderr === '').length, 1);
});

test('serve ends with 0 at SIGTERM', async () => {
  const variables = { ...env, PORT: '0', LOG_LEVEL: 'silent' };
  const child = spawnFlorin(['serve'], variables);
  const exited = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), exited]);
  child.kill('SIGTERM');
  assert.deepEqual(await exited, [0, null]);
});

test('a port in use is one line and exit 1', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  after(() => other.close());
  await once(other, 'listening');
  const address = other.address();
  assert.ok(address !== null && typeof address === 'object');
  const result = await runProcess(['serve'], { ...env, PORT: String(address.port) });
  assertRefused(result, 1, /^florin: port \d+ on 127\.0\.0\.1 is in use; set PORT .*\(address_unusable\)$/m);
});

test('a reader who leaves ends it quietly', async () => {
  const accountId = await bank.newAccount();
  const cash = { caller: TEST_CALLER, accountId, amountMinor: 100n, currency: EUR, mode: 'cash' } as const;
  await Promise.all(
    Array.from({ length: 2_500 }, () => bank.transactions.deposit({ ...cash, idempotencyKey: newKey() })),
  );
  const account = toTypeId('account', accountId);
  for (const format of ['table', 'csv', 'json']) {
    const child = spawnFlorin(['statement', account, '--format', format], env);
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += String(text);
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const [exitCode] = await once(child, 'close');
    assert.equal(stderr, '');
    assert.equal(exitCode, 0);
  }
});
