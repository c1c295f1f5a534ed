import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADA, openAccount, openFlorin, words } from './florin.ts';

const florin = await openFlorin();
const customer = await florin.json('customers', 'create', ...ADA);
const account = String((await openAccount(florin, customer.id)).number);
const shop = String((await openAccount(florin, customer.id)).iban);

const place = (amount: string) => [
  ...words(`holds create --account-id ${account}`),
  ...words(`--amount ${amount} --currency EUR`),
];

test('money is set aside, taken in part and let go of', async () => {
  await florin.json('deposit', account, '100');
  const hold = await florin.json(
    'holds',
    'create',
    '--account-id',
    account,
    '--amount',
    '60',
    '--currency',
    'EUR',
    '--reference',
    'order 17',
  );
  assert.equal(hold.status, 'active');
  assert.deepEqual((await florin.json('accounts', 'get', account)).balance, {
    posted: '100.00',
    held: '60.00',
    available: '40.00',
  });
  const id = String(hold.id);
  const key = ['--idempotency-key', 'once'];
  const captured = await florin.json(
    'holds',
    'capture',
    id,
    '--amount',
    '25',
    '--to-account-id',
    shop,
    ...key,
  );
  assert.equal(captured.remainingAmount, '35.00');
  assert.equal(
    (await florin.json('holds', 'capture', id, '--amount', '25', '--to-account-id', shop, ...key))
      .transactionId,
    captured.transactionId,
  );
  const transaction = await florin.json('transactions', 'get', String(captured.transactionId));
  assert.equal(transaction.amount, '25.00');
  const { stdout } = await florin.run('holds', 'list', '--account-id', account);
  assert.match(stdout, /^Id +Account +Status +Amount +Captured +Held +Currency +Expires +Reference$/m);
  assert.match(stdout, /active +60\.00 +25\.00 +35\.00 +EUR +order 17$/m);
  assert.equal((await florin.json('holds', 'release', id)).status, 'released');
  assert.equal((await florin.json('holds', 'get', id)).status, 'released');
  assert.deepEqual((await florin.json('holds', 'list', '--status', 'active')).data, []);
});

test('what cannot be is said in one line', async () => {
  const hold = await florin.json(...place('10'));
  const captured = await florin.run(
    'holds',
    'capture',
    String(hold.id),
    '--amount',
    '5',
    '--final',
    '--json',
  );
  assert.equal(captured.exitCode, 0);
  const again = await florin.run('holds', 'capture', String(hold.id));
  assert.match(again.stderr, /^florin: .+ \(hold_not_active\)$/m);
  assert.equal(again.exitCode, 1);
  const past = await florin.run(...place('1'), '--expires-at', '2020-01-01T00:00:00Z');
  assert.match(past.stderr, /expiresAt.+\(validation_failed\)$/m);
  const never = await florin.run(...place('1'), '--expires-at', 'never');
  assert.equal(never.exitCode, 2);
});

test('what left the bank is settled with the acquirer, and written to a file', async () => {
  const hold = await florin.json(...place('12.5'));
  await florin.json('holds', 'capture', String(hold.id));
  const { stdout } = await florin.run('unsettled-captures', 'list', '--currency', 'EUR');
  assert.match(stdout, /capture +12\.50 +EUR/);
  const settlement = await florin.json('capture-settlements', 'create', '--currency', 'EUR');
  assert.deepEqual([settlement.amount, settlement.itemCount], ['17.50', 2], 'and what was captured before');
  const id = String(settlement.id);
  const file = await florin.run('capture-settlements', 'get', id, '--format', 'csv');
  assert.match(file.stdout, /^txn_\w+,capture,12\.50,EUR,/m);
  const again = await florin.run('capture-settlements', 'create', '--currency', 'EUR');
  assert.equal(again.exitCode, 1);
  assert.match(again.stderr, /\(nothing_to_settle\)$/m);
});
