import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BeneficiaryView } from '#features/beneficiaries/schemas.ts';
import type { ExecutionView, StandingOrderView } from '#features/standing-orders/schemas.ts';
import type { LineView, TransactionView } from '#features/transactions/schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import {
  type AccountWithIban,
  created,
  openApi,
  type Page,
  refused,
  type TestApi,
} from '#test/support/api.ts';

const api = await openApi();
const ada = await api.newCustomer({ givenName: 'Ada', familyName: 'Byron' });
const grace = await api.newCustomer({ givenName: 'Grace', familyName: 'Hopper' });
const mine = await api.newAccount({ customerId: ada.id, balance: '1000.00' });
const savings = await api.newAccount({ customerId: ada.id });
const hers = await api.newAccount({ customerId: grace.id, balance: '10.00' });
const [payer, payee] = [
  await api.as('customer', fromTypeId('customer', ada.id)),
  await api.as('customer', fromTypeId('customer', grace.id)),
];

const saved = created(
  await payer.post<BeneficiaryView>(`/v1/customers/${ada.id}/beneficiaries`, {
    name: 'My sister',
    accountId: savings.id,
  }),
);

const transfer = (fields: object, by = payer) =>
  by.pay('/v1/transfers', { fromAccountId: mine.id, amount: '1.00', currency: 'EUR', ...fields });

/** What a reader is told about the other side of the newest transaction of an account: by itself, and as a line. */
async function namesOf(reader: TestApi, account: AccountWithIban): Promise<(string | null | undefined)[]> {
  const lines = await reader.get<Page<LineView>>(`/v1/accounts/${account.id}/transactions?limit=1`);
  const line = created(lines).data[0]!;
  const transaction = created(await reader.get<TransactionView>(`/v1/transactions/${line.id}`));
  assert.equal(line.payerName, transaction.payerName);
  return [line.counterparty?.name, transaction.counterparty?.name, line.payerName];
}

test('a payee has the name that the payer used, by account or by IBAN, and the payee sees who paid', async () => {
  for (const to of [{ toAccountId: hers.id }, { toIban: hers.iban }]) {
    const { counterparty } = created(await transfer({ ...to, toName: 'Gracie' }));
    assert.equal(counterparty?.name, 'Gracie');
    assert.deepEqual(await namesOf(payer, mine), ['Gracie', 'Gracie', null]);
    assert.deepEqual(await namesOf(api, mine), ['Gracie', 'Gracie', null]);
    assert.deepEqual(await namesOf(payee, hers), ['Ada Byron', 'Grace Hopper', 'Ada Byron']);
  }
});

test('without a name staff see whose the account is, and a stranger’s payer does not', async () => {
  created(await transfer({ toAccountId: hers.id }));
  assert.deepEqual(await namesOf(payer, mine), [null, null, null]);
  assert.deepEqual(await namesOf(api, mine), ['Grace Hopper', 'Grace Hopper', null]);
  assert.deepEqual(await namesOf(payee, hers), ['Ada Byron', 'Grace Hopper', 'Ada Byron']);
});

test('the name of an own account is told', async () => {
  const other = await api.newAccount({ customerId: ada.id });
  created(await transfer({ toAccountId: other.id }));
  assert.deepEqual(await namesOf(payer, mine), ['Ada Byron', 'Ada Byron', null]);
});

test('a payee that the payer has saved has the name under which it was saved, however it is named', async () => {
  for (const to of [{ beneficiaryId: saved.id }, { toIban: savings.iban }, { toAccountId: savings.id }]) {
    created(await transfer(to));
    assert.deepEqual(await namesOf(payer, mine), ['My sister', 'My sister', null]);
  }
  created(await transfer({ toIban: savings.iban, toName: 'Sis' }));
  assert.deepEqual(await namesOf(payer, mine), ['Sis', 'Sis', null]);
});

test('an item of a batch names its payee', async () => {
  const item = { type: 'transfer', fromAccountId: mine.id, amount: '1.00', currency: 'EUR' };
  const items = [{ ...item, toAccountId: hers.id, toName: 'Grace, from work' }];
  created(await api.pay('/v1/transactions/batch', { mode: 'atomic', items }));
  assert.deepEqual((await namesOf(payer, mine))[0], 'Grace, from work');
});

test('a beneficiary has its own name', async () => {
  const answer = await api.leavesNothing(() => transfer({ beneficiaryId: saved.id, toName: 'Nobody' }));
  assert.match(refused(answer, 400, 'validation_failed').detail, /toName/);
});

test('a repeated transfer is answered as it was, whatever the bank knows of the payee', async () => {
  const body = { fromAccountId: mine.id, toAccountId: hers.id, amount: '1.00', currency: 'EUR' };
  const first = await api.pay('/v1/transfers', body, 'again');
  assert.equal((await api.pay('/v1/transfers', body, 'again')).text, first.text);
});

test('a standing order keeps the payee’s name, and each payment has it', async () => {
  const body = {
    fromAccountId: mine.id,
    amount: '2.00',
    currency: 'EUR',
    frequency: 'monthly',
    startDate: '2026-01-14',
  };
  const order = created(
    await payer.post<StandingOrderView>('/v1/standing-orders', {
      ...body,
      toAccountId: hers.id,
      toName: ' Gracie ',
    }),
  );
  assert.equal(order.toName, 'Gracie');
  const path = `/v1/standing-orders/${order.id}`;
  const etag = (await payer.get(path)).headers.get('etag') ?? '';
  const changed = created(await payer.patch<StandingOrderView>(path, { toName: 'Grace H.' }, etag));
  assert.equal(changed.toName, 'Grace H.');
  created(await api.post('/v1/end-of-day', { until: '2026-01-14' }));
  const [execution] = created(await payer.get<Page<ExecutionView>>(`${path}/executions`)).data;
  const paid = created(await payer.get<TransactionView>(`/v1/transactions/${execution?.transactionId}`));
  assert.equal(paid.counterparty?.name, 'Grace H.');
});

test('the order of a beneficiary that goes keeps its name', async () => {
  const body = {
    fromAccountId: mine.id,
    amount: '2.00',
    currency: 'EUR',
    once: true,
    startDate: '2026-02-14',
  };
  const order = created(
    await payer.post<StandingOrderView>('/v1/standing-orders', { ...body, beneficiaryId: saved.id }),
  );
  const path = `/v1/standing-orders/${order.id}`;
  const etag = (await payer.get(path)).headers.get('etag') ?? '';
  refused(await payer.patch(path, { toName: 'Nobody' }, etag), 400, 'validation_failed');
  assert.equal(
    (await payer.delete(`/v1/customers/${ada.id}/beneficiaries/${saved.id}?cancelOrders=true`)).status,
    204,
  );
  const kept = created(await payer.get<StandingOrderView>(path));
  assert.deepEqual([kept.status, kept.toIban, kept.toName], ['cancelled', savings.iban, 'My sister']);
});
