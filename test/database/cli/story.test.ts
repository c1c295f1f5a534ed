import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDays, isoDate } from '#lib/time/dates.ts';
import { ADA, openAccount, openFlorin } from './florin.ts';

const florin = await openFlorin();
let customer: Record<string, unknown>;
let current: Record<string, unknown>;
let savings: Record<string, unknown>;

test('an empty bank answers with friendly lines', async () => {
  const { stdout, exitCode } = await florin.run('customers', 'list');
  assert.equal(stdout, 'No customers.\n');
  assert.equal(exitCode, 0);
  assert.deepEqual(await florin.json('accounts', 'list'), { data: [], nextCursor: null });
});

test('a customer is taken on, shown and found', async () => {
  customer = await florin.json(
    'customers',
    'create',
    ...ADA,
    '--external-id',
    'ada-1',
    '--metadata',
    'a=b=c',
  );
  assert.match(String(customer.id), /^cus_[0-9a-hjkmnp-tv-z]{26}$/);
  assert.equal(customer.status, 'active');
  assert.deepEqual(customer.metadata, { a: 'b=c' });
  assert.deepEqual(await florin.json('customers', 'get', String(customer.id)), customer);
  const { data } = await florin.json('customers', 'list', '--q', 'lovel');
  assert.deepEqual(data, [customer]);
});

test('an organisation has a legal name and a registration number', async () => {
  const contact = ADA.slice(ADA.indexOf('--email'));
  const identity = ['--type', 'organisation', '--legal-name', 'Acme GmbH', '--registration-number', 'HRB 1'];
  const organisation = await florin.json('customers', 'create', ...identity, ...contact);
  assert.equal(organisation.type, 'organisation');
});

test('accounts are opened and named by id, IBAN or number', async () => {
  current = await openAccount(florin, customer.id, '--overdraft-limit', '100');
  savings = await openAccount(florin, customer.id, '--product', 'savings');
  assert.deepEqual(current.balance, { posted: '0.00', held: '0.00', available: '100.00' });
  const spaced = String(current.iban).replaceAll(/.{4}/g, '$& ');
  for (const name of [current.id, current.iban, spaced, current.number]) {
    assert.deepEqual(await florin.json('accounts', 'get', String(name)), current, String(name));
  }
});

test('money comes in, moves and goes out', async () => {
  const deposit = await florin.json('deposit', String(current.id), '1250.00', '--reference', 'RF1');
  assert.equal(deposit.type, 'deposit');
  assert.equal(deposit.mode, 'cash');
  assert.equal(deposit.balanceAfter, '1250.00');
  const transfer = await florin.json('transfer', String(current.number), String(savings.iban), '200');
  assert.equal(transfer.amount, '200.00');
  assert.equal(transfer.counterpartyAccountId, savings.id);
  const withdrawal = await florin.json('withdraw', String(current.iban), '50.50', '--mode', 'atm');
  assert.equal(withdrawal.mode, 'atm');
  assert.equal(withdrawal.balanceAfter, '999.50');
});

test('a made idempotency key is shown to whoever may have to repeat', async () => {
  const { stdout } = await florin.run('deposit', String(savings.id), '1');
  assert.match(stdout, /^idempotency key +[0-9a-f-]{36}$/m);
});

test('a transaction is reversed once', async () => {
  const [{ id }] = (await florin.json('transactions', 'list', '--limit', '1')).data as [{ id: string }];
  const reversal = await florin.json('transactions', 'reverse', id, '--reason', 'typing error');
  assert.equal(reversal.reverses, id);
  const again = await florin.run('transactions', 'reverse', id, '--reason', 'typing error');
  assert.match(again.stderr, /\(already_reversed\)$/m);
  assert.equal(again.exitCode, 1);
  assert.equal((await florin.json('transactions', 'get', id)).status, 'reversed');
});

test('lists go on where the page before ended', async () => {
  const first = await florin.json('transactions', 'list', '--account-id', String(current.id), '--limit', '2');
  const cursor = String(first.nextCursor);
  const rest = await florin.json(
    'transactions',
    'list',
    '--account-id',
    String(current.id),
    '--cursor',
    cursor,
  );
  const types = [first, rest].map(({ data }) => (data as { type: string }[]).map(({ type }) => type));
  assert.deepEqual(types, [['withdrawal', 'transfer'], ['deposit']]);
  assert.equal(rest.nextCursor, null);
  const { stdout } = await florin.run('transactions', 'list', '--limit', '2');
  assert.match(stdout, /^There are more: --cursor [\w-]+, or --all$/m);
});

test('an account is frozen, unfrozen and, once empty, closed', async () => {
  const id = String(savings.id);
  assert.equal((await florin.json('accounts', 'freeze', id, '--reason', 'lost card')).status, 'frozen');
  assert.equal((await florin.json('accounts', 'unfreeze', id, '--reason', 'found')).status, 'active');
  await florin.json('transfer', id, String(current.id), '200');
  assert.equal((await florin.json('accounts', 'close', id, '--reason', 'moved')).status, 'closed');
});

test('tables line amounts up and carry no colour into a pipe', async () => {
  const { stdout } = await florin.run('accounts', 'list', '--customer-id', String(customer.id));
  const [titles = '', ...rows] = stdout.trimEnd().split('\n');
  assert.match(titles, /^Id +IBAN +Product +Status +Balance +Available +Currency +External id$/);
  const end = titles.indexOf('Balance') + 'Balance'.length;
  assert.deepEqual(
    rows.map((row) => row.slice(0, end).split(' ').at(-1)),
    ['0.00', '1199.50'],
  );
  assert.ok(!stdout.includes('\u001b'));
});

test('the trial balance agrees on both sides', async () => {
  const { totals, lines } = await florin.json('trial-balance');
  assert.deepEqual(totals, [{ currency: 'EUR', debit: '1199.50', credit: '1199.50' }]);
  assert.equal((lines as { code: string }[]).length, 3);
  const table = await florin.run('trial-balance');
  assert.match(table.stdout, /^Code .* Debit +Credit\n/m);
  const { stdout } = await florin.run('trial-balance', '--as-of', '2001-01-01');
  assert.equal(stdout, 'as of  2001-01-01\n');
});

test('verify finds every law kept', async () => {
  const { stdout, stderr, exitCode } = await florin.run('verify');
  assert.equal(stderr, '');
  assert.match(stdout, /^(ok {6}[^\n]+\n){11,}$/);
  assert.equal(exitCode, 0);
  assert.equal((await florin.json('verify')).ok, true);
});

test('the business date moves on, and never back', async () => {
  const businessDate = isoDate(String((await florin.json('business-date', 'get')).businessDate));
  const [before, ahead] = [addDays(businessDate, 3_659), addDays(businessDate, 3_660)];
  assert.equal((await florin.json('business-date', 'set', ahead, '--confirm')).businessDate, ahead);
  const back = await florin.run('business-date', 'set', before);
  assert.match(back.stderr, /^florin: The business date is \S+ .*\(business_date_closed\)$/m);
  assert.equal(back.exitCode, 1);
  assert.equal((await florin.json('business-date', 'get')).businessDate, ahead);
});
