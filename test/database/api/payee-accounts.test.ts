import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { BeneficiaryView } from '#features/beneficiaries/schemas.ts';
import type { OutgoingView } from '#features/payments/schemas.ts';
import type { ExecutionView, StandingOrderView } from '#features/standing-orders/schemas.ts';
import type { TransactionView } from '#features/transactions/schemas.ts';
import { badFields, created, openApi, type Page, refused } from '#test/support/api.ts';

const api = await openApi();
const payer = await api.newAccount({ currency: 'USD', overdraftLimit: '10000.00' });
const beneficiaries = `/v1/customers/${payer.customerId}/beneficiaries`;

const US = { type: 'us_aba', bankCode: '021000021', accountNumber: '123456789' };
const GB = { type: 'gb_sort_code', bankCode: '20-00-00', accountNumber: '55779911' };
const BIC = { type: 'bic', bankCode: 'CTBAAU2S', accountNumber: '062-000 12345678' };
const FOREIGN = 'DE89370400440532013000';

const pay = (fields: object) =>
  api.pay<TransactionView>('/v1/transfers', {
    fromAccountId: payer.id,
    amount: '1.00',
    currency: 'USD',
    toName: 'Grace Hopper',
    ...fields,
  });

const CASES: [object, object][] = [
  [US, US],
  [GB, { ...GB, bankCode: '200000' }],
  [BIC, { ...BIC, accountNumber: '06200012345678' }],
];

for (const [given, kept] of CASES) {
  const { type, bankCode, accountNumber } = kept as typeof US;
  test(`a payment leaves the bank for an account named by ${type}, and says how`, async () => {
    const sent = created(await pay({ toAccount: given }));
    assert.deepEqual(sent.counterparty, {
      name: 'Grace Hopper',
      bank: bankCode,
      bankCodeType: type,
      iban: null,
      account: accountNumber,
    });
    assert.equal(sent.settlement?.status, 'pending_settlement');
    assert.deepEqual(created(await api.get<TransactionView>(`/v1/transactions/${sent.id}`)), sent);
    const outgoing = created(await api.get<OutgoingView>(`/v1/outgoing-payments/${sent.id}`));
    assert.deepEqual([outgoing.creditorAccount, outgoing.creditorIban], [kept, null]);
  });
}

test('an IBAN may be given either way, and is one payee', async () => {
  const toAccount = { type: 'iban', iban: 'de89 3704 0044 0532 0130 00' };
  const sent = created(await pay({ toAccount }));
  assert.equal(sent.counterparty?.iban, FOREIGN);
  const outgoing = created(await api.get<OutgoingView>(`/v1/outgoing-payments/${sent.id}`));
  assert.deepEqual(
    [outgoing.creditorAccount, outgoing.creditorIban],
    [{ type: 'iban', iban: FOREIGN }, FOREIGN],
  );
  const saved = created(
    await api.post<BeneficiaryView>(beneficiaries, { name: 'Bakery', account: toAccount }),
  );
  assert.deepEqual([saved.iban, saved.account], [FOREIGN, { type: 'iban', iban: FOREIGN }]);
  refused(await api.post(beneficiaries, { name: 'Again', iban: FOREIGN }), 409, 'beneficiary_exists');
});

test('an account of the wrong form is refused by the path of its field', async () => {
  const wrong: [object | string, string[]][] = [
    [{ ...US, bankCode: '021000022' }, ['toAccount.bankCode']],
    [{ ...GB, accountNumber: '1' }, ['toAccount.accountNumber']],
    [{ ...BIC, bankCode: 'X', accountNumber: '#' }, ['toAccount.bankCode', 'toAccount.accountNumber']],
    [{ type: 'iban', iban: 'DE00' }, ['toAccount.iban']],
    [{ type: 'iban', iban: FOREIGN, bankCode: '1' }, ['toAccount.bankCode']],
    [{ bankCode: '021000021', accountNumber: '1' }, ['toAccount.type']],
    [{ ...US, type: 'other' }, ['toAccount.type']],
    [{ type: 'us_aba', bankCode: '021000021' }, ['toAccount.accountNumber']],
    [FOREIGN, ['toAccount']],
  ];
  await api.leavesNothing(async () => {
    for (const [toAccount, paths] of wrong) {
      assert.deepEqual(badFields(await pay({ toAccount })), paths, JSON.stringify(toAccount));
    }
    assert.deepEqual(badFields(await pay({ toAccount: US, toIban: FOREIGN })), ['toAccountId']);
  });
  const other = await pay({ toAccount: { ...US, type: 'other' } });
  const { errors } = refused(other, 400, 'validation_failed');
  assert.equal(errors?.[0]?.message, 'must be one of iban, us_aba, gb_sort_code, bic');
});

test('a payee without IBAN is named', async () => {
  refused(
    await api.leavesNothing(() => pay({ toAccount: US, toName: undefined })),
    422,
    'payee_name_required',
  );
});

test('a beneficiary without IBAN is saved once, cools off however it is named, and is paid by name', async () => {
  const account = { ...US, accountNumber: '42' };
  const saved = created(await api.post<BeneficiaryView>(beneficiaries, { name: 'Hopper, Inc.', account }));
  assert.deepEqual([saved.account, saved.iban, saved.accountId], [account, null, null]);
  const again = await api.post(beneficiaries, {
    name: 'Again',
    account: { ...account, bankCode: '0210-00021' },
  });
  assert.deepEqual(
    refused(again, 409, 'beneficiary_exists').errors?.map(({ path }) => path),
    ['account'],
  );
  const listed = created(await api.get<Page<BeneficiaryView>>(beneficiaries)).data;
  assert.ok(listed.some(({ id }) => id === saved.id));
  const byName = { beneficiaryId: saved.id, toName: undefined };
  assert.equal(created(await pay({ ...byName, amount: '60.00' })).counterparty?.account, '42');
  // 100.00 in all until the cooling off ends.
  refused(await pay({ toAccount: account, amount: '40.01' }), 422, 'beneficiary_cooling_off');
  refused(await pay({ ...byName, amount: '40.01' }), 422, 'beneficiary_cooling_off');
  assert.equal(
    created(await pay({ toAccount: account, toName: undefined, amount: '40.00' })).counterparty?.name,
    'Hopper, Inc.',
  );
});

test('a standing order pays an account without IBAN, and keeps it when its beneficiary goes', async () => {
  const body = {
    fromAccountId: payer.id,
    amount: '2.00',
    currency: 'USD',
    frequency: 'monthly',
    startDate: '2026-01-14',
  };
  const give = async (fields: object) =>
    created(await api.post<StandingOrderView>('/v1/standing-orders', { ...body, ...fields }));
  refused(await api.post('/v1/standing-orders', { ...body, toAccount: GB }), 422, 'payee_name_required');
  const order = await give({ toAccount: GB, toName: 'Gas Board' });
  assert.deepEqual(order.toAccount, { ...GB, bankCode: '200000' });
  const saved = created(await api.post<BeneficiaryView>(beneficiaries, { name: 'Rent', account: BIC }));
  const ofSaved = await give({ beneficiaryId: saved.id, startDate: '2026-02-01' });
  assert.equal((await api.delete(`${beneficiaries}/${saved.id}?cancelOrders=true`)).status, 204);
  const kept = created(await api.get<StandingOrderView>(`/v1/standing-orders/${ofSaved.id}`));
  assert.deepEqual(
    [kept.status, kept.toAccount, kept.toName],
    ['cancelled', { ...BIC, accountNumber: '06200012345678' }, 'Rent'],
  );
  created(await api.post('/v1/end-of-day', { until: '2026-01-14' }));
  const [execution] = created(
    await api.get<Page<ExecutionView>>(`/v1/standing-orders/${order.id}/executions`),
  ).data;
  assert.equal(execution?.status, 'paid');
  const paid = created(await api.get<OutgoingView>(`/v1/outgoing-payments/${execution.transactionId}`));
  assert.deepEqual([paid.creditorName, paid.creditorAccount], ['Gas Board', { ...GB, bankCode: '200000' }]);
});

test('an item of a batch names an account without IBAN', async () => {
  const item = {
    type: 'transfer',
    fromAccountId: payer.id,
    amount: '1.00',
    currency: 'USD',
    toName: 'Grace',
    toAccount: US,
  };
  created(await api.pay('/v1/transactions/batch', { mode: 'atomic', items: [item] }));
  const items = [{ ...item, toAccount: { ...US, bankCode: '1' } }];
  const answer = await api.pay('/v1/transactions/batch', { mode: 'atomic', items });
  assert.deepEqual(badFields(answer), ['items[0].toAccount.bankCode']);
});

test('a bank in the United States knows its own accounts by its routing number', async () => {
  const bank = await openApi({ country: 'US', bankCode: '110000000', timeZone: 'America/New_York' });
  const open = async (): Promise<AccountView> => {
    const { id: customerId } = await bank.newCustomer();
    return created(await bank.post('/v1/accounts', { customerId, product: 'current', currency: 'USD' }));
  };
  const [from, to] = [await open(), await open()];
  await bank.deposit(from, '500.00', { currency: 'USD' });
  const own = { type: 'us_aba', bankCode: '110000000', accountNumber: to.number };
  const send = (fields: object) =>
    bank.pay<TransactionView>('/v1/transfers', {
      fromAccountId: from.id,
      amount: '1.00',
      currency: 'USD',
      ...fields,
    });
  const sent = created(await send({ toAccount: own }));
  assert.deepEqual([sent.type, sent.counterpartyAccountId], ['transfer', to.id]);
  const read = created(await bank.get<TransactionView>(`/v1/transactions/${sent.id}`));
  assert.deepEqual([read.counterparty?.account, read.counterparty?.iban], [to.number, null]);
  const nobody = { ...own, accountNumber: '001000000999' };
  refused(await send({ toAccount: nobody, toName: 'Nobody' }), 422, 'unknown_payee');
  const path = `/v1/customers/${from.customerId}/beneficiaries`;
  refused(await bank.post(path, { name: 'Nobody', account: nobody }), 422, 'unknown_payee');
  const saved = created(await bank.post<BeneficiaryView>(path, { name: 'The other', accountId: to.id }));
  assert.deepEqual([saved.account, saved.accountId, saved.iban], [own, to.id, null]);
  refused(await bank.post(path, { name: 'Again', account: own }), 409, 'beneficiary_exists');
  const paid = created(await send({ beneficiaryId: saved.id }));
  assert.deepEqual([paid.counterpartyAccountId, paid.counterparty?.name], [to.id, 'The other']);
  refused(await send({ toAccountId: to.id, amount: '99.50' }), 422, 'beneficiary_cooling_off');
});
