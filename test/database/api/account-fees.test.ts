import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { FeeView } from '#features/charges/schemas.ts';
import type { StandingOrderView } from '#features/standing-orders/schemas.ts';
import type { LineView, TransactionView } from '#features/transactions/schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import { isoDate } from '#lib/time/dates.ts';
import { type Answer, badFields, created, openApi, type Page, refused } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';
import { vectorsOf, withoutVectors } from '#test/unit/features/interest/deposit-vectors.ts';

const api = await openApi();

type Fields = Readonly<Record<string, unknown>>;
const define = async (code: string, fees: readonly Fields[], fields: Fields = {}): Promise<void> => {
  const product = { code, currency: 'EUR', kind: 'current', name: 'With fees', fees, ...fields };
  created(await api.post('/v1/products', product));
};
const fee = (fields: Fields): Fields => ({ code: 'fee', name: 'Fee', amount: '5.00', ...fields });
const feesOf = async ({ id }: AccountView, query = ''): Promise<readonly FeeView[]> =>
  created(await api.get<Page<FeeView>>(`/v1/accounts/${id}/fees?${query}`)).data.toReversed();
const told = (fees: readonly FeeView[]) =>
  fees.map(({ code, status, total, dueOn, notCharged }) => [code, status, total, dueOn, notCharged]);
const linesOf = async ({ id }: AccountView): Promise<(readonly string[])[]> => {
  const { data } = created(await api.get<Page<LineView>>(`/v1/accounts/${id}/transactions`));
  return data.map(({ type, amount, balanceAfter, description }) => [
    type,
    amount,
    balanceAfter,
    description ?? '',
  ]);
};
const closeThrough = async (until: string): Promise<void> => {
  await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate(until));
};
const moveTo = async (businessDate: string): Promise<void> => {
  created(await api.post('/v1/business-date', { businessDate }));
};
const decide = (
  account: AccountView,
  { id }: FeeView,
  act: 'waive' | 'refund',
  reason: unknown = 'goodwill',
  customerReason?: string,
): Promise<Answer> =>
  api.post(`/v1/accounts/${account.id}/fees/${id}/${act}`, {
    reason,
    ...(customerReason && { customerReason }),
  });
/** Staff read why, and the holder what is meant for them. */
async function isTold(
  account: AccountView,
  { id }: FeeView,
  [reason, told]: (string | null)[],
): Promise<void> {
  const path = `/v1/accounts/${account.id}/fees/${id}`;
  const holder = await api.as('customer', fromTypeId('customer', account.customerId));
  const seen = await Promise.all(
    [api, holder].map(async (caller) => created(await caller.get<FeeView>(path))),
  );
  assert.deepEqual(
    seen.map((fee) => [fee.reason, fee.customerReason]),
    [
      [reason, told],
      [null, told],
    ],
  );
}
const withdraw = async (account: AccountView, amount: string): Promise<void> => {
  created(await api.pay('/v1/withdrawals', { accountId: account.id, amount, currency: 'EUR', mode: 'cash' }));
};

await moveTo('2026-01-31');
await closeThrough('2026-01-31');
const tax = { name: 'VAT 20 %', percent: '20' };
await define('monthly', [
  fee({ code: 'month', name: 'Account', event: 'monthly', tax, waivers: [{ lowestBalance: '1000.00' }] }),
  fee({ code: 'year', name: 'Card', event: 'yearly', amount: '12.00' }),
]);
const rich = await api.newAccount({ product: 'monthly', balance: '1000.00' });
const poor = await api.newAccount({ product: 'monthly', balance: '100.00' });
const empty = await api.newAccount({ product: 'monthly' });

test('a monthly fee falls due on the last day of the month, and says why it was charged or not', async () => {
  await closeThrough('2026-02-27');
  assert.deepEqual(await feesOf(poor), []);
  await closeThrough('2026-02-28');
  assert.deepEqual(told(await feesOf(poor)), [['month', 'charged', '6.00', '2026-02-28', null]]);
  assert.deepEqual(told(await feesOf(rich)), [
    ['month', 'not_charged', '0.00', '2026-02-28', 'lowest_balance'],
  ]);
  assert.deepEqual(told(await feesOf(empty)), [['month', 'due', '6.00', '2026-02-28', null]]);
  assert.deepEqual((await linesOf(poor)).slice(0, 2), [
    ['fee_tax', '-1.00', '94.00', 'VAT 20 %'],
    ['fee', '-5.00', '95.00', 'Account'],
  ]);
  const [charged] = await feesOf(poor);
  assert.deepEqual([charged?.facts.lowestBalance, charged?.facts.monthOfAccount], ['100.00', 1]);
  await api.assertVerified();
});

test('a fee that is due is collected at the end of the day on which there is enough for it', async () => {
  await api.deposit(empty, '5.99');
  await closeThrough('2026-03-01');
  assert.deepEqual(await api.postedBalance(empty), '5.99');
  await api.deposit(empty, '1.00');
  await closeThrough('2026-03-02');
  assert.deepEqual(told(await feesOf(empty)), [['month', 'charged', '6.00', '2026-02-28', null]]);
  assert.deepEqual(await api.postedBalance(empty), '0.99');
  await api.assertVerified();
});

test('many days that are closed at once charge each of their dates', async () => {
  await moveTo('2027-02-01');
  await closeThrough('2027-02-01');
  const fees = await feesOf(poor);
  assert.deepEqual(
    fees.filter(({ code }) => code === 'month').map(({ dueOn }) => dueOn?.slice(0, 7)),
    [
      '2026-02',
      '2026-03',
      '2026-04',
      '2026-05',
      '2026-06',
      '2026-07',
      '2026-08',
      '2026-09',
      '2026-10',
      '2026-11',
      '2026-12',
      '2027-01',
    ],
  );
  const [year] = fees.filter(({ code }) => code === 'year');
  assert.deepEqual([year?.dueOn, year?.total], ['2027-02-01', '12.00']);
  await api.assertVerified();
});

test('a manager waives what is due and gives back what was charged, with a reason', async () => {
  const [first] = await feesOf(poor, 'status=charged');
  const before = await api.postedBalance(poor);
  assert.deepEqual(badFields(await decide(poor, first!, 'refund', '')), ['reason']);
  refused(await decide(poor, first!, 'waive'), 409, 'fee_not_due');
  refused(await decide(rich, first!, 'refund'), 404, 'not_found');
  const refunded = created(await decide(poor, first!, 'refund', 'fraud?', 'Sorry.')) as FeeView;
  await isTold(poor, refunded, ['fraud?', 'Sorry.']);
  assert.deepEqual([refunded.status, refunded.decidedBy === null], ['refunded', false]);
  assert.equal(await api.postedBalance(poor), (Number(before) + 6).toFixed(2));
  assert.deepEqual(
    (await linesOf(poor)).slice(0, 2).map(([type, amount]) => [type, amount]),
    [
      ['fee_tax', '1.00'],
      ['fee', '5.00'],
    ],
  );
  const given = created(await api.get<TransactionView>(`/v1/transactions/${refunded.refundId}`));
  assert.deepEqual(
    [given.reference, given.reason, given.description],
    [first?.transactionId, 'fraud?', 'Sorry.'],
  );
  refused(await decide(poor, first!, 'refund'), 409, 'fee_not_charged');
  const reverse = { reason: 'by another way' };
  refused(await api.pay(`/v1/transactions/${refunded.refundId}/reverse`, reverse), 422, 'not_reversible');

  const drained = await api.newAccount({ product: 'monthly' });
  await closeThrough('2027-02-28');
  const [due] = await feesOf(drained, 'status=due');
  refused(await decide(drained, due!, 'refund'), 409, 'fee_not_charged');
  const waived = created(await decide(drained, due!, 'waive')) as FeeView;
  assert.deepEqual([waived.status, waived.total], ['waived', '6.00']);
  await isTold(drained, waived, ['goodwill', null]);
  refused(await decide(drained, due!, 'waive'), 409, 'fee_not_due');
  await api.deposit(drained, '50.00');
  await closeThrough('2027-03-01');
  assert.equal(await api.postedBalance(drained), '50.00', 'nobody asks for it any more');
  const teller = await api.as('teller');
  refused(
    await teller.post(`/v1/accounts/${drained.id}/fees/${due?.id}/waive`, { reason: 'x' }),
    403,
    'forbidden',
  );
  await api.assertVerified();
});

test('a payment that is taken back gives back a fee that was collected later, and waives one that is due', async () => {
  await define('queueing', [fee({ event: 'withdrawal', whenShort: 'queue' })]);
  const account = await api.newAccount({ product: 'queueing', balance: '20.00' });
  const taken = async () => (await feesOf(account)).map(({ status }) => status);
  await withdraw(account, '20.00');
  await api.deposit(account, '10.00');
  await closeThrough('2027-03-02');
  assert.deepEqual([await taken(), await api.postedBalance(account)], [['charged'], '5.00']);
  await withdraw(account, '5.00');
  for (const { paymentId } of await feesOf(account)) {
    created(await api.pay(`/v1/transactions/${paymentId}/reverse`, { reason: 'mistake' }));
  }
  assert.deepEqual([await taken(), await api.postedBalance(account)], [['refunded', 'waived'], '30.00']);
  await api.assertVerified();
});

test('a standing order that has failed costs what the terms say, once', async () => {
  await define('ordering', [fee({ event: 'standing_order_failed', amount: '3.00' })]);
  const account = await api.newAccount({ product: 'ordering', balance: '4.00' });
  const order = created(
    await api.post<StandingOrderView>('/v1/standing-orders', {
      fromAccountId: account.id,
      toAccountId: rich.id,
      amount: '50.00',
      currency: 'EUR',
      frequency: 'monthly',
      startDate: '2027-03-04',
    }),
  );
  await closeThrough('2027-03-12');
  const [failed, ...others] = await feesOf(account);
  assert.deepEqual(
    [failed?.total, failed?.status, failed?.about, others.length],
    ['3.00', 'charged', order.id, 0],
  );
  assert.equal(await api.postedBalance(account), '1.00');
  await api.assertVerified();
});

test('the published fees through the API', { skip: withoutVectors }, async () => {
  const vectors = vectorsOf('fees');
  const waivers = [{ lowestBalance: '1000.00' }];
  const interest = { rate: '5.8', interestPer: 'period', posting: 'monthly' };
  await moveTo('2027-03-31');
  await closeThrough('2027-03-31');
  await define('published', [fee({ event: 'monthly', waivers })], { kind: 'savings', interest });
  const conditions = [{ firstMonths: 6 }, { lowestBalance: '500.00' }];
  const monthly = fee({ event: 'monthly', amount: '8.00', waivers: conditions });
  await define('advantage', [monthly], { currency: 'USD', kind: 'savings' });
  const paid = async (id: string, product: string, currency = 'EUR'): Promise<AccountView> => {
    const { input } = vectors.get(id)!;
    const account = await api.newAccount({ product, currency });
    const amount = input.balance ?? input.lowestDailyBalance;
    created(await api.pay('/v1/deposits', { accountId: account.id, amount, currency, mode: 'cash' }));
    return account;
  };
  const [three, four] = [await paid('FEE-3', 'published'), await paid('FEE-4', 'published')];
  const [six, seven] = [await paid('FEE-6', 'advantage', 'USD'), await paid('FEE-7', 'advantage', 'USD')];
  await closeThrough('2027-04-30');
  for (const [id, account] of [
    ['FEE-3', three],
    ['FEE-4', four],
  ] as const) {
    assert.equal(await api.postedBalance(account), vectors.get(id)?.expected.balanceAfter, id);
  }
  await moveTo('2027-10-31');
  await closeThrough('2027-10-31');
  for (const [id, account] of [
    ['FEE-6', six],
    ['FEE-7', seven],
  ] as const) {
    const last = (await feesOf(account)).at(-1);
    assert.deepEqual([last?.total, last?.facts.monthOfAccount], [vectors.get(id)?.expected.fee, 7], id);
  }
  await define('bound', [fee({ event: 'transfer', paymentTypes: ['own'], amount: '100.00' })]);
  const { input, expected } = vectors.get('FEE-2')!;
  const payer = await api.newAccount({ product: 'bound', balance: input.balance as string });
  const payee = await api.newAccount();
  await api.transfer(payer, payee, input.transfer as string);
  assert.equal(await api.postedBalance(payer), expected.payerAfter);
  assert.equal(await api.postedBalance(payee), expected.payeeAfter);
  await api.assertVerified();
});
