import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toTypeId } from '#lib/ids.ts';
import { openTestBank, TEST_CALLER } from '#test/support/bank.ts';
import { ADA, assertRefused, florinAt, words } from './florin.ts';

const bank = await openTestBank();
const florin = florinAt(bank.databaseUrl);
const payerId = await bank.newAccount({ balanceMinor: 10_000n });
const payeeId = await bank.newAccount();
const payer = toTypeId('account', payerId);
const payee = toTypeId('account', payeeId);

test('insufficient funds leave nothing behind', async () => {
  const refused = await florin.run('transfer', payer, payee, '100.01');
  assertRefused(refused, 1, /^florin: The available balance is too low \(insufficient_funds\)$/m);
  assertRefused(await florin.run('withdraw', payer, '100.01', '--json'), 1, /\(insufficient_funds\)$/m);
  assert.equal(await bank.balanceOf(payerId), 10_000n);
  assert.equal(await bank.balanceOf(payeeId), 0n);
  assert.equal((await bank.transactions.list(TEST_CALLER, { limit: 10 })).length, 1);
});

test('the same key does it once, and another request under it is refused', async () => {
  const pay = ['transfer', payer, payee, '10', '--idempotency-key', 'rent-2026-01'];
  const first = await florin.json(...pay);
  const second = await florin.json(...pay);
  assert.deepEqual(second, first);
  const said = await florin.run(...pay, '--json');
  assert.equal(said.stderr, 'This was done before under the same key; nothing was done now.\n');
  assert.equal(await bank.balanceOf(payeeId), 1_000n);
  const repeated = await florin.run(...pay);
  assert.match(repeated.stdout, /^This was done before under the same key; nothing was done now\.$/m);
  const other = ['transfer', payer, payee, '11', '--idempotency-key', 'rent-2026-01'];
  assertRefused(await florin.run(...other), 1, /\(idempotency_key_reused\)$/m);
  assert.equal(await bank.balanceOf(payeeId), 1_000n);
});

test('a refused request does not use its key up', async () => {
  const pay = ['--idempotency-key', 'too-much'];
  assertRefused(await florin.run('withdraw', payee, '10.01', ...pay), 1, /\(insufficient_funds\)$/m);
  const { stderr, exitCode } = await florin.run('withdraw', payee, '10', ...pay);
  assert.deepEqual([stderr, exitCode], ['', 0]);
});

test('five commands at once with one key post once', async () => {
  const pay = ['deposit', payee, '5', '--idempotency-key', 'at-once'];
  const answers = await Promise.all(Array.from({ length: 5 }, () => florin.run(...pay, '--json')));
  assert.equal(new Set(answers.map(({ stdout }) => JSON.parse(stdout).id)).size, 1);
  assert.equal(answers.filter(({ stderr }) => stderr === '').length, 1);
});

const ABSENT = 'acc_01h455vb4pex5vsknk084sn02q';
const REFUSED: readonly [says: RegExp, args: readonly string[]][] = [
  [/There is no account acc_.* \(not_found\)$/, ['deposit', ABSENT, '1']],
  [/There is no account 1999999999 \(not_found\)$/, ['statement', '1999999999']],
  [/\(not_found\)$/, ['accounts', 'get', '99999999999999999999']],
  [/\(not_found\)$/, ['transfer', payer, ABSENT, '1']],
  [/\(unknown_payee\)$/, ['transfer', payer, 'DE28100100109999999999', '1']],
  [/\(same_account\)$/, ['transfer', payer, payer, '1']],
  [/\(currency_mismatch\)$/, ['deposit', payer, '1', '--currency', 'USD']],
  [/\(validation_failed\)$/, ['deposit', payer, '1', '--description', ' ']],
  [/\(validation_failed\)$/, ['deposit', payer, '1', '--value-date', '1999-01-01']],
  [/\(account_not_empty\)$/, ['accounts', 'close', payer, '--reason', 'x']],
  [/\(account_not_frozen\)$/, ['accounts', 'unfreeze', payer, '--reason', 'x']],
  [
    /\(not_found\)$/,
    [
      ...words('accounts create --customer-id cus_01h455vb4pex5vsknk084sn02q'),
      ...words('--product current --currency EUR'),
    ],
  ],
  [/\(not_found\)$/, ['transactions', 'reverse', 'txn_01h455vb4pex5vsknk084sn02q', '--reason', 'x']],
  [
    /dateOfBirth: .* 18 .*\(validation_failed\)$/,
    ['customers', 'create', ...ADA, '--date-of-birth', '2020-01-01'],
  ],
  [/email .*\(validation_failed\)$/, ['customers', 'create', ...ADA, '--email', 'nobody']],
  [/country .*\(validation_failed\)$/, ['customers', 'create', ...ADA, '--address.country', 'XX']],
  [/Name: .*\(validation_failed\)$/, ['customers', 'create', '--type', 'person', ...ADA.slice(6)]],
  [/legalName .*\(validation_failed\)$/, ['customers', 'create', ...ADA, '--type', 'organisation']],
  [/\(validation_failed\)$/, ['customers', 'list', '--cursor', 'x']],
];

for (const [says, args] of REFUSED) {
  test(`florin ${args.join(' ')} is refused`, async () => {
    const { stderr, exitCode } = await florin.run(...args);
    assert.match(stderr.trimEnd(), says);
    assert.equal(exitCode, 1);
  });
}

test('an amount with more decimals than the account’s currency is wrong usage', async () => {
  assertRefused(await florin.run('deposit', payer, '0.001'), 2, /EUR has 2 decimals \(invalid_amount\)$/m);
});

test('every field that is wrong is named', async () => {
  const empty = ['--reason', ''];
  assertRefused(
    await florin.run('transactions', 'reverse', 'txn_01h455vb4pex5vsknk084sn02q', ...empty),
    1,
    /reason .*\(validation_failed\)$/m,
  );
  const two = await florin.run('deposit', payer, '1', '--description', '', '--reference', '');
  assertRefused(two, 1, /description .*; reference .*\(validation_failed\)$|reference .*; description .*$/m);
});

test('nothing that was refused left a trace', async () => {
  assert.equal(await bank.balanceOf(payerId), 9_000n);
  assert.equal((await florin.json('verify')).ok, true);
});
