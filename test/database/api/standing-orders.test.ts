import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { ExecutionView, StandingOrderView } from '#features/standing-orders/schemas.ts';
import type { TransactionView } from '#features/transactions/schemas.ts';
import { ibanOf } from '#lib/iban.ts';
import { fromTypeId } from '#lib/ids.ts';
import { badFields, created, openApi, type Page, refused } from '#test/support/api.ts';

const api = await openApi();
const [payer, payee] = [await api.newAccount({ balance: '100.00' }), await api.newAccount()];

type Fields = Readonly<Record<string, unknown>>;

const order = (fields: Fields = {}): Fields => ({
  fromAccountId: payer.id,
  toAccountId: payee.id,
  amount: '30.00',
  currency: 'EUR',
  frequency: 'monthly',
  startDate: '2026-01-14',
  ...fields,
});

const give = async (fields: Fields = {}): Promise<StandingOrderView> =>
  created(await api.post<StandingOrderView>('/v1/standing-orders', order(fields)));
const executionsOf = async ({ id }: StandingOrderView): Promise<ExecutionView[]> =>
  [...created(await api.get<Page<ExecutionView>>(`/v1/standing-orders/${id}/executions`)).data].toReversed();
const etagOf = async (id: string) => (await api.get(`/v1/standing-orders/${id}`)).headers.get('etag') ?? '';
const closeThrough = async (until: string) => created(await api.post('/v1/end-of-day', { until }));

test('an order says what it pays, when it is due next and on which business day', async () => {
  const view = await give({ startDate: '2026-01-17', description: 'Rent', reference: 'R-1' });
  const { id, createdAt, updatedAt, ...rest } = view;
  assert.match(id, /^so_/);
  assert.deepEqual(rest, {
    fromAccountId: payer.id,
    toAccountId: payee.id,
    toIban: null,
    toAccount: null,
    toName: null,
    beneficiaryId: null,
    toBank: null,
    amount: '30.00',
    currency: 'EUR',
    frequency: 'monthly',
    every: { count: 1, unit: 'month' },
    once: false,
    businessDays: 'following',
    dayOfMonth: 17,
    startDate: '2026-01-17',
    endDate: null,
    nextDueDate: '2026-01-17',
    nextRunDate: '2026-01-19',
    status: 'active',
    suspendedFor: null,
    description: 'Rent',
    reference: 'R-1',
    purpose: null,
    externalId: null,
    metadata: {},
  });
  assert.equal(createdAt, updatedAt);
  assert.deepEqual((await api.get<StandingOrderView>(`/v1/standing-orders/${id}`)).body, view);
  created(await api.post(`/v1/standing-orders/${id}/cancel`, {}));
});

test('an order for the 31st is due on the last day of a short month', async () => {
  const view = await give({ startDate: '2026-02-01', dayOfMonth: 31 });
  assert.deepEqual([view.nextDueDate, view.dayOfMonth], ['2026-02-28', 31]);
  assert.equal((await give({ frequency: 'weekly', startDate: '2026-02-02' })).dayOfMonth, null);
});

const BAD: readonly (readonly [name: string, fields: Fields, path: string])[] = [
  ['a start in the past', { startDate: '2026-01-13' }, 'startDate'],
  ['a start in eleven years', { startDate: '2037-01-14' }, 'startDate'],
  ['a start that is no date', { startDate: '2026-02-29' }, 'startDate'],
  ['no start', { startDate: undefined }, 'startDate'],
  ['an end before the start', { startDate: '2026-02-14', endDate: '2026-02-13' }, 'endDate'],
  ['an end before the first due date', { dayOfMonth: 20, endDate: '2026-01-19' }, 'endDate'],
  ['day 32', { dayOfMonth: 32 }, 'dayOfMonth'],
  ['day 0', { dayOfMonth: 0 }, 'dayOfMonth'],
  ['half a day', { dayOfMonth: 1.5 }, 'dayOfMonth'],
  ['a day of the month for a week', { frequency: 'weekly', dayOfMonth: 1 }, 'dayOfMonth'],
  ['a frequency of nobody’s', { frequency: 'daily' }, 'frequency'],
  ['two payees', { toIban: payee.iban }, 'toAccountId'],
  ['no payee', { toAccountId: undefined }, 'toAccountId'],
  ['an IBAN with wrong check digits', { toAccountId: undefined, toIban: 'DE00100100101000000001' }, 'toIban'],
  ['two frequencies', { every: { count: 2, unit: 'week' } }, 'frequency'],
  ['no frequency', { frequency: undefined }, 'frequency'],
  ['a frequency that is not once', { frequency: undefined, once: false }, 'frequency'],
  ['every no weeks', { frequency: undefined, every: { count: 0, unit: 'week' } }, 'every.count'],
  ['every two Fridays', { frequency: undefined, every: { count: 2, unit: 'friday' } }, 'every.unit'],
  [
    'a day of the month for days',
    { frequency: undefined, every: { count: 2, unit: 'day' }, dayOfMonth: 1 },
    'dayOfMonth',
  ],
  ['an end of what is paid once', { frequency: undefined, once: true, endDate: '2026-02-14' }, 'endDate'],
  ['business days of nobody’s', { businessDays: 'nearest' }, 'businessDays'],
  ['a text of nothing', { description: ' ' }, 'description'],
  ['a field of nobody’s', { interval: 2 }, 'interval'],
];
for (const [name, fields, path] of BAD) {
  test(`${name} is refused, and leaves nothing`, async () => {
    await api.leavesNothing(async () => {
      assert.deepEqual(badFields(await api.post('/v1/standing-orders', order(fields))), [path]);
    });
  });
}

test('amounts, accounts and currencies that do not fit are refused, and leave nothing', async () => {
  const francs = await api.newAccount({ currency: 'CHF' });
  const closed = await api.newAccount();
  created(await api.post(`/v1/accounts/${closed.id}/close`, { reason: 'Left' }));
  await api.leavesNothing(async () => {
    const refusedWith = async (status: number, code: string, fields: Fields) =>
      refused(await api.post('/v1/standing-orders', order(fields)), status, code);
    for (const amount of ['0.00', '-1.00', '1.001', '1e2', ''])
      await refusedWith(400, 'invalid_amount', { amount });
    await refusedWith(404, 'not_found', { fromAccountId: 'acc_01h455vb4pex5vsknk084sn02q' });
    await refusedWith(404, 'not_found', { toAccountId: 'acc_01h455vb4pex5vsknk084sn02q' });
    await refusedWith(422, 'same_account', { toAccountId: payer.id });
    await refusedWith(422, 'currency_mismatch', { toAccountId: francs.id });
    await refusedWith(422, 'currency_mismatch', { currency: 'CHF' });
    await refusedWith(409, 'account_closed', { fromAccountId: closed.id });
    const nobody = { toAccountId: undefined, toIban: ibanOf('DE', '100100109999999999') };
    await refusedWith(422, 'unknown_payee', nobody);
  });
});

test('what is due is paid once, at the end of its day, to an account or to its IBAN', async () => {
  const byIban = await give({
    toAccountId: undefined,
    toIban: payee.iban,
    amount: '5.00',
    frequency: 'weekly',
  });
  const byId = await give({ description: 'Pocket money' });
  await closeThrough('2026-01-14');
  await closeThrough('2026-01-14');
  assert.equal(await api.postedBalance(payee), '35.00');
  const [execution, ...others] = await executionsOf(byId);
  assert.deepEqual(others, []);
  const { transactionId, ...rest } = execution!;
  assert.deepEqual(rest, {
    dueDate: '2026-01-14',
    status: 'paid',
    attempts: 1,
    lastAttemptDate: '2026-01-14',
    nextAttemptDate: null,
    code: null,
    reversedBy: null,
  });
  const transaction = (await api.get<Fields>(`/v1/transactions/${transactionId}`)).body;
  assert.deepEqual(
    [transaction.type, transaction.amount, transaction.businessDate, transaction.description],
    ['transfer', '30.00', '2026-01-14', 'Pocket money'],
  );
  const shown = created(await api.get<StandingOrderView>(`/v1/standing-orders/${byIban.id}`));
  assert.deepEqual([shown.nextDueDate, shown.nextRunDate], ['2026-01-21', '2026-01-21']);
  created(await api.post(`/v1/standing-orders/${byIban.id}/cancel`, {}));
  created(await api.post(`/v1/standing-orders/${byId.id}/cancel`, {}));
});

test('an IBAN of another bank is paid through clearing, and waits to be settled', async () => {
  const elsewhere = { toAccountId: undefined, toIban: 'GB29NWBK60161331926819', startDate: '2026-01-15' };
  refused(await api.post('/v1/standing-orders', order(elsewhere)), 422, 'payee_name_required');
  const view = await give({ ...elsewhere, toName: 'Gas Board', amount: '2.00' });
  api.bank.clock.setMs(Date.UTC(2026, 0, 15, 12));
  await closeThrough('2026-01-15');
  const [execution] = await executionsOf(view);
  assert.equal(execution?.status, 'paid');
  const { body } = await api.get<TransactionView>(`/v1/transactions/${execution.transactionId}`);
  assert.deepEqual(
    [body.type, body.mode, body.settlement?.status, body.counterparty?.name],
    ['outgoing_payment', 'clearing', 'pending_settlement', 'Gas Board'],
  );
  created(await api.post(`/v1/standing-orders/${view.id}/cancel`, {}));
});

/** An account with an order that it cannot pay, due on a Friday. */
async function poorPayer(balance?: string): Promise<[AccountView, StandingOrderView]> {
  const poor = await api.newAccount(balance === undefined ? {} : { balance });
  return [poor, await give({ fromAccountId: poor.id, startDate: '2026-01-16', amount: '40.00' })];
}

test('with too little money it is tried again on the next two business days, and then has failed', async () => {
  api.bank.clock.setMs(Date.UTC(2026, 0, 16, 12));
  const [, neverPaid] = await poorPayer();
  const [late, paidLate] = await poorPayer('10.00');
  created(await api.post('/v1/holidays', { date: '2026-01-19', name: 'Bridge day' }));
  await closeThrough('2026-01-16');
  assert.deepEqual(await executionsOf(neverPaid), [
    {
      dueDate: '2026-01-16',
      status: 'retrying',
      attempts: 1,
      lastAttemptDate: '2026-01-16',
      nextAttemptDate: '2026-01-20',
      code: 'insufficient_funds',
      transactionId: null,
      reversedBy: null,
    },
  ]);
  api.bank.clock.setMs(Date.UTC(2026, 0, 21, 12));
  await closeThrough('2026-01-20');
  const [second] = await executionsOf(neverPaid);
  assert.deepEqual([second?.attempts, second?.nextAttemptDate], [2, '2026-01-21']);
  await api.deposit(late, '30.00');
  await closeThrough('2026-01-21');
  const [failed] = await executionsOf(neverPaid);
  assert.deepEqual([failed?.status, failed?.attempts, failed?.code], ['failed', 3, 'insufficient_funds']);
  const [paid] = await executionsOf(paidLate);
  assert.deepEqual([paid?.status, paid?.attempts, paid?.lastAttemptDate], ['paid', 3, '2026-01-21']);
  const { nextDueDate } = created(await api.get<StandingOrderView>(`/v1/standing-orders/${neverPaid.id}`));
  assert.equal(nextDueDate, '2026-02-16');
  const { data } = created(
    await api.get<Page<{ steps: { name: string; counts: Fields }[] }>>('/v1/end-of-day?limit=1'),
  );
  assert.deepEqual(data[0]?.steps.find(({ name }) => name === 'standing-orders')?.counts, {
    paid: 1,
    failed: 1,
  });
  await api.assertVerified();
});

test('a frozen payer is asked again, a closed one ends its orders', async () => {
  api.bank.clock.setMs(Date.UTC(2026, 0, 22, 12));
  const frozen = await api.newAccount({ balance: '50.00' });
  const gone = await api.newAccount();
  const orders = [
    await give({ fromAccountId: frozen.id, startDate: '2026-01-22' }),
    await give({ fromAccountId: gone.id, startDate: '2026-01-22' }),
  ];
  created(await api.post(`/v1/accounts/${frozen.id}/freeze`, { reason: 'Asked' }));
  created(await api.post(`/v1/accounts/${gone.id}/close`, { reason: 'Left' }));
  await closeThrough('2026-01-22');
  const outcomes = (await Promise.all(orders.map(executionsOf))).flat();
  assert.deepEqual(
    outcomes.map(({ status, code }) => [status, code]),
    [
      ['retrying', 'account_frozen'],
      ['failed', 'account_closed'],
    ],
  );
  const closedOrder = created(await api.get<StandingOrderView>(`/v1/standing-orders/${orders[1]?.id}`));
  assert.deepEqual([closedOrder.status, closedOrder.nextDueDate], ['cancelled', null]);
});

test('a paused order pays nothing, and goes on with what is due after it is resumed', async () => {
  api.bank.clock.setMs(Date.UTC(2026, 0, 23, 12));
  const rich = await api.newAccount({ balance: '500.00' });
  const { id } = await give({ fromAccountId: rich.id, frequency: 'weekly', startDate: '2026-01-23' });
  const path = `/v1/standing-orders/${id}`;
  const paused = created(await api.patch<StandingOrderView>(path, { status: 'paused' }, await etagOf(id)));
  assert.deepEqual([paused.status, paused.nextDueDate, paused.nextRunDate], ['paused', '2026-01-23', null]);
  await closeThrough('2026-01-23');
  api.bank.clock.setMs(Date.UTC(2026, 0, 30, 12));
  await closeThrough('2026-01-29');
  const resumed = created(await api.patch<StandingOrderView>(path, { status: 'active' }, await etagOf(id)));
  assert.deepEqual([resumed.status, resumed.nextDueDate], ['active', '2026-01-30'], 'today');
  assert.equal(await api.postedBalance(rich), '500.00');
});

test('an order changes by its version alone, and ends with its last due date', async () => {
  const rich = await api.newAccount({ balance: '500.00' });
  const view = await give({ fromAccountId: rich.id, startDate: '2026-01-30', frequency: 'weekly' });
  const path = `/v1/standing-orders/${view.id}`;
  const etag = await etagOf(view.id);
  refused(await api.patch(path, { amount: '1.00' }, undefined), 428, 'precondition_required');
  refused(await api.patch(path, { amount: '0.00' }, etag), 400, 'invalid_amount');
  assert.deepEqual(badFields(await api.patch(path, { endDate: '2026-01-29' }, etag)), ['endDate']);
  assert.deepEqual(badFields(await api.patch(path, {}, etag)), ['body']);
  const changes = { amount: '12.50', endDate: '2026-02-12', description: 'Less' };
  const changed = created(await api.patch<StandingOrderView>(path, changes, etag));
  assert.deepEqual([changed.amount, changed.endDate, changed.description], ['12.50', '2026-02-12', 'Less']);
  refused(await api.patch(path, { amount: '1.00' }, etag), 412, 'version_conflict');
  await closeThrough('2026-01-30');
  const unended = created(await api.patch<StandingOrderView>(path, { endDate: null }, await etagOf(view.id)));
  assert.equal(unended.endDate, null);
  created(await api.patch(path, { endDate: '2026-02-06' }, await etagOf(view.id)));
  api.bank.clock.setMs(Date.UTC(2026, 1, 6, 12));
  await closeThrough('2026-02-06');
  const ended = created(await api.get<StandingOrderView>(path));
  assert.deepEqual([ended.status, ended.nextDueDate, ended.nextRunDate], ['ended', null, null]);
  assert.equal(await api.postedBalance(rich), '475.00');
  refused(await api.patch(path, { amount: '1.00' }, '*'), 409, 'standing_order_not_active');
  refused(await api.post(`${path}/cancel`, {}), 409, 'standing_order_not_active');
});

test('a customer sees the orders of what it holds, and gives them as owner or joint holder', async () => {
  const [owner, helper] = [await api.newCustomer(), await api.newCustomer()];
  const own = await api.newAccount({ customerId: owner.id, balance: '10.00' });
  created(await api.post(`/v1/accounts/${own.id}/holders`, { customerId: helper.id, role: 'authorised' }));
  const asOwner = await api.as('customer', fromTypeId('customer', owner.id));
  const asHelper = await api.as('customer', fromTypeId('customer', helper.id));
  const request = order({ fromAccountId: own.id, startDate: '2026-02-10' });
  refused(await asHelper.post('/v1/standing-orders', request), 403, 'forbidden');
  refused(await asOwner.post('/v1/standing-orders', order({ startDate: '2026-02-10' })), 404, 'not_found');
  const { id } = created(await asOwner.post<StandingOrderView>('/v1/standing-orders', request));
  const path = `/v1/standing-orders/${id}`;
  assert.equal((await asHelper.get(path)).status, 200);
  refused(await asHelper.post(`${path}/cancel`, {}), 403, 'forbidden');
  refused(await asHelper.patch(path, { amount: '1.00' }, '*'), 403, 'forbidden');
  const stranger = await api.as('customer', fromTypeId('customer', (await api.newCustomer()).id));
  for (const what of ['', '/executions']) refused(await stranger.get(`${path}${what}`), 404, 'not_found');
  refused(await stranger.patch(path, { amount: '1.00' }, '*'), 404, 'not_found');
  const listOf = async (who: typeof api) =>
    created(await who.get<Page<StandingOrderView>>('/v1/standing-orders')).data.map((one) => one.id);
  assert.deepEqual([await listOf(asOwner), await listOf(asHelper), await listOf(stranger)], [[id], [id], []]);
  assert.equal((await asOwner.post(`${path}/cancel`, {})).status, 200);
});

test('a beneficiary is paid within its limits, and the order ends with it', async () => {
  const customer = await api.newCustomer();
  const own = await api.newAccount({ customerId: customer.id, balance: '900.00' });
  const beneficiaries = `/v1/customers/${customer.id}/beneficiaries`;
  const mine = created(await api.post<{ id: string }>(beneficiaries, { name: 'Ada', iban: payee.iban }));
  const foreign = { fromAccountId: payer.id, toAccountId: undefined, beneficiaryId: mine.id };
  const request = order({ ...foreign, startDate: '2026-02-09' });
  await api.leavesNothing(async () => {
    refused(await api.post('/v1/standing-orders', request), 404, 'not_found');
  });
  // New beneficiaries are paid up to 100.00 in their first day.
  const orders = await Promise.all(
    ['80.00', '30.00'].map((amount) =>
      give({ ...request, fromAccountId: own.id, amount, frequency: 'yearly' }),
    ),
  );
  api.bank.clock.setMs(Date.UTC(2026, 1, 6, 18));
  await api.post('/v1/business-date', { businessDate: '2026-02-09' });
  await closeThrough('2026-02-09');
  const outcomes = (await Promise.all(orders.map(executionsOf))).flat();
  assert.deepEqual(outcomes.map(({ status, code }) => `${status} ${code}`).toSorted(), [
    'paid null',
    'retrying beneficiary_cooling_off',
  ]);
  assert.equal((await api.delete(`${beneficiaries}/${mine.id}?cancelOrders=true`)).status, 204);
  for (const { id } of orders) {
    const { status } = created(await api.get<StandingOrderView>(`/v1/standing-orders/${id}`));
    assert.equal(status, 'cancelled');
  }
  await api.assertVerified();
});

test('orders and what became of them go with the customer', async () => {
  const customer = await api.newCustomer();
  const own = await api.newAccount({ customerId: customer.id });
  const { id } = await give({ fromAccountId: own.id, startDate: '2026-02-10' });
  await closeThrough('2026-02-10');
  assert.equal((await executionsOf({ id } as StandingOrderView)).length, 1);
  assert.equal((await api.delete(`/v1/customers/${customer.id}`)).status, 204);
  refused(await api.get(`/v1/standing-orders/${id}`), 404, 'not_found');
  const rows = await api.asOwner<{ left: bigint }>(`select (select count(*) from standing_order_executions x
    where not exists (select from standing_orders o where o.standing_order_id = x.standing_order_id)) as left`);
  assert.deepEqual(
    rows.map(({ left }) => Number(left)),
    [0],
  );
  await api.assertVerified();
});
