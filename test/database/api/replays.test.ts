import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cash, created, DAY_MS, openApi, refused } from '#test/support/api.ts';
import { newKey, START_MS } from '#test/support/bank.ts';

const api = await openApi();

test('a request that was posted is answered the same when its value date has become too old', async () => {
  const account = await api.newAccount();
  const request = cash(account, '5.00', { valueDate: '2025-06-01' });
  const items = [{ type: 'deposit', ...request }];
  const [key, batchKey] = [newKey(), newKey()];
  const first = created(await api.pay('/v1/deposits', request, key));
  const batch = await api.pay('/v1/transactions/batch', { mode: 'atomic', items }, batchKey);
  api.bank.clock.setMs(START_MS + 200 * DAY_MS);
  const again = await api.pay('/v1/deposits', request, key);
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  assert.deepEqual(again.body, first);
  const batchAgain = await api.pay('/v1/transactions/batch', { mode: 'atomic', items }, batchKey);
  assert.equal(batchAgain.headers.get('idempotent-replayed'), 'true');
  assert.deepEqual(batchAgain.body, batch.body);
  refused(await api.pay('/v1/deposits', request), 400, 'validation_failed');
  refused(await api.pay('/v1/deposits', { ...request, amount: '6.00' }, key), 400, 'validation_failed');
  assert.equal(await api.postedBalance(account), '10.00');
});

test('a batch item for an account that was deleted is refused like one for none', async () => {
  await api.asOwner('update books set retention_years = 0');
  const customer = await api.newCustomer();
  const account = await api.newAccount({ customerId: customer.id });
  assert.equal((await api.delete(`/v1/customers/${customer.id}`)).status, 204);
  const items = [{ type: 'deposit', ...cash(account, '5.00') }];
  const { body } = await api.pay('/v1/transactions/batch', { mode: 'independent', items });
  assert.deepEqual(body, { ...(body as object), results: [{ status: 'refused', code: 'not_found' }] });
});

test('transactions of one batch are listed in their order, newest first', async () => {
  const account = await api.newAccount();
  const items = ['1.00', '2.00', '3.00', '4.00'].map((amount) => ({
    type: 'deposit',
    ...cash(account, amount),
  }));
  await api.pay('/v1/transactions/batch', { mode: 'atomic', items });
  const list = await api.get<{ data: { amount: string }[] }>(`/v1/transactions?accountId=${account.id}`);
  assert.deepEqual(
    list.body.data.map(({ amount }) => amount),
    ['4.00', '3.00', '2.00', '1.00'],
  );
});

test('a customer who may act on another’s open account is not closed', async () => {
  const account = await api.newAccount();
  const helper = await api.newCustomer();
  await api.post(`/v1/accounts/${account.id}/holders`, { customerId: helper.id, role: 'authorised' });
  refused(await api.post(`/v1/customers/${helper.id}/close`, {}), 409, 'customer_has_open_accounts');
  assert.equal((await api.delete(`/v1/accounts/${account.id}/holders?customerId=${helper.id}`)).status, 200);
  assert.equal((await api.post(`/v1/customers/${helper.id}/close`, {})).status, 200);
});
