import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { BeneficiaryView } from '#features/beneficiaries/schemas.ts';
import type { LineView, TransactionView } from '#features/transactions/schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import { badFields, created, DAY_MS, openApi, type Page, refused } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';

const api = await openApi();
const ABSENT = 'ben_01h455vb4pex5vsknk084sn02q';

/** A payer with money, and a beneficiary of theirs with an account here. */
async function newPayer(fields: Record<string, unknown> = {}) {
  const payer = await api.newAccount({ balance: '10000.00' });
  const payee = await api.newAccount();
  const path = `/v1/customers/${payer.customerId}/beneficiaries`;
  const body = { name: 'Payee', accountId: payee.id, ...fields };
  const beneficiary = created(await api.post<BeneficiaryView>(path, body));
  return { payer, payee, path, beneficiary };
}

function payment(from: AccountView, to: BeneficiaryView | string, amount: string) {
  const beneficiaryId = typeof to === 'string' ? to : to.id;
  return { fromAccountId: from.id, beneficiaryId, amount, currency: 'EUR' };
}

const pay = (from: AccountView, to: BeneficiaryView | string, amount: string, key = newKey()) =>
  api.pay('/v1/transfers', payment(from, to, amount), key);

function later(days: number): void {
  api.bank.clock.setMs(api.bank.clock.nowMs() + days * DAY_MS);
}

test('a transfer goes to a beneficiary, once a key', async () => {
  const { payer, payee, beneficiary } = await newPayer();
  const key = newKey();
  const first = created(await pay(payer, beneficiary, '20.00', key));
  assert.equal(first.type, 'transfer');
  assert.equal(first.counterpartyAccountId, payee.id);
  const again = await pay(payer, beneficiary, '20.00', key);
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  assert.equal(created(again).id, first.id);
  assert.equal(await api.postedBalance(payee), '20.00');
});

test('a payment inside the bank shows the payer the name they gave, and the payee who paid', async () => {
  const { payer, payee, beneficiary } = await newPayer({ name: 'Landlord' });
  const sent = created(await pay(payer, beneficiary, '20.00'));
  const seen = { name: 'Landlord', bank: null, bankCodeType: null, iban: payee.iban, account: null };
  assert.deepEqual(sent.counterparty, seen);
  assert.deepEqual(created(await api.get<TransactionView>(`/v1/transactions/${sent.id}`)), sent);
  const [paid] = created(await api.get<Page<LineView>>(`/v1/accounts/${payer.id}/transactions`)).data;
  assert.deepEqual(paid?.counterparty, seen);
  const holder = created(await api.get<Person>(`/v1/customers/${payer.customerId}`));
  const name = `${holder.givenName} ${holder.familyName}`;
  const lineOfPayee = async () =>
    created(await api.get<Page<LineView>>(`/v1/accounts/${payee.id}/transactions`)).data[0];
  assert.deepEqual((await lineOfPayee())?.counterparty, {
    name,
    bank: null,
    bankCodeType: null,
    iban: payer.iban,
    account: null,
  });
  // Nor does a reversal tell more than its original.
  const back = created(await api.pay(`/v1/transactions/${sent.id}/reverse`, { reason: 'x' }));
  assert.deepEqual(back.counterparty, seen);
  const [returned] = created(await api.get<Page<LineView>>(`/v1/accounts/${payer.id}/transactions`)).data;
  assert.deepEqual(returned?.counterparty, seen);
  assert.equal((await lineOfPayee())?.counterparty?.name, name);
});

type Person = { readonly givenName: string; readonly familyName: string };

test('until it is usable a beneficiary is paid the small limit in all, and not a cent more', async () => {
  const { payer, payee, beneficiary } = await newPayer();
  await api.leavesNothing(async () => {
    const { detail } = refused(await pay(payer, beneficiary, '100.01'), 422, 'beneficiary_cooling_off');
    assert.match(
      detail,
      /^Until 2026-01-15T12:00Z the beneficiary may be paid 100.00 EUR in all; 100.00 is left.$/,
    );
  });
  created(await pay(payer, beneficiary, '60.00'));
  refused(await pay(payer, beneficiary, '40.01'), 422, 'beneficiary_cooling_off');
  created(await pay(payer, beneficiary, '40.00'));
  const { detail } = refused(await pay(payer, beneficiary, '0.01'), 422, 'beneficiary_cooling_off');
  assert.match(detail, /; 0.00 is left/);
  later(1);
  created(await pay(payer, beneficiary, '5000.00'));
  assert.equal(await api.postedBalance(payee), '5100.00');
});

test('the small limit is the book’s to say', async () => {
  await api.editBook('beneficiary_cooling_off_limit_major = 3');
  const { payer, beneficiary } = await newPayer();
  refused(await pay(payer, beneficiary, '3.01'), 422, 'beneficiary_cooling_off');
  created(await pay(payer, beneficiary, '3.00'));
  await api.editBook('beneficiary_cooling_off_limit_major = 100');
});

test('a beneficiary that is deleted and added again is no new one: what was paid of late counts', async () => {
  const { payer, payee, path, beneficiary } = await newPayer();
  const first = created(await pay(payer, beneficiary, '90.00'));
  assert.equal((await api.delete(`${path}/${beneficiary.id}`)).status, 204);
  refused(await pay(payer, beneficiary, '1.00'), 404, 'not_found');
  assert.equal(created(await api.get<TransactionView>(`/v1/transactions/${first.id}`)).amount, '90.00');
  const body = { name: 'Payee', iban: payee.iban };
  const again = created(await api.post<BeneficiaryView>(path, body));
  refused(await pay(payer, again, '10.01'), 422, 'beneficiary_cooling_off');
  created(await pay(payer, again, '10.00'));
});

test('the limit a day holds from every account of the customer, until the business date ends', async () => {
  const { payer, path, beneficiary } = await newPayer({ limitPerDay: '50.00' });
  const second = await api.newAccount({ customerId: payer.customerId, balance: '100.00' });
  later(1);
  created(await pay(payer, beneficiary, '30.00'));
  const { detail } = refused(await pay(second, beneficiary, '20.01'), 422, 'limit_exceeded');
  assert.equal(detail, 'The limit limitPerDay is 50.00 EUR; 20.00 is left.');
  created(await pay(second, beneficiary, '20.00'));
  refused(await pay(payer, beneficiary, '0.01'), 422, 'limit_exceeded');
  created(await api.patch(`${path}/${beneficiary.id}`, { limitPerDay: '51.00' }, '*'));
  created(await pay(payer, beneficiary, '1.00'));
  refused(await pay(payer, beneficiary, '0.01'), 422, 'limit_exceeded');
  later(1);
  created(await pay(payer, beneficiary, '51.00'));
});

test('what is refused for another reason does not use the limit up, and a repeated key is answered beyond it', async () => {
  const { payer, beneficiary } = await newPayer({ limitPerDay: '50.00' });
  const poor = await api.newAccount({ customerId: payer.customerId });
  later(1);
  refused(await pay(poor, beneficiary, '50.00'), 422, 'insufficient_funds');
  refused(
    await api.pay('/v1/transfers', { ...payment(payer, beneficiary, '1.00'), currency: 'USD' }),
    422,
    'currency_mismatch',
  );
  const key = newKey();
  created(await pay(payer, beneficiary, '50.00', key));
  refused(await pay(payer, beneficiary, '50.00'), 422, 'limit_exceeded');
  assert.equal((await pay(payer, beneficiary, '50.00', key)).status, 201);
  refused(await pay(payer, beneficiary, '49.00', key), 422, 'idempotency_key_reused');
});

test('a batch is held to the limits item by item', async () => {
  const { payer, payee, beneficiary } = await newPayer({ limitPerDay: '50.00' });
  later(1);
  const items = ['20.00', '40.00', '30.00', '0.01'].map((amount) => ({
    type: 'transfer',
    ...payment(payer, beneficiary, amount),
  }));
  const foreign = { ...items[0], beneficiaryId: ABSENT };
  const body = { mode: 'independent', items: [...items, foreign] };
  const { results } = created(
    await api.pay<{ results: { status: string; code?: string }[] }>('/v1/transactions/batch', body),
  );
  assert.deepEqual(
    results.map(({ status, code }) => code ?? status),
    ['posted', 'limit_exceeded', 'posted', 'limit_exceeded', 'not_found'],
  );
  assert.equal(await api.postedBalance(payee), '50.00');
  refused(await pay(payer, beneficiary, '0.01'), 422, 'limit_exceeded');
  const deposit = { type: 'deposit', accountId: payer.id, mode: 'cash', amount: '1.00', currency: 'EUR' };
  const wrong = { mode: 'atomic', items: [{ ...deposit, beneficiaryId: beneficiary.id }] };
  assert.deepEqual(badFields(await api.pay('/v1/transactions/batch', wrong)), ['items[0].beneficiaryId']);
});

test('a beneficiary is paid from accounts that its customer holds, by who may see it', async () => {
  const { payer, beneficiary } = await newPayer();
  const stranger = await api.newAccount({ balance: '100.00' });
  const joint = await api.newAccount({ balance: '100.00' });
  const holder = { customerId: payer.customerId, role: 'authorised' };
  created(await api.post(`/v1/accounts/${joint.id}/holders`, holder));
  await api.leavesNothing(async () => {
    refused(await pay(stranger, beneficiary, '1.00'), 404, 'not_found');
    refused(await pay(payer, ABSENT, '1.00'), 404, 'not_found');
    refused(await pay(payer, 'cus_1', '1.00'), 404, 'not_found');
    const both = { ...payment(payer, beneficiary, '1.00'), toIban: stranger.iban };
    assert.deepEqual(badFields(await api.pay('/v1/transfers', both)), ['toAccountId']);
  });
  created(await pay(joint, beneficiary, '1.00'));
  const owner = await api.as('customer', fromTypeId('customer', joint.customerId));
  const authorised = await api.as('customer', fromTypeId('customer', payer.customerId));
  // It is the holder’s beneficiary, and not the owner’s.
  refused(await owner.pay('/v1/transfers', payment(joint, beneficiary, '1.00')), 404, 'not_found');
  created(await authorised.pay('/v1/transfers', payment(joint, beneficiary, '1.00')));
});

test('the books verify', () => api.assertVerified());
