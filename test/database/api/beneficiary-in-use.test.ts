import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditEntryView } from '#features/audit/schemas.ts';
import type { BeneficiaryView } from '#features/beneficiaries/schemas.ts';
import type { ExecutionView, StandingOrderView } from '#features/standing-orders/schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import { created, openApi, type Page, refused } from '#test/support/api.ts';

const api = await openApi();
const admin = await api.as('admin');
const payee = await api.newAccount();

/** A customer with money, a beneficiary, and what gives an order to pay it. */
async function newPayer(fields: Readonly<Record<string, unknown>> = {}) {
  const account = await api.newAccount({ balance: '100.00', ...fields });
  const path = `/v1/customers/${account.customerId}/beneficiaries`;
  const beneficiary = created(await api.post<BeneficiaryView>(path, { name: 'Grace', accountId: payee.id }));
  return { account, beneficiary, path: `${path}/${beneficiary.id}` };
}

async function give(fromAccountId: string, beneficiaryId: string): Promise<StandingOrderView> {
  const terms = { amount: '1.00', currency: 'EUR', frequency: 'weekly', startDate: await today() };
  return created(
    await api.post<StandingOrderView>('/v1/standing-orders', { fromAccountId, beneficiaryId, ...terms }),
  );
}

const today = async () => created(await api.get<{ businessDate: string }>('/v1/business-date')).businessDate;
const closeThrough = async (until: string) => {
  api.bank.clock.setMs(Date.parse(`${until}T12:00:00Z`));
  created(await api.post('/v1/end-of-day', { until }));
};
const orderOf = async (id: string) => created(await api.get<StandingOrderView>(`/v1/standing-orders/${id}`));
const executionsOf = async (id: string) =>
  created(await api.get<Page<ExecutionView>>(`/v1/standing-orders/${id}/executions`)).data;
const trailOf = async (id: string) =>
  created(await admin.get<Page<AuditEntryView>>(`/v1/audit-log?resource=${id}`)).data.map(
    ({ action }) => action,
  );

test('a beneficiary that a standing order pays is not deleted', async () => {
  const { account, beneficiary, path } = await newPayer();
  const order = await give(account.id, beneficiary.id);
  for (const query of ['', '?cancelOrders=false'])
    refused(await api.leavesNothing(() => api.delete(`${path}${query}`)), 409, 'beneficiary_in_use');
  created(await api.patch(`/v1/standing-orders/${order.id}`, { status: 'paused' }, '*'));
  refused(await api.leavesNothing(() => api.delete(path)), 409, 'beneficiary_in_use');
});

test('cancelOrders cancels what pays it, and keeps the orders, their executions and a row in the trail', async () => {
  const { account, beneficiary, path } = await newPayer();
  const order = await give(account.id, beneficiary.id);
  await closeThrough(await today());
  const executions = await executionsOf(order.id);
  assert.deepEqual(
    executions.map(({ status }) => status),
    ['paid'],
  );
  assert.equal((await api.delete(`${path}?cancelOrders=true`)).status, 204);
  refused(await api.get(path), 404, 'not_found');
  const after = await orderOf(order.id);
  assert.deepEqual([after.status, after.nextDueDate], ['cancelled', null]);
  assert.deepEqual([after.beneficiaryId, after.toIban], [null, payee.iban]);
  assert.deepEqual(await executionsOf(order.id), executions);
  assert.deepEqual(await trailOf(order.id), ['cancelStandingOrder', 'createStandingOrder']);
  await api.assertVerified();
});

test('orders that are over do not keep a beneficiary, and are kept', async () => {
  const { account, beneficiary, path } = await newPayer();
  const order = await give(account.id, beneficiary.id);
  created(await api.post(`/v1/standing-orders/${order.id}/cancel`, {}));
  assert.equal((await api.delete(path)).status, 204);
  const { status, toIban } = await orderOf(order.id);
  assert.deepEqual([status, toIban], ['cancelled', payee.iban]);
});

test('who may not cancel an order does not cancel it by deleting whom it pays', async () => {
  const owner = await api.newAccount({ balance: '10.00' });
  const helper = await newPayer();
  created(
    await api.post(`/v1/accounts/${owner.id}/holders`, {
      customerId: helper.account.customerId,
      role: 'authorised',
    }),
  );
  const order = await give(owner.id, helper.beneficiary.id);
  const login = await api.as('customer', fromTypeId('customer', helper.account.customerId));
  const call = () => login.delete(`${helper.path}?cancelOrders=true`);
  refused(await api.leavesNothing(call), 403, 'forbidden');
  assert.equal((await orderOf(order.id)).status, 'active');
});

test('an order of an account that others keep goes on when the customer whose beneficiary it pays leaves', async () => {
  const owner = await api.newAccount({ balance: '10.00' });
  const leaver = await api.newCustomer();
  const path = `/v1/customers/${leaver.id}/beneficiaries`;
  created(await api.post(`/v1/accounts/${owner.id}/holders`, { customerId: leaver.id, role: 'joint' }));
  const beneficiary = created(await api.post<BeneficiaryView>(path, { name: 'Rent', accountId: payee.id }));
  const order = await give(owner.id, beneficiary.id);
  assert.equal((await api.delete(`/v1/customers/${leaver.id}`)).status, 204);
  const { status, toIban, beneficiaryId } = await orderOf(order.id);
  assert.deepEqual([status, toIban, beneficiaryId], ['active', payee.iban, null]);
  assert.deepEqual(await trailOf(order.id), ['changeStandingOrder', 'createStandingOrder']);
  assert.ok((await trailOf(owner.id)).includes('removeHolder'));
  await closeThrough(order.nextRunDate!);
  assert.deepEqual(
    (await executionsOf(order.id)).map((one) => one.status),
    ['paid'],
  );
});

test('a customer leaves with the own orders and the beneficiaries that they pay', async () => {
  const account = await api.newAccount();
  const path = `/v1/customers/${account.customerId}/beneficiaries`;
  const { id } = created(await api.post<BeneficiaryView>(path, { name: 'Rent', accountId: payee.id }));
  const order = await give(account.id, id);
  assert.equal((await api.delete(`/v1/customers/${account.customerId}`)).status, 204);
  refused(await api.get(`/v1/standing-orders/${order.id}`), 404, 'not_found');
});

test('a limit takes its currency along when it goes', async () => {
  const customer = await api.newCustomer();
  const path = `/v1/customers/${customer.id}/beneficiaries`;
  const add = async (fields: Readonly<Record<string, unknown>>) =>
    created(await api.post<BeneficiaryView>(path, { name: 'Grace', ...fields }));
  const abroad = await add({ iban: 'DE89370400440532013000', limitPerDay: '50.00', currency: 'EUR' });
  const here = await add({ accountId: payee.id, limitPerDay: '50.00' });
  assert.deepEqual([abroad.currency, here.currency], ['EUR', 'EUR']);
  const without = async ({ id }: BeneficiaryView) => {
    const answer = await api.patch<BeneficiaryView>(`${path}/${id}`, { limitPerDay: null }, '*');
    const { currency, limitPerDay } = created(answer);
    return [currency, limitPerDay];
  };
  assert.deepEqual(await without(abroad), [null, null]);
  // The payee's account is in euros, limit or not.
  assert.deepEqual(await without(here), ['EUR', null]);
  const francs = await api.newAccount({ customerId: customer.id, currency: 'CHF', balance: '20.00' });
  const payment = { fromAccountId: francs.id, beneficiaryId: abroad.id, amount: '5.00', currency: 'CHF' };
  created(await api.pay('/v1/transfers', payment));
});
