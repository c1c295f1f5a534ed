import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADA, assertRefused, openAccount, openFlorin, words } from './florin.ts';

const florin = await openFlorin();
const customer = String((await florin.json('customers', 'create', ...ADA)).id);
const account = await openAccount(florin, customer);
await florin.json('deposit', String(account.id), '500');

test('a payment to another bank is listed, settled or returned, once', async () => {
  const toIban = 'GB29 NWBK 6016 1331 9268 19';
  const transfer = ['transfer', String(account.number), toIban, '40', '--to-name', 'Grace'];
  const sent = await florin.json(...transfer);
  assert.equal(sent.type, 'outgoing_payment');
  const other = await florin.json(...transfer);
  const { stdout } = await florin.run('outgoing-payments', 'list', '--status', 'pending_settlement');
  assert.match(
    stdout,
    /^Id +Date +Status +Amount +Currency +To +Name +Reason\n(txn_\w+ +\S+ +pending_settlement +40.00 +EUR +GB29NWBK60161331926819 +Grace\n){2}$/,
  );
  assert.equal((await florin.json('outgoing-payments', 'settle', String(sent.id))).status, 'settled');
  const returned = await florin.json('outgoing-payments', 'return', String(other.id), '--reason', 'AC04');
  assert.deepEqual([returned.status, returned.reason], ['returned', 'AC04']);
  const again = await florin.run('outgoing-payments', 'settle', String(other.id));
  assertRefused(again, 1, /\(payment_not_pending\)$/m);
});

test('a payment from another bank is booked, and resolved where nobody could be credited', async () => {
  const nobodys = [
    ...words('incoming-payments create --iban DE28100100109999999999'),
    ...words('--amount 7.50 --currency EUR --external-reference X-1'),
  ];
  const { id, status } = await florin.json(...nobodys, '--debtor-name', 'Grace');
  assert.equal(status, 'unresolved');
  const { stdout } = await florin.run('incoming-payments', 'list', '--status', 'unresolved');
  assert.match(
    stdout,
    /\ninp_\w+ +\S+ +unresolved +unknown_iban +7.50 +EUR +DE28100100109999999999 +Grace +X-1\n$/,
  );
  const resolve = ['incoming-payments', 'resolve', String(id), '--account-id', String(account.iban)];
  const resolved = await florin.json(...resolve);
  assert.deepEqual([resolved.status, resolved.accountId], ['resolved', account.id]);
  assertRefused(await florin.run(...resolve), 1, /\(payment_not_unresolved\)$/m);
  const sentBack = await florin.json('incoming-payments', 'return', String(id), '--reason', 'AC01');
  assert.deepEqual([sentBack.status, sentBack.reason], ['returned', 'AC01']);
  const verify = await florin.run('verify');
  assert.equal(verify.exitCode, 0, verify.stderr);
});
