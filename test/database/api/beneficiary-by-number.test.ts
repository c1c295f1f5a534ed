import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromTypeId } from '#lib/ids.ts';
import { created, DAY_MS, openApi, refused } from '#test/support/api.ts';

const api = await openApi();
const OUTSIDE = { toIban: 'DE89370400440532013000', toName: 'Payee' };

/** A customer with money and its own user, and two payees: one of this bank and one of another. */
async function newPayer() {
  const payer = await api.newAccount({ balance: '5000.00' });
  const payee = await api.newAccount();
  const customer = await api.as('customer', fromTypeId('customer', payer.customerId));
  const path = `/v1/customers/${payer.customerId}/beneficiaries`;
  const save = async (iban: string, fields: object = {}) =>
    created(await api.post<{ id: string }>(path, { name: 'Payee', iban, ...fields }));
  const pay = (by: typeof api, to: object, amount: string) =>
    by.pay('/v1/transfers', { fromAccountId: payer.id, ...to, amount, currency: 'EUR' });
  return { payer, payee, customer, save, pay };
}

test('a payee that cools off is paid with care by whatever it is named', async () => {
  const { payee, customer, save, pay } = await newPayer();
  const { id: beneficiaryId } = await save(payee.iban ?? '');
  await save(OUTSIDE.toIban);
  for (const to of [{ beneficiaryId }, { toIban: payee.iban }, { toAccountId: payee.id }, OUTSIDE]) {
    await api.leavesNothing(async () =>
      refused(await pay(customer, to, '900.00'), 422, 'beneficiary_cooling_off'),
    );
  }
  created(await pay(customer, { toIban: payee.iban }, '60.00'));
  refused(await pay(customer, { beneficiaryId }, '40.01'), 422, 'beneficiary_cooling_off');
  created(await pay(customer, { toAccountId: payee.id }, '40.00'));
  refused(await pay(customer, { toIban: payee.iban }, '0.01'), 422, 'beneficiary_cooling_off');
  refused(await pay(api, { toIban: payee.iban }, '0.01'), 422, 'beneficiary_cooling_off');
  created(await pay(customer, OUTSIDE, '100.00'));
  refused(await pay(customer, OUTSIDE, '0.01'), 422, 'beneficiary_cooling_off');
  api.bank.clock.setMs(api.bank.clock.nowMs() + DAY_MS);
  created(await pay(customer, { toIban: payee.iban }, '900.00'));
  created(await pay(customer, { toAccountId: payee.id }, '900.00'));
});

test('the limit a day of a payee counts each payment once, by whatever it is named', async () => {
  const { customer, save, pay } = await newPayer();
  const { id: beneficiaryId } = await save(OUTSIDE.toIban, { limitPerDay: '50.00' });
  api.bank.clock.setMs(api.bank.clock.nowMs() + DAY_MS);
  created(await pay(customer, { beneficiaryId }, '20.00'));
  created(await pay(customer, OUTSIDE, '20.00'));
  refused(await pay(customer, OUTSIDE, '10.01'), 422, 'limit_exceeded');
  created(await pay(customer, { beneficiaryId }, '10.00'));
  for (const to of [{ beneficiaryId }, OUTSIDE]) {
    refused(await pay(customer, to, '0.01'), 422, 'limit_exceeded');
  }
});

test('who is not saved, or saved by somebody else, is paid as before', async () => {
  const { payee, customer, pay } = await newPayer();
  const stranger = await newPayer();
  await stranger.save(payee.iban ?? '');
  created(await pay(customer, { toIban: payee.iban }, '900.00'));
  created(await pay(customer, { toAccountId: payee.id }, '900.00'));
  await api.assertVerified();
});

/** The API as a program calls it that pays for customers. */
async function aProgram(): Promise<typeof api> {
  const scopes = ['transactions:write', 'transactions:read'];
  const { token } = await api.bank.apiKeys.create(
    { actor: 'test', role: 'operator' },
    { name: 'App', scopes },
  );
  return api.withToken(() => Promise.resolve(token));
}

test('a program that names the account of a payee who cools off pays with care, too', async () => {
  const { payee, save, pay, customer } = await newPayer();
  const program = await aProgram();
  const { id: beneficiaryId } = await save(payee.iban ?? '');
  const to = { toAccountId: payee.id };
  refused(await pay(program, to, '900.00'), 422, 'beneficiary_cooling_off');
  created(await pay(program, to, '60.00'));
  refused(await pay(customer, { beneficiaryId }, '40.01'), 422, 'beneficiary_cooling_off');
  // What it pays counts, whoever pays next.
  const both = await Promise.all([pay(program, to, '40.00'), pay(program, to, '40.00')]);
  assert.deepEqual(new Set(both.map(({ status }) => status)), new Set([201, 422]));
  refused(await pay(customer, to, '0.01'), 422, 'beneficiary_cooling_off');
  api.bank.clock.setMs(api.bank.clock.nowMs() + DAY_MS);
  created(await pay(program, to, '900.00'));
  await api.assertVerified();
});

test('the limit a day of a payee holds for a program, in a batch, and for a standing order', async () => {
  const { payer, payee, save, pay } = await newPayer();
  const program = await aProgram();
  await save(payee.iban ?? '', { limitPerDay: '50.00' });
  api.bank.clock.setMs(api.bank.clock.nowMs() + DAY_MS);
  const money = { fromAccountId: payer.id, toAccountId: payee.id, currency: 'EUR' };
  const items = ['30.00', '30.00', '20.00'].map((amount) => ({ type: 'transfer', ...money, amount }));
  const batch = { mode: 'independent', items };
  const { results } = created(
    await program.pay<{ results: { status: string; code?: string }[] }>('/v1/transactions/batch', batch),
  );
  assert.deepEqual(
    results.map(({ code = 'posted' }) => code),
    ['posted', 'limit_exceeded', 'posted'],
  );
  refused(await pay(program, { toAccountId: payee.id }, '0.01'), 422, 'limit_exceeded');
  const today = created(await api.get<{ businessDate: string }>('/v1/business-date')).businessDate;
  const order = { ...money, amount: '1.00', once: true, startDate: today, businessDays: 'same' };
  const { id } = created(await api.post<{ id: string }>('/v1/standing-orders', order));
  created(await api.post('/v1/end-of-day', { until: today }));
  const path = `/v1/standing-orders/${id}/executions`;
  const [execution] = created(await api.get<{ data: { code: string | null }[] }>(path)).data;
  assert.equal(execution?.code, 'limit_exceeded');
});

test('of two holders who saved the payee, the one who did so last counts', async () => {
  const { payer, payee, save, pay } = await newPayer();
  const program = await aProgram();
  await save(payee.iban ?? '');
  api.bank.clock.setMs(api.bank.clock.nowMs() + DAY_MS);
  created(await pay(program, { toAccountId: payee.id }, '500.00'));
  const joint = await api.newCustomer();
  created(await api.post(`/v1/accounts/${payer.id}/holders`, { customerId: joint.id, role: 'joint' }));
  created(await api.post(`/v1/customers/${joint.id}/beneficiaries`, { name: 'Payee', accountId: payee.id }));
  refused(await pay(program, { toAccountId: payee.id }, '500.00'), 422, 'beneficiary_cooling_off');
});

test('the payees of an authorised holder are their own, and no others’', async () => {
  const { payer, payee, pay } = await newPayer();
  const clerk = await api.newCustomer();
  created(await api.post(`/v1/accounts/${payer.id}/holders`, { customerId: clerk.id, role: 'authorised' }));
  const saved = { name: 'Payee', accountId: payee.id, limitPerDay: '0.01' };
  created(await api.post(`/v1/customers/${clerk.id}/beneficiaries`, saved));
  created(await pay(await aProgram(), { toAccountId: payee.id }, '900.00'));
  created(await pay(api, { toIban: payee.iban }, '900.00'));
  const user = await api.as('customer', fromTypeId('customer', clerk.id));
  refused(await pay(user, { toAccountId: payee.id }, '900.00'), 422, 'beneficiary_cooling_off');
});

test('a program pays who is not saved, or saved by somebody else, as before', async () => {
  const { payee, pay } = await newPayer();
  const stranger = await newPayer();
  await stranger.save(payee.iban ?? '');
  created(await pay(await aProgram(), { toAccountId: payee.id }, '900.00'));
});
