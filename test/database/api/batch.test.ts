import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import { type Answer, badFields, openApi, refused } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';

type Result = {
  status: 'posted' | 'refused';
  transactionId?: string;
  code?: string;
  errors?: { path: string; pointer?: string; code: string }[];
};
type Batch = { id: string; mode: string; results: Result[] };

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

/** Items that cannot be judged at all, with the fields that are wrong and the code of the item. */
function badItems(account: AccountView): [item: object, fields: string[], code?: string][] {
  const good = deposit(account, '1.00');
  const payment = { ...transfer(account, account, '1.00'), toAccountId: undefined };
  return [
    [{ ...good, amount: '1.001' }, ['amount'], 'invalid_amount'],
    [{ ...good, amount: 5 }, ['amount'], 'invalid_amount'],
    [{ ...good, extra: 1 }, ['extra']],
    [{ ...good, type: 'gift' }, ['type']],
    [{ ...good, mode: undefined }, ['mode']],
    [{ ...good, toIban: 'DE28100100109999999999' }, ['toIban']],
    [{ ...good, currency: 'XXX', amount: '0', extra: 1 }, ['amount', 'currency', 'extra']],
    [{ ...good, valueDate: '2020-01-01' }, ['valueDate']],
    [{ ...good, description: '\t', reference: 'a\nb' }, ['description', 'reference']],
    [payment, ['toAccountId']],
    [{ ...payment, toIban: 'DE00', amount: '-1' }, ['amount', 'toIban']],
    [{ ...payment, fromAccountId: undefined }, ['fromAccountId', 'toAccountId']],
  ];
}

const fieldsOf = (errors: readonly { path: string }[] = []) => errors.map(({ path }) => path).sort();

test('an item that is not valid refuses an atomic batch with its place, and leaves nothing', async () => {
  const account = await api.newAccount({ balance: '10.00' });
  const good = deposit(account, '1.00');
  for (const [item, fields, code] of badItems(account)) {
    const answer = await api.leavesNothing(() => batch('atomic', [good, item]));
    const named = badFields(answer, code).sort();
    assert.deepEqual(
      named,
      fields.map((field) => `items[1].${field}`),
    );
  }
  assert.deepEqual(badFields(await batch('independent', [])), ['items']);
  assert.deepEqual(badFields(await batch('some', [good])), ['mode']);
  assert.deepEqual(badFields(await batch('independent', 'x' as unknown as object[])), ['items']);
  const bare = await api.post('/v1/transactions/batch', { mode: 'atomic', items: [good] });
  refused(bare, 400, 'idempotency_key_required');
});

test('an independent batch refuses each bad item with all that is wrong in it, and posts the others', async () => {
  const account = await api.newAccount({ balance: '10.00' });
  const good = deposit(account, '1.00');
  const bad = badItems(account);
  const items = bad.flatMap(([item]) => [good, item]);
  const key = newKey();
  const { status, body } = await batch('independent', [...items, 5 as unknown as object], key);
  assert.equal(status, 200);
  assert.equal(await api.postedBalance(account), `${10 + bad.length}.00`);
  for (const [index, [, fields, code = 'validation_failed']] of bad.entries()) {
    assert.equal(body.results[2 * index]?.status, 'posted');
    const result = body.results[2 * index + 1];
    assert.deepEqual([result?.status, result?.code], ['refused', code], fields.join());
    assert.deepEqual(fieldsOf(result?.errors), fields);
    assert.equal(result?.errors?.[0]?.pointer, `/${result?.errors?.[0]?.path}`);
  }
  assert.equal(body.results.at(-1)?.status, 'refused');
  const again = await batch('independent', [...items, 5 as unknown as object], key);
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  assert.deepEqual(again.body, body);
  const other = items.with(1, { ...good, amount: '1.002' });
  refused(await batch('independent', [...other, 5 as unknown as object], key), 422, 'idempotency_key_reused');
});

test('a batch is read again, item by item', async () => {
  const account = await api.newAccount();
  const { body } = await batch('independent', [
    deposit(account, '1.00'),
    { ...deposit(account, '1.00'), extra: 1 },
    transfer(account, account, '1.00'),
  ]);
  const read = await api.get<Batch>(`/v1/transactions/batches/${body.id}`);
  assert.equal(read.status, 200);
  assert.deepEqual(read.body, body);
  assert.equal(read.body.mode, 'independent');
  assert.deepEqual(
    read.body.results.map(({ code, status }) => code ?? status),
    ['posted', 'validation_failed', 'same_account'],
  );
  refused(await api.get('/v1/transactions/batches/bat_01h455vb4pex5vsknk084sn02q'), 404, 'not_found');
  refused(await (await api.as('teller')).get(`/v1/transactions/batches/${body.id}`), 403, 'forbidden');
});

test('the books verify after all of it', () => api.assertVerified());
