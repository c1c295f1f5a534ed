import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADA, openAccount, openFlorin } from './florin.ts';

const florin = await openFlorin();
const customer = await florin.json('customers', 'create', ...ADA);
const account = String((await openAccount(florin, customer.id)).number);

test('limits are set one by one, shown with what is left, and taken away', async () => {
  await florin.json('deposit', account, '500');
  await florin.json('accounts', 'set-limits', account, '--per-day', '100', '--per-transaction', '70');
  await florin.json('withdraw', account, '60');
  const refused = await florin.run('withdraw', account, '40.01');
  assert.match(
    refused.stderr,
    /^florin: The limit perDay is 100\.00 EUR; 40\.00 is left \(limit_exceeded\)$/m,
  );
  assert.equal(refused.exitCode, 1);
  const { stdout } = await florin.run('accounts', 'limits', account);
  assert.match(stdout, /^effective per transaction amount +70\.00$/m);
  assert.match(stdout, /^effective per day amount +100\.00$/m);
  assert.match(stdout, /^effective per day set for +account$/m);
  assert.match(stdout, /^effective per day left +40\.00$/m);
  const changed = await florin.json('accounts', 'set-limits', account, '--no-per-day');
  assert.equal(changed.perTransaction, '70.00');
  assert.equal(changed.perDay, null);
});

test('limits of the bank and of a product are set and listed', async () => {
  assert.equal((await florin.run('limits', 'list')).stdout, 'No default limits.\n');
  await florin.json('limits', 'set', '--currency', 'EUR', '--per-day', '1000');
  await florin.json('limits', 'set', '--currency', 'EUR', '--product', 'savings', '--per-transaction', '50');
  const set = await florin.json('limits', 'set', '--currency', 'EUR', '--per-transaction', '400');
  assert.deepEqual([set.perTransaction, set.perDay], ['400.00', '1000.00']);
  const { stdout } = await florin.run('limits', 'list');
  assert.match(stdout, /^EUR +400\.00 +1000\.00 +true$/m);
  assert.match(stdout, /^EUR +savings +50\.00 +true$/m);
  const unknown = await florin.run(
    'limits',
    'set',
    '--currency',
    'EUR',
    '--product',
    'gold',
    '--per-day',
    '1',
  );
  assert.match(unknown.stderr, /\(unknown_product\)$/m);
  assert.equal((await florin.run('accounts', 'set-limits', account, '--per-day', '-1')).exitCode, 2);
});
