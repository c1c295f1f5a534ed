import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DepositView } from '#features/deposits/schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import { created, openApi, type Page, refused } from '#test/support/api.ts';
import { Depositing, days, type EventView } from './time-deposits.ts';

const api = await openApi();
created(await api.post('/v1/business-date', { businessDate: '2026-01-31' }));
const bank = new Depositing(api);
await bank.closeThrough('2026-01-31');

const rates = [
  { unit: 'day', from: 1, to: 9, rate: '1.825' },
  { unit: 'day', from: 10, to: 60, rate: '3.65' },
];
const earlyClosure = { rate: 'held_term', penaltyRate: '0.365' };
const tax = [{ name: 'Tax', percent: '25', rounding: 'down' }];
// 10,000.00 at 3.65 % earns 1.00 a day.
await bank.define('fixed_term', { rates, earlyClosure });
await bank.define('taxed_term', { rates, earlyClosure }, { tax });
await bank.define(
  'monthly_term',
  { rates, earlyClosure: { lostDays: 3, reachesPrincipal: true } },
  {
    posting: 'monthly',
    compounding: 'none',
    tax,
  },
);
await bank.define(
  'growing_term',
  { rates, earlyClosure },
  { posting: 'monthly', compounding: 'posting', tax },
);
await bank.define('bound_term', { rates });

const AMOUNT = { amount: '10000.00', term: days(10) };
const opened = (fields: Readonly<Record<string, unknown>> = {}) =>
  bank.opened({ ...AMOUNT, ...fields }, '20000.00');

type Line = { readonly type: string; readonly amount: string; readonly valueDate: string };
const lines = async (id: string) => {
  const { data } = created(await api.get<Page<Line>>(`/v1/accounts/${id}/transactions?limit=100`));
  return data.map(({ type, amount, valueDate }) => `${valueDate} ${type} ${amount}`).toReversed();
};
const kinds = async (deposit: DepositView) => (await bank.events(deposit)).map(({ kind }) => kind);
const next = async ({ id }: DepositView): Promise<DepositView> => {
  const { renewedAsId } = await bank.get({ id });
  return bank.get({ id: renewedAsId ?? 'none' });
};

// All of these are made on 1 February, and mature on the 11th.
const plain = await opened();
const taxed = await opened({ product: 'taxed_term' });
const renewed = await opened({ onMaturity: 'renew' });
const renewedInPart = await opened({
  onMaturity: 'renew_principal',
  renewalTerm: days(20),
  renewalProduct: 'taxed_term',
});
const notOffered = await opened({ onMaturity: 'renew', renewalTerm: days(61) });
const frozen = await opened();
const held = await opened({ onMaturity: 'renew' });
const toFrozen = await opened({ onMaturity: 'renew_principal' });
const monthly = await opened({ product: 'monthly_term', term: days(40) });
const growing = await opened({ product: 'growing_term', term: days(40) });

test('interest accrues in the books each day, and why can be asked', async () => {
  await bank.closeThrough('2026-02-05');
  type Why = {
    readonly accrued: { readonly creditInterest: string };
    readonly segments: readonly { readonly formula: string }[];
  };
  const why = created(await api.get<Why>(`/v1/accounts/${plain.deposit.accountId}/interest`));
  assert.equal(why.accrued.creditInterest, '5.00');
  assert.deepEqual(
    why.segments.map(({ formula }) => formula),
    ['10000.00 × 3.65 % × 5/365 = 5.00'],
  );
});

test('on its last night the interest is posted, and at the maturity all is paid out and the account closed', async () => {
  const reason = { reason: 'court order' };
  created(await api.post(`/v1/accounts/${frozen.deposit.accountId}/freeze`, reason));
  created(await api.post(`/v1/accounts/${toFrozen.from.id}/freeze`, reason));
  const hold = { accountId: held.deposit.accountId, amount: '100.00', currency: 'EUR' };
  created(await api.pay('/v1/holds', hold));
  await bank.closeThrough('2026-02-10');
  assert.deepEqual(await lines(plain.deposit.accountId), [
    '2026-02-01 transfer 10000.00',
    '2026-02-11 interest 10.00',
  ]);
  assert.equal((await bank.get(plain.deposit)).status, 'active');
  await bank.closeThrough('2026-02-11');
  assert.deepEqual((await lines(plain.deposit.accountId)).at(-1), '2026-02-11 transfer -10010.00');
  const { status, endedOn } = await bank.get(plain.deposit);
  assert.deepEqual([status, endedOn, await bank.balance(plain.from)], ['paid_out', '2026-02-11', '20010.00']);
  assert.deepEqual(await kinds(plain.deposit), ['opened', 'matured', 'paid_out']);
  const account = created(
    await api.get<{ readonly status: string }>(`/v1/accounts/${plain.deposit.accountId}`),
  );
  assert.equal(account.status, 'closed');
  // 25 % of 10.00, cut.
  assert.equal(await bank.balance(taxed.from), '20007.50');
  refused(await bank.change(await bank.get(plain.deposit), { onMaturity: 'renew' }), 409, 'deposit_over');
  refused(await bank.close(plain.deposit), 409, 'deposit_over');
});

test('a deposit is renewed with its interest, at the rate of that day, from that day on', async () => {
  const before = await bank.get(renewed.deposit);
  assert.deepEqual([before.status, before.endedOn], ['renewed', '2026-02-11']);
  const after = await next(renewed.deposit);
  const { principal, openedOn, maturesOn, renewsId, onMaturity, rate } = after;
  assert.deepEqual(
    [principal, openedOn, maturesOn, renewsId, onMaturity, rate],
    ['10010.00', '2026-02-11', '2026-02-21', before.id, 'renew', '3.65'],
  );
  assert.equal(await bank.balance(renewed.from), '10000.00');
});

test('with the principal alone, the interest is paid out; for another term and on another product, if it says so', async () => {
  const after = await next(renewedInPart.deposit);
  assert.deepEqual(
    [after.principal, after.product, after.maturesOn],
    ['10000.00', 'taxed_term', '2026-03-03'],
  );
  assert.equal(await bank.balance(renewedInPart.from), '10010.00');
  assert.deepEqual(await kinds(renewedInPart.deposit), ['opened', 'matured', 'renewed', 'paid_out']);
});

test('what cannot be renewed is paid out, and the event says why', async () => {
  const events = await bank.events(notOffered.deposit);
  assert.deepEqual(events.map(({ kind, code }) => [kind, code]).at(-1), [
    'paid_out',
    'deposit_term_not_offered',
  ]);
  assert.equal(await bank.balance(notOffered.from), '20010.00');
});

test('money that cannot move waits, earns nothing, and moves when it can', async () => {
  const waiting = async (deposit: DepositView) => {
    const { status, waitsFor } = await bank.get(deposit);
    return [status, waitsFor];
  };
  assert.deepEqual(await waiting(frozen.deposit), ['matured', 'account_frozen']);
  assert.deepEqual(await waiting(held.deposit), ['matured', 'insufficient_funds']);
  // The principal goes on; the interest waits for the account that is frozen.
  assert.deepEqual(await waiting(toFrozen.deposit), ['matured', 'account_frozen']);
  assert.equal((await next(toFrozen.deposit)).principal, '10000.00');
  assert.equal(await bank.balanceOf(toFrozen.deposit), '10.00');
  await bank.closeThrough('2026-02-13');
  assert.deepEqual(await kinds(frozen.deposit), ['opened', 'matured', 'waiting']);
  created(await api.post(`/v1/accounts/${frozen.deposit.accountId}/unfreeze`, { reason: 'lifted' }));
  created(await api.post(`/v1/accounts/${toFrozen.from.id}/unfreeze`, { reason: 'lifted' }));
  const { data } = created(
    await api.get<Page<{ readonly id: string }>>(`/v1/holds?accountId=${held.deposit.accountId}`),
  );
  created(await api.post(`/v1/holds/${data[0]?.id}/release`, {}));
  await bank.closeThrough('2026-02-14');
  assert.deepEqual(await waiting(frozen.deposit), ['paid_out', null]);
  assert.equal(await bank.balance(frozen.from), '20010.00');
  assert.deepEqual(await waiting(toFrozen.deposit), ['renewed', null]);
  // It was to be renewed, and is now: for days from now on.
  const after = await next(held.deposit);
  assert.deepEqual([after.openedOn, after.principal], ['2026-02-14', '10010.00']);
});

test('interest is paid out each month, with its tax, or stays and earns', async () => {
  await bank.closeThrough('2026-03-01');
  assert.deepEqual(await lines(monthly.deposit.accountId), [
    '2026-02-01 transfer 10000.00',
    '2026-03-01 interest 28.00',
    '2026-03-01 withholding_tax -7.00',
    '2026-03-01 transfer -21.00',
  ]);
  assert.equal(await bank.balance(monthly.from), '10021.00');
  assert.equal(await bank.balanceOf(growing.deposit), '10021.00');
  assert.deepEqual(await kinds(monthly.deposit), ['opened', 'interest_paid']);
});

test('closed early, days are lost and interest that was paid comes out of the principal', async () => {
  // 29 days at 3.65 % are 29.00, less three days; 28.00 were paid before.
  const preview = created(await bank.preview(monthly.deposit));
  const { payout, interest, penalty, posted, recovered, settled } = preview;
  assert.deepEqual(
    [interest, penalty, posted, recovered, settled],
    ['29.00', '3.00', '28.00', '2.00', '-2.00'],
  );
  // The tax of 2.00 comes back: 0.50.
  assert.equal(payout, '9998.50');
  assert.deepEqual({ ...created(await bank.close(monthly.deposit)), status: 'active' }, preview);
  assert.equal(await bank.balance(monthly.from), '20019.50');
  assert.equal((await bank.get(monthly.deposit)).status, 'closed_early');
  assert.deepEqual(await kinds(monthly.deposit), ['opened', 'interest_paid', 'closed_early', 'paid_out']);
});

test('closed early, the rate is that of the days held, and interest that stayed is taken back', async () => {
  // 29 days at 3.65 − 0.365 %: 26.10. 28.00 were posted, and 7.00 of them withheld: 1.90 and 0.47 come back.
  const reasons = { reason: 'Buys a house', customerReason: 'At your request' };
  const closed = created(await bank.close(growing.deposit, reasons));
  assert.deepEqual([closed.rate, closed.interest, closed.settled], ['3.285', '26.10', '-1.90']);
  assert.equal(closed.payout, '10019.57');
  assert.equal(await bank.balance(growing.from), '20019.57');
  const holder = await api.as('customer', fromTypeId('customer', growing.from.customerId));
  const read = async (caller: typeof api) => {
    const { data } = created(
      await caller.get<Page<EventView>>(`/v1/time-deposits/${growing.deposit.id}/events`),
    );
    return data
      .filter(({ kind }) => kind === 'closed_early')
      .map(({ reason, customerReason }) => [reason, customerReason]);
  };
  assert.deepEqual(await read(api), [['Buys a house', 'At your request']]);
  assert.deepEqual(await read(holder), [[null, 'At your request']]);
});

test('on the day it is made a deposit is closed for what was paid in; and not at all where nobody agreed it', async () => {
  const { from, deposit } = await opened();
  assert.equal(created(await bank.close(deposit)).payout, '10000.00');
  assert.equal(await bank.balance(from), '20000.00');
  const { deposit: bound } = await opened({ product: 'bound_term', term: days(1) });
  refused(await bank.preview(bound), 422, 'early_closure_not_agreed');
  refused(await bank.close(bound), 422, 'early_closure_not_agreed');
  await bank.closeThrough('2026-03-02');
  refused(await bank.close(bound), 409, 'deposit_matures');
});

test('a deposit of a customer who died matures for the estate, and is not renewed', async () => {
  const { from, deposit } = await opened({ onMaturity: 'renew' });
  const { deposit: closed } = await opened({ customerId: from.customerId, fromAccountId: from.id });
  created(
    await api.post(`/v1/customers/${from.customerId}/report-death`, {
      deceasedOn: '2026-03-01',
      reason: 'certificate',
    }),
  );
  // Closed early, the money stays where the estate is paid from.
  assert.equal(created(await bank.close(closed)).status, 'closed_early');
  assert.equal(await bank.balanceOf(closed), '10000.00');
  await bank.closeThrough('2026-03-13');
  const { status, waitsFor } = await bank.get(deposit);
  assert.deepEqual([status, waitsFor], ['matured', 'customer_deceased']);
  const payout = { amount: '10010.00', currency: 'EUR', mode: 'cash' };
  const heirs = { ...payout, executorName: 'Grace Hopper', reason: 'certificate of inheritance' };
  created(await api.pay(`/v1/accounts/${deposit.accountId}/estate-payouts`, heirs));
});
