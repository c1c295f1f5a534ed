import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { IncomingView, OutgoingView } from '#features/payments/schemas.ts';
import { badFields, created, openApi, type Page, refused, type TestApi } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';

/** Two accounts of a bank there, the first with 100.00. */
async function openTwo(api: TestApi): Promise<[AccountView, AccountView]> {
  const open = async (): Promise<AccountView> => {
    const { id: customerId } = await api.newCustomer();
    return created(await api.post('/v1/accounts', { customerId, product: 'current', currency: 'USD' }));
  };
  const [from, to] = [await open(), await open()];
  await api.deposit(from, '100.00', { currency: 'USD' });
  return [from, to];
}

test('a bank in the United States gives out account numbers without IBANs, and moves money between them', async () => {
  const api = await openApi({ country: 'US', bankCode: '110000000', timeZone: 'America/New_York' });
  const [from, to] = await openTwo(api);
  assert.deepEqual([from.number, from.iban, to.number], ['001000000001', null, '001000000002']);

  const sent = created(
    await api.pay<{ counterpartyAccountId: string }>('/v1/transfers', {
      fromAccountId: from.id,
      toAccountId: to.id,
      amount: '25.00',
      currency: 'USD',
    }),
  );
  assert.equal(sent.counterpartyAccountId, to.id);
  const { data } = created(await api.get<Page<AccountView>>(`/v1/accounts?number=${to.number}`));
  assert.deepEqual(
    data.map(({ id }) => id),
    [to.id],
  );
  assert.equal(created(await api.get<Page<AccountView>>('/v1/accounts?number=001000000009')).data.length, 0);
  const lines = created(await api.get<Page<unknown>>(`/v1/accounts/${to.id}/transactions`));
  assert.equal(lines.data.length, 1);
  const beneficiary = { name: 'The other', accountId: to.id };
  const path = `/v1/customers/${from.customerId}/beneficiaries`;
  assert.equal(created(await api.post<{ accountId: string }>(path, beneficiary)).accountId, to.id);
  assert.deepEqual(badFields(await api.get(`/v1/accounts?number=${'1'.repeat(31)}`)), ['number']);
});

test('where there are neither IBANs nor routing numbers, a beneficiary is no account of the bank', async () => {
  const api = await openApi({ country: 'AU', bankCode: '110000', timeZone: 'Australia/Sydney' });
  const [from, to] = await openTwo(api);
  const beneficiary = { name: 'The other', accountId: to.id };
  const path = `/v1/customers/${from.customerId}/beneficiaries`;
  refused(await api.post(path, beneficiary), 422, 'account_without_iban');
});

test('where there are no IBANs, a payment from another bank names the account by its number', async () => {
  const api = await openApi({ country: 'US', bankCode: '110000000', timeZone: 'America/New_York' });
  const [from, to] = await openTwo(api);
  const receive = async (fields: Record<string, string>) =>
    created(
      await api.pay<IncomingView>('/v1/incoming-payments', {
        externalReference: newKey(),
        amount: '10.00',
        currency: 'USD',
        ...fields,
      }),
    );
  const came = await receive({ creditorAccount: to.number });
  assert.deepEqual(
    [came.status, came.accountId, came.iban, came.creditorAccount, came.asReceived],
    ['credited', to.id, null, to.number, null],
  );
  assert.equal((await receive({ creditorAccount: ' 0010-0000 0002' })).accountId, to.id);
  const both = await receive({ creditorAccount: to.number, iban: 'DE89370400440532013000' });
  assert.deepEqual(
    [both.status, both.problem, both.creditorAccount, both.asReceived],
    ['unresolved', 'unknown_iban', null, { creditorAccount: to.number }],
  );
  for (const creditorAccount of ['001000000009', 'x'.repeat(300), ' ']) {
    const { status, problem } = await receive({ creditorAccount });
    assert.deepEqual([status, problem], ['unresolved', 'unknown_account']);
  }
  assert.equal(await api.postedBalance(to), '20.00');

  const toAccount = { type: 'us_aba', bankCode: '021000021', accountNumber: '123456789' };
  const money = { fromAccountId: from.id, toAccount, toName: 'Grace Hopper', amount: '100.00' };
  const sent = created(await api.pay<{ id: string }>('/v1/transfers', { ...money, currency: 'USD' }));
  created(await api.post(`/v1/accounts/${from.id}/close`, { reason: 'moved away' }));
  const path = `/v1/outgoing-payments/${sent.id}/return`;
  const { incomingPaymentId } = created(await api.pay<OutgoingView>(path, { reason: 'R02' }));
  const waiting = created(await api.get<IncomingView>(`/v1/incoming-payments/${incomingPaymentId}`));
  assert.equal(waiting.creditorAccount, from.number);
  await api.assertVerified();
});

test('a bank in Great Britain gives out sort code and eight digits, and knows its own IBANs', async () => {
  const api = await openApi({ country: 'GB', bankCode: 'NWBK601613', timeZone: 'Europe/London' });
  const account = await api.newAccount({ balance: '10.00' });
  assert.equal(account.number, '10000001');
  assert.match(account.iban, /^GB\d\dNWBK60161310000001$/);
  const nobody = {
    fromAccountId: account.id,
    toIban: 'GB29NWBK60161331926819',
    amount: '1',
    currency: 'EUR',
  };
  refused(await api.pay('/v1/transfers', nobody), 422, 'unknown_payee');
});

test('a bank whose numbers are all given out refuses the next account by code', async () => {
  const api = await openApi({ country: 'NO', bankCode: '8601', timeZone: 'Europe/Oslo' });
  const first = await api.newAccount();
  assert.equal(first.number.length, 7);
  await api.bank.db.updateTable('account_numbers').set({ next_number: 1_000_000n }).execute();
  const request = { customerId: first.customerId, product: 'current', currency: 'EUR' };
  await api.leavesNothing(async () =>
    refused(await api.post('/v1/accounts', request), 409, 'account_numbers_exhausted'),
  );
});
