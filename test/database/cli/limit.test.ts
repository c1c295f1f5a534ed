import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADA, openFlorin } from './florin.ts';

const florin = await openFlorin();
const customer = await florin.json('customer', 'create', ...ADA);
const account = String((await florin.json('account', 'open', String(customer.id))).number);

test('limits are set one by one, shown with what is left, and taken away', async () => {
  await florin.json('deposit', account, '500');
  await florin.json('limit', 'set', account, '--per-day', '100', '--per-transaction', '70');
  await florin.json('withdraw', account, '60');
  const refused = await florin.run('withdraw', account, '40.01');
  assert.match(
    refused.stderr,
    /^florin: The limit perDay is 100\.00 EUR; 40\.00 is left \(limit_exceeded\)$/m,
  );
  assert.equal(refused.exitCode, 1);
  const { stdout } = await florin.run('limit', 'show', account);
  assert.match(stdout, /^Limit +Of its own +Counts +Set for +Left$/m);
  assert.match(stdout, /^at once +70\.00 +70\.00 +account +70\.00$/m);
  assert.match(stdout, /^a day +100\.00 +100\.00 +account +40\.00$/m);
  const changed = await florin.json('limit', 'set', account, '--per-day', 'none');
  assert.equal(changed.perTransaction, '70.00');
  assert.equal(changed.perDay, null);
});

test('limits of the bank and of a product are set and listed', async () => {
  assert.equal((await florin.run('limit', 'defaults')).stdout, 'No limits.\n');
  await florin.json('limit', 'set-default', 'EUR', '--per-day', '1000');
  await florin.json('limit', 'set-default', 'EUR', '--product', 'savings', '--per-transaction', '50');
  const set = await florin.json('limit', 'set-default', 'EUR', '--per-transaction', '400');
  assert.deepEqual([set.perTransaction, set.perDay], ['400.00', '1000.00']);
  const { stdout } = await florin.run('limit', 'defaults');
  assert.match(stdout, /^EUR +all +400\.00 +1000\.00$/m);
  assert.match(stdout, /^EUR +savings +50\.00$/m);
  const unknown = await florin.run('limit', 'set-default', 'EUR', '--product', 'gold', '--per-day', '1');
  assert.match(unknown.stderr, /\(unknown_product\)$/m);
  assert.equal((await florin.run('limit', 'set', account, '--per-day', '-1')).exitCode, 2);
});
