import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { BeneficiaryView } from '#features/beneficiaries/schemas.ts';
import type { IncomingView, OutgoingView } from '#features/payments/schemas.ts';
import type { LineView, TransactionView } from '#features/transactions/schemas.ts';
import { badFields, created, openApi, type Page, refused } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';

const api = await openApi();

const FOREIGN = 'DE89370400440532013000';
const ELSEWHERE = 'GB29NWBK60161331926819';
/** Of this bank, and nobody's. */
const NOBODYS = 'DE28100100109999999999';

const body = (from: AccountView, fields: Record<string, unknown> = {}) => ({
  fromAccountId: from.id,
  toIban: FOREIGN,
  toName: 'Grace Hopper',
  amount: '40.00',
  currency: 'EUR',
  ...fields,
});

async function sendOut(from: AccountView, fields?: Record<string, unknown>): Promise<TransactionView> {
  return created(await api.pay('/v1/transfers', body(from, fields)));
}

const path = ({ id }: { readonly id: string }, verb = '') => `/v1/outgoing-payments/${id}${verb}`;
const settle = (payment: { id: string }, key = newKey()) =>
  api.post<OutgoingView>(path(payment, '/settle'), {}, { 'idempotency-key': key });
const giveBack = (payment: { id: string }, reason = 'AC04 closed account', key = newKey()) =>
  api.pay<OutgoingView>(path(payment, '/return'), { reason }, key);
const reread = async ({ id }: { id: string }) =>
  created(await api.get<TransactionView>(`/v1/transactions/${id}`));

test('a transfer to an IBAN of another bank leaves the payer and waits to be settled', async () => {
  const payer = await api.newAccount({ balance: '100.00' });
  const key = newKey();
  const answer = await api.pay('/v1/transfers', body(payer, { reference: 'RF18' }), key);
  const sent = created(answer);
  assert.equal(sent.type, 'outgoing_payment');
  assert.equal(sent.mode, 'clearing');
  assert.equal(sent.balanceAfter, '60.00');
  assert.equal(sent.counterpartyAccountId, null);
  assert.deepEqual(sent.counterparty, {
    name: 'Grace Hopper',
    bank: null,
    bankCodeType: null,
    iban: FOREIGN,
    account: null,
  });
  const pending = {
    status: 'pending_settlement',
    reason: null,
    customerReason: null,
    updatedAt: '2026-01-14T12:00:00.000Z',
  };
  assert.deepEqual(sent.settlement, pending);
  assert.deepEqual(await reread(sent), sent);
  assert.deepEqual(created(await api.get(path(sent))), {
    id: sent.id,
    status: 'pending_settlement',
    heldFor: null,
    reason: null,
    customerReason: null,
    reasonCode: null,
    returnedOn: null,
    submission: null,
    amount: '40.00',
    currency: 'EUR',
    accountId: payer.id,
    debtorBankName: 'Test bank',
    debtorBic: null,
    creditorName: 'Grace Hopper',
    creditorIban: FOREIGN,
    creditorAccount: { type: 'iban', iban: FOREIGN },
    reference: 'RF18',
    returnTransactionId: null,
    incomingPaymentId: null,
    externalId: null,
    metadata: {},
    businessDate: '2026-01-14',
    createdAt: '2026-01-14T12:00:00.000Z',
    updatedAt: '2026-01-14T12:00:00.000Z',
  });
  api.bank.clock.setMs(api.bank.clock.nowMs() + 60_000);
  assert.equal(created(await settle(sent)).status, 'settled');
  const settled = await reread(sent);
  assert.deepEqual(settled.settlement, {
    ...pending,
    status: 'settled',
    updatedAt: '2026-01-14T12:01:00.000Z',
  });
  assert.equal(settled.status, 'posted');
  assert.equal(await api.postedBalance(payer), '60.00');
  // The first request again: as it was answered then.
  const again = await api.pay('/v1/transfers', body(payer, { reference: 'RF18' }), key);
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  assert.deepEqual(created(again), sent);
  await api.assertVerified();
});

test('a payment that leaves the bank names its payee, one inside it may', async () => {
  const payer = await api.newAccount({ balance: '100.00' });
  const payee = await api.newAccount();
  await api.leavesNothing(async () => {
    const nameless = body(payer, { toName: undefined });
    const { errors } = refused(await api.pay('/v1/transfers', nameless), 422, 'payee_name_required');
    assert.deepEqual(
      errors?.map(({ path }) => path),
      ['toName'],
    );
    for (const toName of ['', ' ', '12', 'x'.repeat(141), 5]) {
      assert.deepEqual(badFields(await api.pay('/v1/transfers', body(payer, { toName }))), ['toName']);
    }
  });
  const batch = { mode: 'independent', items: [{ type: 'transfer', ...body(payer, { toName: undefined }) }] };
  const { results } = created(
    await api.pay<{ results: { code?: string }[] }>('/v1/transactions/batch', batch),
  );
  assert.equal(results[0]?.code, 'payee_name_required');
  const inside = await sendOut(payer, { toIban: payee.iban, toName: ' Ada  ' });
  assert.equal(inside.counterparty?.name, 'Ada');
  const byId = { toAccountId: payee.id, toIban: undefined, toName: 'Ada', amount: '1.00' };
  assert.equal((await sendOut(payer, byId)).counterparty?.name, 'Ada');
  const unnamed = await sendOut(payer, { toIban: payee.iban, toName: undefined });
  assert.equal(unnamed.counterparty?.name, null);
});

test('only this bank knows its own IBANs: one of its own that is nobody’s is no payee', async () => {
  const payer = await api.newAccount({ balance: '100.00' });
  await api.leavesNothing(async () => {
    refused(await api.pay('/v1/transfers', body(payer, { toIban: NOBODYS })), 422, 'unknown_payee');
    assert.deepEqual(badFields(await api.pay('/v1/transfers', body(payer, { toIban: 'DE00' }))), ['toIban']);
    refused(await api.pay('/v1/transfers', body(payer, { currency: 'SEK' })), 422, 'currency_mismatch');
    refused(await api.pay('/v1/transfers', body(payer, { amount: '100.01' })), 422, 'insufficient_funds');
  });
});

test('a return credits the payer with a transaction that takes the payment back', async () => {
  const payer = await api.newAccount({ balance: '100.00' });
  const sent = await sendOut(payer);
  const returned = created(await giveBack(sent, 'AC01 no such account'));
  assert.equal(returned.status, 'returned');
  assert.equal(returned.reason, 'AC01 no such account');
  assert.equal(await api.postedBalance(payer), '100.00');
  const back = await reread({ id: returned.returnTransactionId! });
  assert.deepEqual(
    [back.type, back.reverses, back.amount, back.reason],
    ['reversal', sent.id, '40.00', 'AC01 no such account'],
  );
  const original = await reread(sent);
  assert.equal(original.reversedBy, back.id);
  assert.equal(original.settlement?.status, 'returned');
  const { data } = created(await api.get<Page<LineView>>(`/v1/accounts/${payer.id}/transactions`));
  assert.deepEqual(
    data.map(({ amount }) => amount),
    ['40.00', '-40.00', '100.00'],
  );
});

test('a payment is settled or returned once, a repeated key is answered again', async () => {
  const payer = await api.newAccount({ balance: '200.00' });
  const [one, other] = [await sendOut(payer), await sendOut(payer)];
  const key = newKey();
  const first = created(await giveBack(one, 'AC04', key));
  const again = await giveBack(one, 'AC04', key);
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  assert.deepEqual(created(again), first);
  created(await settle(other, 'settled-once'));
  assert.equal((await settle(other, 'settled-once')).headers.get('idempotent-replayed'), 'true');
  await api.leavesNothing(async () => {
    refused(await giveBack(one, 'AC05', key), 422, 'idempotency_key_reused');
    refused(await settle(one, key), 422, 'idempotency_key_reused');
    refused(await settle(one), 409, 'payment_not_pending');
    refused(await giveBack(one), 409, 'payment_not_pending');
    refused(await settle(other), 409, 'payment_not_pending');
    refused(await settle({ id: 'txn_01h455vb4pex5vsknk084sn02q' }), 404, 'not_found');
    const withoutKey = await api.post(path(one, '/return'), { reason: 'x' });
    refused(withoutKey, 400, 'idempotency_key_required');
    assert.deepEqual(badFields(await giveBack(one, ' ')), ['reason']);
    assert.deepEqual(badFields(await giveBack(one, 'x'.repeat(141))), ['reason']);
  });
  assert.equal(await api.postedBalance(payer), '160.00');
});

test('what left the bank is not reversed by hand, whatever became of it', async () => {
  const payer = await api.newAccount({ balance: '200.00' });
  const [pending, settled] = [await sendOut(payer), await sendOut(payer)];
  created(await settle(settled));
  await api.leavesNothing(async () => {
    for (const { id } of [pending, settled]) {
      const reverse = await api.pay(`/v1/transactions/${id}/reverse`, { reason: 'x' });
      const { detail } = refused(reverse, 422, 'not_reversible');
      assert.match(detail, new RegExp(`POST /v1/outgoing-payments/${id}/return`));
    }
  });
});

test('the money of a closed or frozen payer comes back to suspense, and is resolved from there', async () => {
  const frozen = await api.newAccount({ balance: '40.00' });
  const closed = await api.newAccount({ balance: '40.00' });
  const other = await api.newAccount();
  const [toFrozen, toClosed] = [await sendOut(frozen), await sendOut(closed)];
  created(await api.post(`/v1/accounts/${frozen.id}/freeze`, { reason: 'x' }));
  created(await api.post(`/v1/accounts/${closed.id}/close`, { reason: 'x' }));
  const cases = [
    [toFrozen, frozen, 'account_frozen'],
    [toClosed, closed, 'account_closed'],
  ] as const;
  for (const [payment, account, problem] of cases) {
    const returned = created(await giveBack(payment));
    assert.equal(returned.status, 'returned');
    assert.equal(returned.returnTransactionId, null);
    const waiting = created(
      await api.get<IncomingView>(`/v1/incoming-payments/${returned.incomingPaymentId}`),
    );
    assert.deepEqual(
      [waiting.status, waiting.problem, waiting.iban, waiting.amount, waiting.returnedPaymentId],
      ['unresolved', problem, account.iban, '40.00', payment.id],
    );
    assert.equal(await api.postedBalance(account), '0.00');
    const back = `/v1/incoming-payments/${waiting.id}`;
    refused(await api.pay(`${back}/return`, { reason: 'x' }), 409, 'payment_not_returnable');
    refused(await api.pay(`${back}/resolve`, { accountId: account.id }), 409, problem);
    created(await api.pay(`${back}/resolve`, { accountId: other.id }));
    refused(await api.pay(`${back}/resolve`, { accountId: other.id }), 409, 'payment_not_unresolved');
  }
  assert.equal(await api.postedBalance(other), '80.00');
  await api.assertVerified();
});

test('the money of a payer who was forgotten comes back to suspense, and is settled or not without them', async () => {
  await api.editBook('retention_years = 0');
  const payer = await api.newAccount({ balance: '80.00' });
  const other = await api.newAccount();
  const [lost, kept] = [await sendOut(payer), await sendOut(payer)];
  api.bank.clock.setMs(api.bank.clock.nowMs() + 2 * 86_400_000);
  assert.equal((await api.delete(`/v1/customers/${payer.customerId}`)).status, 204);
  refused(await api.get(`/v1/transactions/${lost.id}`), 404, 'not_found');
  const gone = created(await api.get<OutgoingView>(path(lost)));
  assert.deepEqual([gone.accountId, gone.creditorIban, gone.amount], [null, null, '40.00']);
  const returned = created(await giveBack(lost));
  const waiting = created(await api.get<IncomingView>(`/v1/incoming-payments/${returned.incomingPaymentId}`));
  assert.deepEqual([waiting.iban, waiting.problem], [null, 'account_closed']);
  const resolve = `/v1/incoming-payments/${waiting.id}/resolve`;
  refused(await api.pay(resolve, { accountId: payer.id }), 404, 'not_found');
  created(await api.pay(resolve, { accountId: other.id }));
  created(await settle(kept));
  assert.equal(await api.postedBalance(other), '40.00');
  await api.editBook('retention_years = 10');
  await api.assertVerified();
});

test('payments are listed by what became of them, and transactions too', async () => {
  const payer = await api.newAccount({ balance: '200.00' });
  const sent: TransactionView[] = [];
  for (let count = 0; count < 3; count++) sent.unshift(await sendOut(payer));
  created(await giveBack(sent[1]!));
  const ids = async (query: string) =>
    created(await api.get<Page<{ id: string }>>(query)).data.map(({ id }) => id);
  const pending = await ids('/v1/outgoing-payments?status=pending_settlement&limit=2');
  assert.deepEqual(pending, [sent[0]!.id, sent[2]!.id]);
  const own = `accountId=${payer.id}`;
  assert.deepEqual(await ids(`/v1/transactions?${own}&settlement=returned`), [sent[1]!.id]);
  assert.deepEqual(await ids(`/v1/transactions?${own}&settlement=pending_settlement`), [
    sent[0]!.id,
    sent[2]!.id,
  ]);
  const pages = await api.allPages<OutgoingView>('/v1/outgoing-payments', 2);
  assert.deepEqual(
    pages
      .flat()
      .slice(0, 3)
      .map(({ id }) => id),
    sent.map(({ id }) => id),
  );
});

test('a beneficiary at another bank is paid within its limits, and named', async () => {
  const payer = await api.newAccount({ balance: '200.00' });
  const fields = { name: 'Grace Hopper', iban: FOREIGN, limitPerDay: '50.00' };
  const beneficiary = created(
    await api.post<BeneficiaryView>(`/v1/customers/${payer.customerId}/beneficiaries`, fields),
  );
  const pay = { fromAccountId: payer.id, beneficiaryId: beneficiary.id, currency: 'EUR' };
  const sent = created(await api.pay('/v1/transfers', { ...pay, amount: '50.00' }));
  assert.deepEqual(sent.counterparty, {
    name: 'Grace Hopper',
    bank: null,
    bankCodeType: null,
    iban: FOREIGN,
    account: null,
  });
  refused(await api.pay('/v1/transfers', { ...pay, amount: '0.01' }), 422, 'limit_exceeded');
  const item = { type: 'transfer', ...pay, amount: '1.00' };
  const plain = { type: 'transfer', ...body(payer, { amount: '1.00' }) };
  const others = [ELSEWHERE, NOBODYS].map((toIban) => ({ ...plain, toIban }));
  const batch = { mode: 'independent', items: [item, plain, ...others] };
  const { results } = created(
    await api.pay<{ results: { status: string; code?: string }[] }>('/v1/transactions/batch', batch),
  );
  assert.deepEqual(
    results.map(({ status, code }) => code ?? status),
    ['limit_exceeded', 'limit_exceeded', 'posted', 'unknown_payee'],
  );
  const list = await api.get<Page<OutgoingView>>('/v1/outgoing-payments?limit=1');
  assert.deepEqual([list.body.data[0]?.amount, list.body.data[0]?.status], ['1.00', 'pending_settlement']);
  await api.assertVerified();
});

test('what is done about payments is recorded', async () => {
  const payer = await api.newAccount({ balance: '100.00' });
  const sent = await sendOut(payer);
  created(await giveBack(sent, 'AC04'));
  const rows = await api.asOwner<{ operation: string; after: unknown }>(
    `select operation, after - 'personal' as after from audit_log where resource_id = '${sent.id}' order by audit_id`,
  );
  assert.deepEqual(rows, [
    { operation: 'transfer', after: null },
    { operation: 'returnOutgoingPayment', after: { status: 'returned' } },
  ]);
});
