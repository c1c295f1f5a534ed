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
  return { payee, customer, save, pay };
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
