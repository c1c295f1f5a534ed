import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADA, openFlorin } from './florin.ts';

const florin = await openFlorin();
const customer = await florin.json('customer', 'create', ...ADA);
const account = String((await florin.json('account', 'open', String(customer.id))).number);
const shop = String((await florin.json('account', 'open', String(customer.id))).iban);

test('money is set aside, taken in part and let go of', async () => {
  await florin.json('deposit', account, '100');
  const hold = await florin.json('hold', 'place', account, '60', '--reference', 'order 17');
  assert.equal(hold.status, 'active');
  assert.deepEqual((await florin.json('account', 'show', account)).balance, {
    posted: '100.00',
    held: '60.00',
    available: '40.00',
  });
  const id = String(hold.id);
  const key = ['--idempotency-key', 'once'];
  const captured = await florin.json('hold', 'capture', id, '25', '--to', shop, ...key);
  assert.equal(captured.remainingAmount, '35.00');
  assert.equal((await florin.json('hold', 'capture', id, '25', '--to', shop, ...key)).replayed, true);
  const transaction = await florin.json('transaction', 'show', String(captured.transactionId));
  assert.equal(transaction.amount, '25.00');
  const { stdout } = await florin.run('hold', 'list', '--account', account);
  assert.match(stdout, /^Id +Account +Status +Amount +Captured +Held +Currency +Expires +Reference$/m);
  assert.match(stdout, /active +60\.00 +25\.00 +35\.00 +EUR +order 17$/m);
  assert.equal((await florin.json('hold', 'release', id)).status, 'released');
  assert.equal((await florin.json('hold', 'show', id)).status, 'released');
  assert.deepEqual((await florin.json('hold', 'list', '--status', 'active')).data, []);
});

test('what cannot be is said in one line', async () => {
  const hold = await florin.json('hold', 'place', account, '10');
  const captured = await florin.run('hold', 'capture', String(hold.id), '5', '--final', '--json');
  assert.equal(captured.exitCode, 0);
  const again = await florin.run('hold', 'capture', String(hold.id));
  assert.match(again.stderr, /^florin: .+ \(hold_not_active\)$/m);
  assert.equal(again.exitCode, 1);
  const past = await florin.run('hold', 'place', account, '1', '--expires-at', '2020-01-01T00:00:00Z');
  assert.match(past.stderr, /expiresAt.+\(validation_failed\)$/m);
  const never = await florin.run('hold', 'place', account, '1', '--expires-at', 'never');
  assert.equal(never.exitCode, 2);
});
