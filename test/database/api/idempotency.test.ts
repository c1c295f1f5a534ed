import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TransactionView } from '#features/transactions/schemas.ts';
import { badFields, cash, created, move, openApi, refused } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';

const api = await openApi();

const account = await api.newAccount({ balance: '1000.00' });
const other = await api.newAccount({ balance: '1000.00' });
const original = await api.deposit(account, '7.00');

/** Every call that moves money. */
const CALLS: [path: string, body: Record<string, unknown>][] = [
  ['/v1/deposits', cash(account, '1.00')],
  ['/v1/withdrawals', cash(account, '1.00')],
  ['/v1/transfers', move(account, other, '1.00')],
  [`/v1/transactions/${original.id}/reverse`, { reason: 'mistake' }],
];

for (const [path, body] of CALLS) {
  const name = path.replace(original.id, '{id}');

  test(`${name} needs an Idempotency-Key`, async () => {
    refused(await api.leavesNothing(() => api.post(path, body)), 400, 'idempotency_key_required');
    const empty = () => api.post(path, body, { 'idempotency-key': '' });
    refused(await api.leavesNothing(empty), 400, 'idempotency_key_required');
  });

  test(`${name} refuses a key of other than 1 to 255 visible ASCII characters`, async () => {
    for (const key of ['x'.repeat(256), 'a b', 'ké', 'a, b', 'tab\tbed']) {
      const call = () => api.post(path, body, { 'idempotency-key': key });
      assert.deepEqual(badFields(await api.leavesNothing(call)), ['Idempotency-Key'], key);
    }
  });

  test(`${name} answers a repeated request with the very first answer`, async () => {
    const key = newKey();
    const first = await api.pay(path, body, key);
    assert.equal(first.status, 201);
    assert.equal(first.headers.get('idempotent-replayed'), null);
    for (let round = 0; round < 2; round++) {
      const again = await api.leavesNothing(() => api.pay(path, body, key));
      assert.equal(again.status, 201);
      assert.equal(again.headers.get('idempotent-replayed'), 'true');
      assert.equal(again.text, first.text);
      assert.equal(again.headers.get('location'), first.headers.get('location'));
    }
  });
}

test('keys of 1 and of 255 characters, of all that is visible, are fine', async () => {
  const visible = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).join('');
  for (const key of ['k', visible, 'x'.repeat(255)]) {
    assert.equal((await api.pay('/v1/deposits', cash(account, '1.00'), key)).status, 201);
  }
});

const OTHERS: [name: string, path: string, body: Record<string, unknown>][] = [
  ['amount', '/v1/deposits', cash(account, '1.01')],
  ['account', '/v1/deposits', cash(other, '1.00')],
  ['mode', '/v1/deposits', cash(account, '1.00', { mode: 'card' })],
  ['reference', '/v1/deposits', cash(account, '1.00', { reference: 'R' })],
  ['description', '/v1/deposits', cash(account, '1.00', { description: 'D' })],
  ['value date', '/v1/deposits', cash(account, '1.00', { valueDate: '2026-01-14' })],
  ['call', '/v1/withdrawals', cash(account, '1.00')],
  ['call', '/v1/transfers', move(account, other, '1.00')],
];
for (const [name, path, body] of OTHERS) {
  test(`a key that was used is refused for another ${name} (${path})`, async () => {
    const key = newKey();
    await api.pay('/v1/deposits', cash(account, '1.00'), key);
    refused(await api.leavesNothing(() => api.pay(path, body, key)), 422, 'idempotency_key_reused');
  });
}

test('a transfer with the key of one to another payee, or from another payer, is refused', async () => {
  const third = await api.newAccount({ balance: '5.00' });
  const key = newKey();
  await api.pay('/v1/transfers', move(account, other, '1.00'), key);
  for (const body of [
    move(account, third, '1.00'),
    move(third, other, '1.00'),
    move(other, account, '1.00'),
  ]) {
    const again = () => api.pay('/v1/transfers', body, key);
    refused(await api.leavesNothing(again), 422, 'idempotency_key_reused');
  }
});

test('the same request may be written differently: order, spaces, decimals, Unicode form', async () => {
  const key = newKey();
  const first = await api.pay('/v1/deposits', cash(account, '1.50', { reference: 'JOS\u00c9' }), key);
  const written = `{ "mode": "cash", "reference": " JOSE\u0301 ", "currency": "\\u0045UR",
    "amount": "1.5", "accountId": "${account.id}" }`;
  const again = await api.raw('POST', '/v1/deposits', written, { 'idempotency-key': key });
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  assert.equal(again.text, first.text);
});

test('a refusal does not use the key up', async () => {
  const poor = await api.newAccount();
  const key = newKey();
  const withdraw = () => api.pay('/v1/withdrawals', cash(poor, '5.00'), key);
  refused(await api.leavesNothing(withdraw), 422, 'insufficient_funds');
  assert.deepEqual(badFields(await api.pay('/v1/deposits', cash(poor, '-1'), key), 'invalid_amount'), [
    'amount',
  ]);
  await api.deposit(poor, '5.00');
  const answer = await withdraw();
  assert.equal(answer.status, 201);
  assert.equal(answer.headers.get('idempotent-replayed'), null);
});

test('the first answer comes again whatever became of account and transaction since', async () => {
  const changing = await api.newAccount();
  const key = newKey();
  const pay = () => api.pay('/v1/deposits', cash(changing, '5.00'), key);
  const first = await pay();
  await api.pay(`/v1/transactions/${first.body.id}/reverse`, { reason: 'mistake' });
  await api.post(`/v1/accounts/${changing.id}/freeze`, { reason: 'x' });
  assert.equal((await pay()).text, first.text);
  await api.post(`/v1/accounts/${changing.id}/unfreeze`, { reason: 'x' });
  await api.post(`/v1/accounts/${changing.id}/close`, { reason: 'x' });
  const last = await api.leavesNothing(pay);
  assert.equal(last.text, first.text);
  assert.equal(last.headers.get('idempotent-replayed'), 'true');
});

test('fifty at once with one key move the money once', async () => {
  const rich = await api.newAccount({ balance: '1000.00' });
  const key = newKey();
  const body = cash(rich, '10.00');
  const answers = await Promise.all(Array.from({ length: 50 }, () => api.pay('/v1/withdrawals', body, key)));
  const first = answers.filter((one) => one.status === 201 && !one.headers.has('idempotent-replayed'));
  assert.equal(first.length, 1);
  const made = created<TransactionView>(first[0]!);
  for (const answer of answers) {
    if (answer.status === 201) {
      assert.equal(answer.text, first[0]!.text);
    } else {
      refused(answer, 409, 'idempotency_in_progress');
      assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
    }
  }
  assert.equal(await api.postedBalance(rich), '990.00');
  const again = created(await api.pay('/v1/withdrawals', body, key));
  assert.equal(again.id, made.id);
  await api.assertVerified();
});

test('fifty at once with keys of their own each move money, down to the last cent', async () => {
  const rich = await api.newAccount({ balance: '30.00' });
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => api.pay('/v1/withdrawals', cash(rich, '1.00'))),
  );
  assert.equal(answers.filter(({ status }) => status === 201).length, 30);
  for (const answer of answers) if (answer.status !== 201) refused(answer, 422, 'insufficient_funds');
  const balances = answers.flatMap(({ status, body }) => (status === 201 ? [Number(body.balanceAfter)] : []));
  assert.deepEqual(
    balances.toSorted((a, b) => a - b),
    Array.from({ length: 30 }, (_, index) => index),
  );
});
