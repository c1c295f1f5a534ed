import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { AuditEntryView } from '#features/audit/schemas.ts';
import type { ExecutionView, StandingOrderView } from '#features/standing-orders/schemas.ts';
import { badFields, created, openApi, type Page, refused } from '#test/support/api.ts';

const api = await openApi();
const payer = await api.newAccount({ balance: '1000.00' });

type Fields = Readonly<Record<string, unknown>>;

// The book's date is Wednesday, 14 January 2026.
const give = async (to: AccountView, fields: Fields = {}) =>
  created(
    await api.post<StandingOrderView>('/v1/standing-orders', {
      fromAccountId: payer.id,
      toAccountId: to.id,
      amount: '1.00',
      currency: 'EUR',
      startDate: await today(),
      ...fields,
    }),
  );
const change = ({ id }: StandingOrderView, fields: Fields) =>
  api.patch<StandingOrderView>(`/v1/standing-orders/${id}`, fields, '*');
const orderOf = async ({ id }: StandingOrderView) =>
  created(await api.get<StandingOrderView>(`/v1/standing-orders/${id}`));
const executionsOf = async ({ id }: StandingOrderView) =>
  [...created(await api.get<Page<ExecutionView>>(`/v1/standing-orders/${id}/executions`)).data].toReversed();
const datesOf = async (order: StandingOrderView) =>
  (await executionsOf(order)).map(({ dueDate, lastAttemptDate }) => [dueDate, lastAttemptDate]);
const today = async () => created(await api.get<{ businessDate: string }>('/v1/business-date')).businessDate;
const closeThrough = async (until: string) => {
  api.bank.clock.setMs(Date.parse(`${until}T12:00:00Z`));
  created(await api.post('/v1/end-of-day', { until }));
};

test('a due date on a weekend is paid on the next business day, the last one, or that day', async () => {
  const payee = await api.newAccount();
  const saturday = { startDate: '2026-01-17', frequency: 'monthly' };
  const orders = await Promise.all(
    (['following', 'preceding', 'same'] as const).map((businessDays) =>
      give(payee, { ...saturday, businessDays }),
    ),
  );
  assert.deepEqual(
    orders.map(({ nextDueDate, nextRunDate }) => [nextDueDate, nextRunDate]),
    [
      ['2026-01-17', '2026-01-19'],
      ['2026-01-17', '2026-01-16'],
      ['2026-01-17', '2026-01-17'],
    ],
  );
  const [following, preceding, same] = orders as [StandingOrderView, StandingOrderView, StandingOrderView];
  await closeThrough('2026-01-15');
  assert.deepEqual(await datesOf(preceding), []);
  await closeThrough('2026-01-16');
  assert.deepEqual(await datesOf(preceding), [['2026-01-17', '2026-01-16']]);
  assert.deepEqual(await datesOf(same), []);
  await closeThrough('2026-01-17');
  assert.deepEqual(await datesOf(same), [['2026-01-17', '2026-01-17']]);
  await closeThrough('2026-01-19');
  assert.deepEqual(await datesOf(following), [['2026-01-17', '2026-01-19']]);
  for (const order of orders) assert.equal((await orderOf(order)).nextDueDate, '2026-02-17');
  for (const order of orders) created(await api.post(`/v1/standing-orders/${order.id}/cancel`, {}));
  await api.assertVerified();
});

test('an order is paid once, and is over', async () => {
  const payee = await api.newAccount();
  const order = await give(payee, { once: true });
  assert.deepEqual(
    [order.once, order.frequency, order.every, order.dayOfMonth, order.endDate],
    [true, null, null, null, order.startDate],
  );
  assert.deepEqual(badFields(await api.leavesNothing(() => change(order, { skipNext: true }))), ['skipNext']);
  await closeThrough(await today());
  const { status, nextDueDate } = await orderOf(order);
  assert.deepEqual([status, nextDueDate], ['ended', null]);
  assert.equal(await api.postedBalance(payee), '1.00');
  refused(await change(order, { amount: '2.00' }), 409, 'standing_order_not_active');
});

test('an order is paid every two weeks, the next one is left out, and all of it is changed', async () => {
  const payee = await api.newAccount();
  const start = await today();
  const order = await give(payee, { every: { count: 2, unit: 'week' }, startDate: '2026-02-02' });
  assert.ok(start < '2026-02-02');
  assert.deepEqual([order.frequency, order.every], [null, { count: 2, unit: 'week' }]);
  const next = async (fields: Fields) => created(await change(order, fields)).nextDueDate;
  assert.equal(await next({ skipNext: true }), '2026-02-16');
  assert.equal(await next({ businessDays: 'preceding' }), '2026-02-16');
  assert.equal(await next({ every: { count: 3, unit: 'day' } }), '2026-02-16');
  assert.equal(await next({ frequency: 'monthly' }), '2026-02-16');
  assert.equal(await next({ dayOfMonth: 31 }), '2026-02-28');
  assert.equal(await next({ skipNext: true }), '2026-03-31');
  assert.equal(await next({ startDate: '2026-02-05', dayOfMonth: 10 }), '2026-02-10');
  assert.equal(await next({ frequency: 'weekly', startDate: '2026-02-06' }), '2026-02-06');
  assert.equal(await next({ once: true, startDate: '2026-02-09' }), '2026-02-09');
  assert.equal((await orderOf(order)).endDate, '2026-02-09');
  assert.equal(await next({ frequency: 'yearly', endDate: null }), '2026-02-09');
  assert.equal((await orderOf(order)).endDate, null);
  const bad = async (fields: Fields) => badFields(await api.leavesNothing(() => change(order, fields)));
  assert.deepEqual(await bad({ frequency: 'weekly', dayOfMonth: 3 }), ['dayOfMonth']);
  assert.deepEqual(await bad({ frequency: 'weekly', once: true }), ['frequency']);
  assert.deepEqual(await bad({ startDate: '2026-01-01' }), ['startDate']);
  created(await api.post(`/v1/standing-orders/${order.id}/cancel`, {}));
});

test('an order to a payee who has closed the account is suspended after three failures, says why, and is resumed', async () => {
  const payee = await api.newAccount();
  const order = await give(payee, { every: { count: 1, unit: 'day' }, businessDays: 'same' });
  created(await api.post(`/v1/accounts/${payee.id}/close`, { reason: 'moved' }));
  const first = await today();
  const dayAfter = (days: number) =>
    new Date(Date.parse(first) + days * 86_400_000).toISOString().slice(0, 10);
  await closeThrough(dayAfter(1));
  assert.equal((await orderOf(order)).status, 'active');
  await closeThrough(dayAfter(2));
  const suspended = await orderOf(order);
  assert.deepEqual([suspended.status, suspended.suspendedFor], ['suspended', 'account_closed']);
  assert.deepEqual([suspended.nextDueDate, suspended.nextRunDate], [dayAfter(3), null]);
  const admin = await api.as('admin');
  const [row] = created(await admin.get<Page<AuditEntryView>>(`/v1/audit-log?resource=${order.id}`)).data;
  assert.deepEqual([row?.action, row?.after?.suspendedFor], ['suspendStandingOrder', 'account_closed']);
  await closeThrough(dayAfter(4));
  assert.equal((await executionsOf(order)).length, 3);
  const resumed = created(await change(order, { status: 'active' }));
  assert.deepEqual(
    [resumed.status, resumed.suspendedFor, resumed.nextDueDate],
    ['active', null, dayAfter(5)],
  );
  await closeThrough(dayAfter(5));
  assert.equal((await orderOf(order)).status, 'active');
  created(await api.post(`/v1/standing-orders/${order.id}/cancel`, {}));
});

test('what was paid and then returned by the other bank, or reversed, whole or in part, says so', async () => {
  const payee = await api.newAccount();
  const once = { once: true, businessDays: 'same' };
  const [inside, outside] = [
    await give(payee, once),
    await give(payee, {
      ...once,
      toAccountId: undefined,
      toIban: 'GB29NWBK60161331926819',
      toName: 'Gas Board',
    }),
  ];
  await closeThrough(await today());
  const paid = async (order: StandingOrderView) => (await executionsOf(order))[0]!;
  const [one, other] = [await paid(inside), await paid(outside)];
  assert.deepEqual([one.status, other.status], ['paid', 'paid']);
  const takeBack = async (amount?: string) => {
    const body = { reason: 'mistake', ...(amount && { amount }) };
    return created(await api.pay(`/v1/transactions/${one.transactionId}/reverse`, body));
  };
  const part = await takeBack('0.40');
  const partly = await paid(inside);
  assert.deepEqual([partly.status, partly.reversedBy], ['partly_reversed', part.id]);
  const reversal = await takeBack();
  created(await api.pay(`/v1/outgoing-payments/${other.transactionId}/return`, { reason: 'AC04' }));
  const [reversed, returned] = [await paid(inside), await paid(outside)];
  assert.deepEqual([reversed.status, reversed.reversedBy], ['reversed', reversal.id]);
  assert.equal(returned.status, 'returned');
  assert.match(returned.reversedBy!, /^txn_/);
  await api.assertVerified();
});
