import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADA, assertRefused, openAccount, openFlorin } from './florin.ts';

const florin = await openFlorin();
const customer = String((await florin.json('customers', 'create', ...ADA)).id);
const [from, to] = [await openAccount(florin, customer), await openAccount(florin, customer)];
await florin.json('deposit', String(from.id), '500');

const posted = async (): Promise<unknown> => {
  const { balance } = await florin.json('balance', String(from.id));
  return (balance as { posted: string }).posted;
};

test('--dry-run shows what a transfer would do, and moves nothing', async () => {
  const transfer = ['transfer', String(from.number), String(to.number), '40', '--description', 'Rent'];
  const { stdout, exitCode } = await florin.run(...transfer, '--dry-run');
  assert.equal(exitCode, 0);
  assert.match(stdout, /^A dry run: nothing was done\. This is what would happen\.\n\n/);
  assert.match(stdout, /^Balance after +460\.00$/im);
  assert.doesNotMatch(stdout, /Idempotency key/i);
  assert.match(stdout, /^debit +acc_\w+ +40\.00 +EUR +500\.00 +460\.00$/m);
  assert.match(stdout, /^credit +acc_\w+ +40\.00 +EUR +0\.00 +40\.00$/m);
  assert.match(stdout, /^acc_\w+ +EUR +500\.00 +460\.00 +500\.00 +460\.00$/m);
  assert.equal(await posted(), '500.00');
  const tried = await florin.json(...transfer, '--dry-run');
  assert.deepEqual([(tried.result as { amount: string }).amount, tried.entryCount], ['40.00', 1]);
  assert.equal(await posted(), '500.00');
  await florin.json(...transfer);
  assert.equal(await posted(), '460.00');
});

test('--dry-run is refused for the reasons the command is, and by commands that do not offer it', async () => {
  const much = ['transfer', String(from.number), String(to.number), '9000', '--dry-run'];
  assertRefused(await florin.run(...much), 1, /\(insufficient_funds\)$/m);
  const freeze = ['accounts', 'freeze', String(from.id), '--reason', 'lost', '--dry-run'];
  assertRefused(await florin.run(...freeze), 2, /unknown option '--dry-run'/);
});
