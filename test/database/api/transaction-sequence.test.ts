import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sequenceAll } from '#features/audit/contract.ts';
import type { LineView, TransactionView } from '#features/transactions/schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import { badFields, created, openApi, type Page, refused } from '#test/support/api.ts';

const api = await openApi();

const read = async (query = '', reader = api) =>
  reader.get<Page<TransactionView>>(`/v1/transactions?order=sequence${query}`);
const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);

test('a transaction is listed in the order of commits as soon as it has its number, the oldest first', async () => {
  const account = await api.newAccount({ balance: '10.00' });
  const other = await api.newAccount();
  const withdrawal = await api.withdraw(account, '1.00');
  const transfer = await api.transfer(account, other, '2.00');
  assert.equal(transfer.sequence, null);
  assert.deepEqual(created(await read()).data, []);
  await sequenceAll(api.bank.context);
  const { data } = created(await read());
  assert.deepEqual(ids(data.slice(1)), [withdrawal.id, transfer.id]);
  assert.deepEqual(
    data.map(({ sequence }) => sequence),
    [1, 2, 3],
  );
  const found = created(await api.get<TransactionView>(`/v1/transactions/${transfer.id}`));
  assert.equal(found.sequence, 3);
  assert.deepEqual(data[2], found);
  const lines = await api.get<Page<LineView>>(`/v1/accounts/${other.id}/transactions`);
  assert.equal(lines.body.data[0]?.sequence, 3);
  assert.deepEqual(ids(created(await read('&after=2')).data), [transfer.id]);
  assert.deepEqual(created(await read('&after=3')).data, []);
});

test('pages follow each other by their cursor or by the last number', async () => {
  const account = await api.newAccount();
  for (let turn = 0; turn < 5; turn++) await api.deposit(account, '1.00');
  await sequenceAll(api.bank.context);
  const all = created(await read()).data;
  const pages = await api.allPages<TransactionView>('/v1/transactions?order=sequence', 3);
  assert.deepEqual(ids(pages.flat()), ids(all));
  const after = all[2]?.sequence ?? 0;
  assert.deepEqual(ids(created(await read(`&after=${after}&limit=2`)).data), ids(all.slice(3, 5)));
});

test('a repeated request is answered as the first time, without a number', async () => {
  const account = await api.newAccount();
  const body = { accountId: account.id, amount: '1.00', currency: 'EUR', mode: 'cash' };
  const first = await api.pay('/v1/deposits', body, 'once');
  await sequenceAll(api.bank.context);
  assert.equal((await api.pay('/v1/deposits', body, 'once')).text, first.text);
});

test('the order of commits takes no filter, and its place no other order', async () => {
  const account = await api.newAccount();
  assert.deepEqual(badFields(await read(`&accountId=${account.id}&type=deposit`)), ['accountId', 'type']);
  for (const query of ['after=1', 'after=1&order=newest', 'order=sequence&after=-1']) {
    assert.deepEqual(badFields(await api.get(`/v1/transactions?${query}`)), ['after'], query);
  }
  const { nextCursor } = created(await api.get<Page<TransactionView>>('/v1/transactions?limit=1'));
  assert.deepEqual(badFields(await read(`&cursor=${nextCursor}`)), ['cursor']);
});

test('a customer’s user neither reads in the order of commits nor sees the number', async () => {
  const customer = await api.newCustomer();
  const account = await api.newAccount({ customerId: customer.id, balance: '1.00' });
  await sequenceAll(api.bank.context);
  const own = await api.as('customer', fromTypeId('customer', customer.id));
  const problem = refused(await read('', own), 403, 'forbidden');
  assert.match(String(problem.detail), /leave out `order` and `after`/);
  const [listed] = created(await own.get<Page<TransactionView>>('/v1/transactions')).data;
  assert.equal(listed?.sequence, null);
  const found = created(await own.get<TransactionView>(`/v1/transactions/${listed.id}`));
  assert.equal(found.sequence, null);
  const lines = await own.get<Page<LineView>>(`/v1/accounts/${account.id}/transactions`);
  assert.equal(lines.body.data[0]?.sequence, null);
});
