import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DepositView } from '#features/deposits/schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import { created, openApi, type Page, refused } from '#test/support/api.ts';
import { brokenLaws } from '#test/support/verified.ts';
import { Depositing, days, months } from './time-deposits.ts';

const api = await openApi();
created(await api.post('/v1/business-date', { businessDate: '2026-01-31' }));
const bank = new Depositing(api);
await bank.closeThrough('2026-01-31');
await bank.defineRecurring('saving_plan', {}, { deposit: { earlyClosure: { penaltyRate: '0.365' } } });
await bank.defineRecurring('with_grace', { graceDays: 3, missedFee: '2.50' });
await bank.defineRecurring('cut', { missedRateCut: '1.825' });
await bank.defineRecurring('postponed', { postponesMaturity: true });
await bank.defineRecurring(
  'closing',
  { closedAfterMissed: 2 },
  { deposit: { earlyClosure: { rate: 'booked', penaltyRate: '1.825' } } },
);
await bank.define('fixed_term', {
  rates: [
    { unit: 'month', from: 1, rate: '3' },
    { unit: 'day', from: 1, rate: '3.65' },
  ],
});

const shown = async (deposit: Pick<DepositView, 'id'>) =>
  (await bank.instalments(deposit)).map(({ number, dueOn, status, paidOn, code, fee }) =>
    [number, dueOn, status, paidOn, code, fee].filter((part) => part !== null).join(' '),
  );
const kinds = async (deposit: DepositView) => (await bank.events(deposit)).map(({ kind }) => kind);
const dep = (account: { readonly id: string }, amount: string) =>
  api.pay('/v1/deposits', { accountId: account.id, amount, currency: 'EUR', mode: 'cash' }).then(created);
type Line = { readonly type: string; readonly amount: string; readonly valueDate: string };
const lines = async (id: string) => {
  const { data } = created(await api.get<Page<Line>>(`/v1/accounts/${id}/transactions?limit=100`));
  return data.map(({ type, amount, valueDate }) => `${valueDate} ${type} ${amount}`).toReversed();
};

// All of these are made on 1 February, and collect 100.00 on 8, 15 and 22 February. They mature on 1 March.
const whole = await bank.openedRecurring();
const poor = await bank.openedRecurring({ product: 'with_grace' }, '150.00');
const frozen = await bank.openedRecurring({ product: 'with_grace' });
const cut = await bank.openedRecurring({ product: 'cut' }, '200.00');
const postponed = await bank.openedRecurring({ product: 'postponed' }, '200.00');
const closing = await bank.openedRecurring({ product: 'closing' }, '100.00');
const closingFrozen = await bank.openedRecurring({ product: 'closing' }, '100.00');
const byHand = await bank.openedRecurring({}, '100.00');
const early = await bank.openedRecurring();
const renewed = await bank.openedRecurring({
  onMaturity: 'renew',
  renewalProduct: 'fixed_term',
  renewalTerm: days(30),
});

test('a recurring deposit begins with its first instalment, and says which others follow', async () => {
  const { from, deposit } = whole;
  assert.deepEqual(deposit.instalments, {
    amount: '100.00',
    frequency: 'weekly',
    count: 4,
    missed: 0,
    nextDueOn: '2026-02-08',
    collectFromAccountId: from.id,
  });
  assert.deepEqual([deposit.principal, deposit.maturesOn], ['100.00', '2026-03-01']);
  assert.equal(await bank.balance(from), '4900.00');
  assert.deepEqual(await shown(deposit), [
    '1 2026-02-01 paid 2026-02-01',
    '2 2026-02-08 scheduled',
    '3 2026-02-15 scheduled',
    '4 2026-02-22 scheduled',
  ]);
  const { deposit: monthly } = await bank.openedRecurring({ term: months(12), frequency: 'quarterly' });
  assert.deepEqual(
    (await bank.instalments(monthly)).map(({ dueOn }) => dueOn),
    ['2026-02-01', '2026-05-01', '2026-08-01', '2026-11-01'],
  );
});

test('the quote has the same instalments, and what they come to', async () => {
  const asked = {
    product: 'saving_plan',
    amount: '1000.00',
    currency: 'EUR',
    term: months(3),
    openedOn: '2026-01-31',
  };
  type Quote = DepositView & { readonly payout: string; readonly interest: string };
  const quoted = created(
    await api.post<Quote & { readonly instalments: readonly { readonly dueOn: string }[] }>(
      '/v1/time-deposits/quote',
      { ...asked, frequency: 'monthly' },
    ),
  );
  // The end of a month stays one. 10 cents a day for each 1,000.00: 89, 61 and 30 nights.
  assert.deepEqual(
    quoted.instalments.map(({ dueOn }) => dueOn),
    ['2026-01-31', '2026-02-28', '2026-03-31'],
  );
  assert.deepEqual(
    [quoted.principal, quoted.interest, quoted.payout, quoted.maturesOn],
    ['3000.00', '18.00', '3018.00', '2026-04-30'],
  );
});

test('instalments are collected at the end of their day, and earn from that night on', async () => {
  await bank.closeThrough('2026-02-08');
  assert.deepEqual((await shown(whole.deposit)).slice(0, 2), [
    '1 2026-02-01 paid 2026-02-01',
    '2 2026-02-08 paid 2026-02-08',
  ]);
  assert.equal(await bank.balance(whole.from), '4800.00');
  type Why = { readonly segments: readonly { readonly formula: string }[] };
  const why = created(await api.get<Why>(`/v1/accounts/${whole.deposit.accountId}/interest`));
  assert.deepEqual(
    why.segments.map(({ formula }) => formula),
    ['100.00 × 3.65 % × 7/365 = 0.07', '200.00 × 3.65 % × 1/365 = 0.02'],
  );
});

test('money that is short is tried again for the days of grace, and then the instalment is missed at its fee', async () => {
  assert.deepEqual((await shown(poor.deposit))[1], '2 2026-02-08 due');
  await bank.closeThrough('2026-02-10');
  assert.deepEqual((await shown(poor.deposit))[1], '2 2026-02-08 due');
  await bank.closeThrough('2026-02-11');
  assert.deepEqual((await shown(poor.deposit))[1], '2 2026-02-08 missed insufficient_funds 2.50');
  const { instalments, principal } = await bank.get(poor.deposit);
  assert.deepEqual([instalments?.missed, instalments?.nextDueOn, principal], [1, '2026-02-15', '97.50']);
  assert.deepEqual(await lines(poor.deposit.accountId), [
    '2026-02-01 transfer 100.00',
    '2026-02-11 fee -2.50',
  ]);
  // The next one is paid in its grace: late, and nothing is missed.
  await bank.closeThrough('2026-02-15');
  await dep(poor.from, '100.00');
  await bank.closeThrough('2026-02-16');
  assert.deepEqual((await shown(poor.deposit))[2], '3 2026-02-15 late 2026-02-16');
});

test('an account that is frozen pays nothing, and the deposit says why', async () => {
  // It was not frozen before.
  assert.equal((await shown(frozen.deposit))[2], '3 2026-02-15 paid 2026-02-15');
  created(await api.post(`/v1/accounts/${frozen.from.id}/freeze`, { reason: 'a court order' }));
  await bank.closeThrough('2026-02-25');
  assert.equal((await shown(frozen.deposit))[3], '4 2026-02-22 missed account_frozen 2.50');
});

test('a missed instalment can be paid by hand, the oldest first, and then is late', async () => {
  const { from, deposit } = byHand;
  assert.deepEqual((await shown(deposit)).slice(1), [
    '2 2026-02-08 missed insufficient_funds',
    '3 2026-02-15 missed insufficient_funds',
    '4 2026-02-22 missed insufficient_funds',
  ]);
  refused(await bank.payInstalment(deposit, from), 422, 'insufficient_funds');
  await dep(from, '250.00');
  const paid = created(await bank.payInstalment(deposit, from));
  assert.deepEqual([paid.number, paid.status, paid.paidOn], [2, 'late', '2026-02-26']);
  assert.ok(paid.transactionId);
  assert.equal(created(await bank.payInstalment(deposit, from)).number, 3);
  refused(await bank.payInstalment(deposit, from), 422, 'insufficient_funds');
  assert.deepEqual([await bank.balance(from), await bank.balanceOf(deposit)], ['50.00', '300.00']);
  const { instalments, principal } = await bank.get(deposit);
  assert.deepEqual([instalments?.missed, principal], [3, '300.00']);
  refused(await bank.payInstalment(whole.deposit, whole.from), 409, 'instalment_not_due');
});

test('each missed instalment cuts the rate from its day on', async () => {
  // 100.00 and 200.00 at 3.65 %: a cent and two a day. From the 15th on at 1.825, from the 22nd on at nothing.
  type Why = { readonly accrued: { readonly creditInterest: string } };
  const why = created(await api.get<Why>(`/v1/accounts/${cut.deposit.accountId}/interest`));
  assert.equal(why.accrued.creditInterest, '0.28');
});

test('a missed instalment can be collected behind the last one, and the maturity moves with it', async () => {
  // Two were missed, and are due from 1 March on.
  const { maturesOn, instalments } = await bank.get(postponed.deposit);
  assert.deepEqual([maturesOn, instalments?.count, instalments?.nextDueOn], ['2026-03-15', 6, '2026-03-01']);
  refused(await bank.payInstalment(postponed.deposit, postponed.from), 409, 'instalment_not_due');
});

test('a deposit that missed too many instalments is closed by its terms of closing early', async () => {
  const { status, endedOn } = await bank.get(closing.deposit);
  assert.deepEqual([status, endedOn], ['closed_early', '2026-02-15']);
  // 14 nights at 3.65 − 1.825 %: 7 cents.
  assert.equal(await bank.balance(closing.from), '100.07');
  assert.deepEqual(await kinds(closing.deposit), [
    'opened',
    'instalment_missed',
    'instalment_missed',
    'closed_early',
    'paid_out',
  ]);
  assert.deepEqual((await shown(closing.deposit)).slice(2), [
    '3 2026-02-15 missed insufficient_funds',
    '4 2026-02-22 missed',
  ]);
});

test('closed early, each instalment counts from its day on', async () => {
  // 100.00 for 25 nights, and for 18, 11 and 4, at 3.65 − 0.365 %: 58 cents at 3.65, 52.2 at what is left.
  const closed = created(await bank.close(early.deposit));
  assert.deepEqual([closed.interest, closed.payout], ['0.52', '400.52']);
  assert.equal(await bank.balance(early.from), '5000.52');
});

test('at the maturity it pays what was really there, and goes on as a deposit for a term where that is asked for', async () => {
  await bank.closeThrough('2026-03-01');
  // 28, 21, 14 and 7 nights: 70 cents.
  assert.equal(await bank.balance(whole.from), '5000.70');
  assert.equal((await bank.get(whole.deposit)).status, 'paid_out');
  assert.deepEqual(await lines(whole.deposit.accountId), [
    '2026-02-01 transfer 100.00',
    '2026-02-08 transfer 100.00',
    '2026-02-15 transfer 100.00',
    '2026-02-22 transfer 100.00',
    '2026-03-01 interest 0.70',
    '2026-03-01 transfer -400.70',
  ]);
  const { renewedAsId } = await bank.get(renewed.deposit);
  const next = await bank.get({ id: renewedAsId ?? 'none' });
  assert.deepEqual([next.principal, next.product, next.instalments], ['400.70', 'fixed_term', null]);
  // Of the one with a cut rate: 28 cents were left.
  assert.equal(await bank.balance(cut.from), '200.28');
});

test('instalments that were moved are collected before the later maturity', async () => {
  await dep(postponed.from, '500.00');
  await bank.closeThrough('2026-03-15');
  assert.deepEqual((await shown(postponed.deposit)).slice(2), [
    '3 2026-02-15 missed insufficient_funds',
    '4 2026-02-22 missed insufficient_funds',
    '5 2026-03-01 missed insufficient_funds',
    '6 2026-03-08 paid 2026-03-08',
  ]);
  assert.equal((await bank.get(postponed.deposit)).status, 'paid_out');
});

test('a deposit that is to be closed waits while its money cannot leave', async () => {
  const { from, deposit } = await bank.openedRecurring({ product: 'closing' }, '100.00');
  created(await api.post(`/v1/accounts/${deposit.accountId}/freeze`, { reason: 'a court order' }));
  await bank.closeThrough('2026-03-30');
  const { status, waitsFor } = await bank.get(deposit);
  assert.deepEqual([status, waitsFor], ['active', 'account_frozen']);
  created(await api.post(`/v1/accounts/${deposit.accountId}/unfreeze`, { reason: 'lifted' }));
  await bank.closeThrough('2026-03-31');
  assert.equal((await bank.get(deposit)).status, 'closed_early');
  assert.equal(await bank.balanceOf(deposit), '0.00');
  assert.ok(Number(await bank.balance(from)) >= 100);
  assert.equal((await bank.get(closingFrozen.deposit)).status, 'closed_early');
});

test('nothing is collected for a customer who died', async () => {
  const { from, deposit } = await bank.openedRecurring();
  const death = { deceasedOn: '2026-03-31', reason: 'certificate' };
  created(await api.post(`/v1/customers/${from.customerId}/report-death`, death));
  await bank.closeThrough('2026-04-08');
  assert.equal((await shown(deposit))[1], '2 2026-04-08 due');
  refused(await bank.payInstalment(deposit, from), 409, 'customer_deceased');
});

test('the account that pays can be another one of the customer, and stays while it does', async () => {
  const { from, deposit } = await bank.openedRecurring();
  const other = await api.newAccount({ customerId: from.customerId, balance: '100.00' });
  const stranger = await api.newAccount({ balance: '100.00' });
  refused(await bank.change(deposit, { collectFromAccountId: stranger.id }), 422, 'account_not_of_depositor');
  refused(await bank.payInstalment(deposit, stranger), 422, 'account_not_of_depositor');
  const changed = created(await bank.change(deposit, { collectFromAccountId: other.id }));
  assert.equal(changed.instalments?.collectFromAccountId, other.id);
  await bank.closeThrough('2026-04-16');
  assert.deepEqual([await bank.balance(other), await bank.balanceOf(deposit)], ['0.00', '200.00']);
  refused(
    await api.post(`/v1/accounts/${other.id}/close`, { reason: 'asked for' }),
    409,
    'account_not_empty',
  );
  const { deposit: atOnce } = await bank.opened({ term: days(30) });
  refused(await bank.change(atOnce, { collectFromAccountId: other.id }), 409, 'deposit_without_instalments');
  refused(await bank.payInstalment(atOnce, other), 409, 'deposit_without_instalments');
  assert.deepEqual(await bank.instalments(atOnce), []);
});

test('what does not go together is refused, and leaves nothing behind', async () => {
  const from = await api.newAccount({ balance: '1000.00' });
  const ask = (fields: object) => bank.ask(from, { product: 'saving_plan', frequency: 'monthly', ...fields });
  refused(await ask({ product: 'fixed_term' }), 422, 'product_not_for_deposits');
  refused(await ask({ frequency: undefined }), 422, 'product_not_for_deposits');
  refused(await ask({ frequency: 'daily' }), 400, 'validation_failed');
  refused(await ask({ term: days(90) }), 400, 'validation_failed');
  refused(await ask({ term: months(1201) }), 400, 'validation_failed');
  refused(await ask({ onMaturity: 'renew' }), 400, 'validation_failed');
  refused(await ask({ onMaturity: 'renew', renewalProduct: 'saving_plan' }), 422, 'product_not_for_deposits');
  refused(await ask({ amount: '1000.01' }), 422, 'insufficient_funds');
  assert.equal(await bank.balance(from), '1000.00');
  const { deposit } = await bank.openedRecurring();
  const path = `/v1/time-deposits/${deposit.id}/pay-instalment`;
  refused(await api.pay(path, {}), 400, 'validation_failed');
  refused(await api.pay(path, { fromAccountId: 'acc_1' }), 404, 'not_found');
  refused(await api.post(path, { fromAccountId: from.id }), 400, 'idempotency_key_required');
  refused(await bank.payInstalment({ id: deposit.accountId }, from), 404, 'not_found');
  refused(await api.get('/v1/time-deposits/none/instalments'), 404, 'not_found');
  refused(await api.get(`/v1/time-deposits/${deposit.id}/instalments?cursor=x`), 400, 'validation_failed');
});

test('terms of instalments that say nothing sensible are refused together', async () => {
  const rates = [{ unit: 'month', from: 1, rate: '3' }];
  const make = (kind: string, deposit: object) =>
    api.post('/v1/products', {
      code: 'odd',
      currency: 'EUR',
      kind,
      name: 'Odd',
      deposit: { rates, ...deposit },
    });
  refused(await make('term_deposit', { instalments: { graceDays: 1 } }), 400, 'validation_failed');
  const answer = await make('recurring_deposit', {
    instalments: { missedFee: '0.001', missedRateCut: '9999', closedAfterMissed: 2 },
  });
  const { errors } = answer.body as unknown as { readonly errors: readonly { readonly path: string }[] };
  assert.deepEqual(errors.map(({ path }) => path).toSorted(), [
    'deposit.instalments.closedAfterMissed',
    'deposit.instalments.missedFee',
    'deposit.instalments.missedRateCut',
  ]);
});

test('a customer pays instalments of their own deposits, and sees no others', async () => {
  const { from, deposit } = await bank.openedRecurring();
  const customer = await api.as('customer', fromTypeId('customer', from.customerId));
  const own = new Depositing(customer);
  assert.equal((await own.instalments(deposit)).length, 4);
  refused(await own.payInstalment(deposit, from), 409, 'instalment_not_due');
  const { deposit: others } = await bank.openedRecurring();
  refused(await customer.get(`/v1/time-deposits/${others.id}/instalments`), 404, 'not_found');
  refused(await own.payInstalment(others, from), 404, 'not_found');
});

test('the books hold after all of that', async () => {
  assert.deepEqual(await brokenLaws(api.bank.databaseUrl), []);
});
