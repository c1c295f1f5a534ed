import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IncomingView } from '#features/payments/schemas.ts';
import type { TransactionView } from '#features/transactions/schemas.ts';
import { badFields, created, openApi, type Page, refused } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';

const api = await openApi();

const FOREIGN = 'DE89370400440532013000';
const NOBODYS = 'DE28100100109999999999';
const ABSENT = 'inp_01h455vb4pex5vsknk084sn02q';

const payment = (fields: Record<string, unknown> = {}) => ({
  externalReference: newKey(),
  iban: NOBODYS,
  amount: '75.00',
  currency: 'EUR',
  debtorName: 'Grace Hopper',
  debtorIban: FOREIGN,
  reference: 'Invoice 7',
  ...fields,
});
const receive = (body: Record<string, unknown>, key = newKey()) =>
  api.pay<IncomingView>('/v1/incoming-payments', body, key);
const resolve = (id: string, accountId: string, key = newKey()) =>
  api.pay<IncomingView>(`/v1/incoming-payments/${id}/resolve`, { accountId }, key);
const sendBack = (id: string, reason = 'AC01', key = newKey()) =>
  api.pay<IncomingView>(`/v1/incoming-payments/${id}/return`, { reason }, key);

test('a payment from another bank credits the account with its IBAN', async () => {
  const account = await api.newAccount();
  const spaced = account.iban.replaceAll(/(.{4})/g, '$1 ').toLowerCase();
  const answer = await receive(payment({ externalReference: 'X-1', iban: spaced, valueDate: '2026-01-13' }));
  const received = created(answer);
  assert.equal(answer.headers.get('location'), `/v1/incoming-payments/${received.id}`);
  assert.deepEqual(received, {
    id: received.id,
    externalReference: 'X-1',
    status: 'credited',
    problem: null,
    reason: null,
    customerReason: null,
    reasonCode: null,
    returnedOn: null,
    iban: account.iban,
    amount: '75.00',
    currency: 'EUR',
    debtorName: 'Grace Hopper',
    creditorAccount: null,
    debtorIban: FOREIGN,
    debtorAccount: null,
    asReceived: null,
    reference: 'Invoice 7',
    accountId: account.id,
    transactionId: received.transactionId,
    returnTransactionId: null,
    isClaim: false,
    returnedPaymentId: null,
    valueDate: '2026-01-13',
    externalId: null,
    metadata: {},
    createdAt: '2026-01-14T12:00:00.000Z',
    updatedAt: '2026-01-14T12:00:00.000Z',
  });
  assert.deepEqual(created(await api.get(`/v1/incoming-payments/${received.id}`)), received);
  const { body } = await api.get<TransactionView>(`/v1/transactions/${received.transactionId}`);
  assert.equal(body.type, 'incoming_payment');
  assert.equal(body.mode, 'clearing');
  assert.equal(body.balanceAfter, '75.00');
  assert.equal(body.valueDate, '2026-01-13');
  assert.equal(body.settlement, null);
  assert.deepEqual(body.counterparty, {
    name: 'Grace Hopper',
    bank: null,
    bankCodeType: null,
    iban: FOREIGN,
    account: null,
  });
});

test('an external reference is booked once, under whatever key it comes again', async () => {
  const account = await api.newAccount();
  const body = payment({ iban: account.iban });
  const key = newKey();
  const first = created(await receive(body, key));
  for (const again of [await receive(body, key), await receive(body)]) {
    assert.equal(again.headers.get('idempotent-replayed'), 'true');
    assert.deepEqual(created(again), first);
  }
  await api.leavesNothing(async () => {
    refused(await receive({ ...body, amount: '75.01' }), 422, 'external_reference_reused');
    refused(await receive({ ...body, externalReference: newKey() }, key), 422, 'idempotency_key_reused');
  });
  assert.equal(await api.postedBalance(account), '75.00');
});

test('what nobody can be credited with waits in suspense, and says why', async () => {
  const frozen = await api.newAccount();
  const closed = await api.newAccount();
  const dollars = await api.newAccount({ currency: 'USD' });
  created(await api.post(`/v1/accounts/${frozen.id}/freeze`, { reason: 'x' }));
  created(await api.post(`/v1/accounts/${closed.id}/close`, { reason: 'x' }));
  const cases = [
    [NOBODYS, 'unknown_iban'],
    [FOREIGN, 'unknown_iban'],
    [closed.iban, 'account_closed'],
    [frozen.iban, 'account_frozen'],
    [dollars.iban, 'currency_mismatch'],
  ];
  for (const [iban, problem] of cases) {
    const received = created(await receive(payment({ iban })));
    assert.deepEqual(
      [received.status, received.problem, received.accountId, received.transactionId],
      ['unresolved', problem, null, null],
    );
  }
  const { data } = created(await api.get<Page<IncomingView>>('/v1/incoming-payments?status=unresolved'));
  assert.deepEqual(
    data.map(({ problem }) => problem),
    cases.map(([, problem]) => problem).toReversed(),
  );
  const pages = await api.allPages<IncomingView>('/v1/incoming-payments', 2);
  assert.equal(pages.flat().length, new Set(pages.flat().map(({ id }) => id)).size);
  const [found] = data;
  const byReference = `/v1/incoming-payments?externalReference=${found?.externalReference}`;
  assert.deepEqual(created(await api.get<Page<IncomingView>>(byReference)).data, [found]);
  await api.assertVerified();
});

test('what waits is resolved to an account, once', async () => {
  const account = await api.newAccount();
  const dollars = await api.newAccount({ currency: 'USD' });
  const body = payment({ valueDate: '2026-01-10' });
  const first = created(await receive(body));
  await api.leavesNothing(async () => {
    refused(await resolve(first.id, dollars.id), 422, 'currency_mismatch');
    refused(await resolve(first.id, 'acc_01h455vb4pex5vsknk084sn02q'), 404, 'not_found');
    refused(await resolve(ABSENT, account.id), 404, 'not_found');
  });
  const key = newKey();
  const resolved = created(await resolve(first.id, account.id, key));
  assert.equal(resolved.status, 'resolved');
  assert.equal(resolved.accountId, account.id);
  assert.equal(await api.postedBalance(account), '75.00');
  const { body: transaction } = await api.get<TransactionView>(`/v1/transactions/${resolved.transactionId}`);
  assert.deepEqual(
    [transaction.type, transaction.valueDate, transaction.counterparty?.name, transaction.reference],
    ['incoming_payment', '2026-01-10', 'Grace Hopper', 'Invoice 7'],
  );
  const again = await resolve(first.id, account.id, key);
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  assert.deepEqual(created(again), resolved);
  // The payment itself told again is answered as it was, though it was resolved since.
  assert.deepEqual(created(await receive(body)), first);
  await api.leavesNothing(async () => {
    refused(await resolve(first.id, account.id), 409, 'payment_not_unresolved');
    const reverse = `/v1/transactions/${resolved.transactionId}/reverse`;
    refused(await api.pay(reverse, { reason: 'x' }), 422, 'not_reversible');
  });
  await api.assertVerified();
});

test('what waits is sent back, once, and books no transaction of a customer', async () => {
  const account = await api.newAccount();
  const { id } = created(await receive(payment()));
  const key = newKey();
  const returned = created(await sendBack(id, 'AC01 no such account', key));
  assert.deepEqual([returned.status, returned.reason], ['returned', 'AC01 no such account']);
  assert.equal(returned.transactionId, null);
  assert.deepEqual(created(await sendBack(id, 'AC01 no such account', key)), returned);
  await api.leavesNothing(async () => {
    refused(await sendBack(id), 409, 'payment_not_unresolved');
    refused(await resolve(id, account.id), 409, 'payment_not_unresolved');
  });
  await api.assertVerified();
});

test('a payment that is wrong is refused, and nothing is written', async () => {
  const account = await api.newAccount();
  const wrong: [fields: Record<string, unknown>, path: string][] = [
    [{ externalReference: undefined }, 'externalReference'],
    [{ externalReference: ' ' }, 'externalReference'],
    [{ valueDate: '2024-01-14' }, 'valueDate'],
    [{ valueDate: '2026-02-30' }, 'valueDate'],
    [{ currency: 'XXX' }, 'currency'],
    [{ accountId: account.id }, 'accountId'],
  ];
  await api.leavesNothing(async () => {
    for (const [fields, path] of wrong) {
      assert.deepEqual(badFields(await receive(payment(fields))), [path], JSON.stringify(fields));
    }
    for (const amount of ['0', '-1.00', '1.001', 'x']) {
      assert.deepEqual(badFields(await receive(payment({ amount })), 'invalid_amount'), ['amount']);
    }
    refused(await api.post('/v1/incoming-payments', payment()), 400, 'idempotency_key_required');
    const other = await receive(payment({ currency: 'SEK' }));
    refused(other, 422, 'currency_mismatch');
    assert.match(other.text, /The bank keeps no money in SEK\./);
  });
});

test('money that came is booked whatever its texts are, and they are kept as they came', async () => {
  const account = await api.newAccount();
  const long = `Rent for ${'January and '.repeat(20)}`;
  const texts = {
    debtorName: ' Grace\tHopper\r\n',
    debtorIban: '021000021 / 000123456789',
    reference: `Line one\nline two ${long}`,
  };
  const body = payment({ ...texts, iban: account.iban, externalReference: `A\n${'x'.repeat(200)}` });
  const received = created(await receive(body));
  assert.deepEqual([received.status, received.accountId], ['credited', account.id]);
  assert.deepEqual(
    [received.debtorName, received.debtorIban, received.debtorAccount],
    ['Grace Hopper', null, '021000021 / 000123456789'],
  );
  assert.match(received.reference ?? '', /^Line one line two Rent for /);
  assert.ok(Array.from(received.reference ?? '').length <= 140);
  assert.equal(received.externalReference?.length, 140);
  assert.deepEqual(received.asReceived, {
    externalReference: body.externalReference,
    debtorName: texts.debtorName,
    reference: texts.reference,
  });
  // Again, and one that begins the same: each is what it is.
  assert.deepEqual(created(await receive(body)), received);
  const other = created(await receive({ ...body, externalReference: `${body.externalReference}y` }));
  assert.notEqual(other.id, received.id);
  const { body: transaction } = await api.get<TransactionView>(`/v1/transactions/${received.transactionId}`);
  assert.equal(transaction.counterparty?.account, '021000021 / 000123456789');
  await api.assertVerified();
});

test('an account that is no IBAN goes to suspense, and none at all too', async () => {
  const cases: [iban: string | undefined, problem: string, creditorAccount: string | null][] = [
    ['000123456789', 'unknown_account', '000123456789'],
    ['DE29100100109999999999', 'unknown_account', 'DE29100100109999999999'],
    ['x'.repeat(50), 'unknown_account', 'x'.repeat(35)],
    [' ', 'unknown_account', null],
    [undefined, 'unknown_account', null],
    [NOBODYS, 'unknown_iban', null],
  ];
  for (const [iban, problem, creditorAccount] of cases) {
    const received = created(await receive(payment({ iban })));
    assert.deepEqual(
      [received.status, received.problem, received.creditorAccount, received.iban],
      ['unresolved', problem, creditorAccount, iban === NOBODYS ? NOBODYS : null],
    );
  }
  await api.assertVerified();
});

test('payments that came are the bank’s business, and recorded', async () => {
  const account = await api.newAccount();
  const received = created(await receive(payment({ iban: account.iban })));
  const rows = await api.asOwner(
    `select operation, after - 'personal' as after, after #>> '{personal,of}' as of
     from audit_log where resource_id = '${received.id}'`,
  );
  assert.deepEqual(rows, [
    {
      operation: 'receivePayment',
      after: { status: 'credited', problem: null, accountId: account.id },
      of: account.customerId,
    },
  ]);
});

test('what was credited to a customer who is gone is not booked again, under whichever key', async () => {
  await api.editBook('retention_years = 0');
  const customer = await api.newCustomer();
  const account = await api.newAccount({ customerId: customer.id });
  const payment = { iban: account.iban, amount: '5.00', currency: 'EUR', externalReference: 'GONE-1' };
  const key = newKey();
  created(await api.pay('/v1/incoming-payments', payment, key));
  await api.withdraw(account, '5.00');
  created(await api.post(`/v1/accounts/${account.id}/close`, { reason: 'leaves' }));
  created(await api.post(`/v1/customers/${customer.id}/close`, {}));
  const erased = await api.post(`/v1/customers/${customer.id}/erase`, {
    reason: 'asked for',
    overrideRetention: true,
  });
  assert.ok(erased.status < 300, erased.text);
  for (const again of [key, newKey()]) {
    refused(
      await api.leavesNothing(() => api.pay('/v1/incoming-payments', payment, again)),
      409,
      'answer_erased',
    );
  }
  const other = { ...payment, amount: '6.00' };
  const call = () => api.pay('/v1/incoming-payments', other, newKey());
  refused(await api.leavesNothing(call), 422, 'external_reference_reused');
});
