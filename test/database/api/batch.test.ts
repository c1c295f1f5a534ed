import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import { type Answer, badFields, openApi, refused } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';

type Result = { status: 'posted' | 'refused'; transactionId?: string; code?: string };
type Batch = { id: string; results: Result[] };

const api = await openApi();

const batch = (mode: string, items: readonly object[], key = newKey()): Promise<Answer<Batch>> =>
  api.pay<Batch>('/v1/transactions/batch', { mode, items }, key);

const transfer = (from: AccountView, to: AccountView, amount: string, fields = {}) => ({
  type: 'transfer',
  fromAccountId: from.id,
  toAccountId: to.id,
  amount,
  currency: 'EUR',
  ...fields,
});
const deposit = (account: { id: string }, amount: string, fields = {}) => ({
  type: 'deposit',
  accountId: account.id,
  amount,
  currency: 'EUR',
  mode: 'cash',
  ...fields,
});

test('an independent batch answers each item in order, as if each had come alone', async () => {
  const from = await api.newAccount({ balance: '10.00' });
  const to = await api.newAccount();
  const { status, body } = await batch('independent', [
    transfer(from, to, '6.00', { description: 'first', reference: 'A "quoted" \\ one' }),
    transfer(from, to, '6.00'),
    deposit({ id: 'acc_nobody' }, '1.00'),
    deposit(from, '2.00', { type: 'deposit', valueDate: '2026-01-10' }),
    transfer(from, to, '6.00'),
    { ...transfer(from, to, '1.00'), toAccountId: undefined, toIban: 'DE28100100109999999999' },
    transfer(from, from, '1.00'),
    { ...deposit(from, '1.00'), currency: 'SEK' },
  ]);
  assert.equal(status, 200);
  assert.match(body.id, /^bat_/);
  assert.deepEqual(
    body.results.map(({ status: result, code }) => code ?? result),
    'posted insufficient_funds not_found posted posted unknown_payee same_account currency_mismatch'.split(
      ' ',
    ),
  );
  assert.equal(await api.postedBalance(from), '0.00');
  assert.equal(await api.postedBalance(to), '12.00');
  const first = await api.get<{ description: string; reference: string; balanceAfter: string }>(
    `/v1/transactions/${body.results[0]?.transactionId}`,
  );
  assert.equal(first.body.description, 'first');
  assert.equal(first.body.reference, 'A "quoted" \\ one');
  assert.equal(first.body.balanceAfter, '4.00');
});

test('an atomic batch is posted whole', async () => {
  const from = await api.newAccount({ balance: '10.00' });
  const to = await api.newAccount();
  const { body } = await batch('atomic', [transfer(from, to, '10.00'), transfer(to, from, '10.00')]);
  assert.deepEqual(
    body.results.map(({ status }) => status),
    ['posted', 'posted'],
  );
  assert.equal(await api.postedBalance(from), '10.00');
});

test('an atomic batch with one item that is refused leaves nothing, and names it', async () => {
  const from = await api.newAccount({ balance: '10.00' });
  const to = await api.newAccount();
  const key = newKey();
  const answer = await api.leavesNothing(() =>
    batch('atomic', [transfer(from, to, '4.00'), transfer(from, to, '7.00'), deposit(from, '9.00')], key),
  );
  const problem = refused(answer, 422, 'batch_refused');
  assert.deepEqual(
    problem.errors?.map(({ path, message }) => [path, message]),
    [['items[1]', 'insufficient_funds']],
  );
  // A refusal does not use the key up.
  assert.equal((await batch('atomic', [transfer(from, to, '4.00')], key)).status, 200);
});

test('the same batch under the same key is answered as before and posted once', async () => {
  const from = await api.newAccount({ balance: '10.00' });
  const to = await api.newAccount();
  const items = [transfer(from, to, '6.00'), transfer(from, to, '6.00')];
  const key = newKey();
  const first = await batch('independent', items, key);
  await api.deposit(from, '100.00');
  const again = await batch('independent', items, key);
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  assert.deepEqual(again.body, first.body);
  assert.equal(await api.postedBalance(to), '6.00');
  const other = [transfer(from, to, '6.00'), transfer(from, to, '6.01')];
  refused(await api.leavesNothing(() => batch('independent', other, key)), 422, 'idempotency_key_reused');
  refused(await api.leavesNothing(() => batch('atomic', items, key)), 422, 'idempotency_key_reused');
});

test('one batch twenty times at once is posted once', async () => {
  const from = await api.newAccount({ balance: '10.00' });
  const to = await api.newAccount();
  const key = newKey();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => batch('atomic', [transfer(from, to, '10.00')], key)),
  );
  const codes = new Set(answers.map(({ status }) => status));
  assert.ok(codes.has(200));
  assert.deepEqual(
    [...codes].filter((code) => ![200, 409].includes(code)),
    [],
  );
  assert.equal(await api.postedBalance(to), '10.00');
});

test('ten thousand items are posted in one request, and one more is refused', async () => {
  const from = await api.newAccount({ balance: '100.00' });
  const to = await api.newAccount();
  const items = Array.from({ length: 10_000 }, () => transfer(from, to, '0.01'));
  const { status, body } = await batch('atomic', items);
  assert.equal(status, 200);
  assert.equal(new Set(body.results.map(({ transactionId }) => transactionId)).size, 10_000);
  assert.equal(await api.postedBalance(from), '0.00');
  assert.deepEqual(badFields(await api.leavesNothing(() => batch('atomic', [...items, items[0]!]))), [
    'items',
  ]);
});

test('an item that is not valid refuses the whole batch with its place, and leaves nothing', async () => {
  const account = await api.newAccount({ balance: '10.00' });
  const good = deposit(account, '1.00');
  const cases: [object, string, string?][] = [
    [{ ...good, amount: '1.001' }, 'items[1].amount', 'invalid_amount'],
    [{ ...good, amount: 5 }, 'items[1].amount', 'invalid_amount'],
    [{ ...good, extra: 1 }, 'items[1].extra'],
    [{ ...good, type: 'gift' }, 'items[1].type'],
    [{ ...good, mode: undefined }, 'items[1].mode'],
    [{ ...good, toIban: 'DE28100100109999999999' }, 'items[1].toIban'],
    [{ ...good, currency: 'XXX' }, 'items[1].currency'],
    [{ ...good, valueDate: '2020-01-01' }, 'items[1].valueDate'],
    [{ ...good, description: '\t' }, 'items[1].description'],
    [{ ...transfer(account, account, '1.00'), toAccountId: undefined }, 'items[1].toAccountId'],
    [{ ...transfer(account, account, '1.00'), toAccountId: undefined, toIban: 'DE00' }, 'items[1].toIban'],
  ];
  for (const [item, path, code] of cases) {
    assert.deepEqual(badFields(await api.leavesNothing(() => batch('independent', [good, item])), code), [
      path,
    ]);
  }
  assert.deepEqual(badFields(await batch('independent', [])), ['items']);
  assert.deepEqual(badFields(await batch('some', [good])), ['mode']);
  const bare = await api.post('/v1/transactions/batch', { mode: 'atomic', items: [good] });
  refused(bare, 400, 'idempotency_key_required');
});

test('the books verify after all of it', () => api.assertVerified());
