import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADA, assertRefused, openAccount, openFlorin, words } from './florin.ts';

const florin = await openFlorin();
const customer = String((await florin.json('customers', 'create', ...ADA)).id);
const payer = String((await openAccount(florin, customer)).id);
const payee = await openAccount(florin, customer, '--product', 'savings');
await florin.json('deposit', payer, '500');

test('beneficiaries are added, listed, paid and deleted', async () => {
  const empty = await florin.run('beneficiaries', 'list', customer);
  assert.equal(empty.stdout, 'No beneficiaries.\n');
  const create = [
    'beneficiaries',
    'create',
    customer,
    '--name',
    'Savings',
    '--account-id',
    String(payee.number),
  ];
  const added = await florin.json(...create, ...words('--limit-per-day 50 --currency EUR --nickname Later'));
  assert.equal(added.iban, payee.iban);
  assert.equal(added.limitPerDay, '50.00');
  await florin.json(
    'beneficiaries',
    'create',
    customer,
    '--name',
    'Grace',
    '--iban',
    'GB29 NWBK 6016 1331 9268 19',
  );
  const { stdout } = await florin.run('beneficiaries', 'list', customer);
  assert.match(
    stdout,
    /^Id +Name +Nickname +IBAN +Status +Limit per day +Currency\nben_\w+ +Grace +GB29NWBK60161331926819 +cooling_off\nben_\w+ +Savings +Later +DE\d+ +cooling_off +50.00 +EUR\n$/,
  );
  const paid = await florin.json('transfer', payer, String(added.id), '50');
  assert.equal(paid.counterpartyAccountId, payee.id);
  const again = await florin.run('transfer', payer, String(added.id), '0.01');
  assertRefused(again, 1, /limitPerDay is 50.00 EUR; 0.00 is left \(limit_exceeded\)$/m);
  assertRefused(await florin.run(...create), 1, /\(beneficiary_exists\)$/m);
  const deleted = await florin.run('beneficiaries', 'delete', customer, String(added.id));
  assert.equal(deleted.stdout, `Deleted ${String(added.id)}.\n`);
  assertRefused(await florin.run('transfer', payer, String(added.id), '1'), 1, /\(not_found\)$/m);
});
