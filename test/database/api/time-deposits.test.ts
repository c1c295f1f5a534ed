import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromTypeId } from '#lib/ids.ts';
import { created, openApi, type Page, refused } from '#test/support/api.ts';
import { Depositing, days, months } from './time-deposits.ts';

const api = await openApi();
created(await api.post('/v1/business-date', { businessDate: '2026-01-15' }));
const bank = new Depositing(api);
await bank.closeThrough('2026-01-14');
await bank.define('fixed_term', {
  rates: [
    { unit: 'month', from: 1, to: 3, rate: '2' },
    { unit: 'month', from: 4, to: 24, upTo: '1000.00', rate: '3' },
    { unit: 'month', from: 4, to: 24, rate: '3.25' },
    { unit: 'day', from: 10, to: 90, rate: '1.5' },
  ],
  minimumAmount: '100.00',
  maximumAmount: '50000.00',
  noticeDays: 14,
  earlyClosure: { rate: 'held_term', penaltyRate: '0.5' },
});

test('a deposit has the rate of its term and amount, an account of its own, and a maturity', async () => {
  const { from, deposit } = await bank.opened({ amount: '2000.00' });
  const { rate, openedOn, maturesOn, noticeDueOn, status, onMaturity, payoutAccountId, principal } = deposit;
  assert.deepEqual(
    { rate, openedOn, maturesOn, noticeDueOn, status, onMaturity, principal },
    {
      rate: '3.25',
      openedOn: '2026-01-15',
      maturesOn: '2027-01-15',
      noticeDueOn: '2027-01-01',
      status: 'active',
      onMaturity: 'pay_out',
      principal: '2000.00',
    },
  );
  assert.equal(payoutAccountId, from.id);
  assert.deepEqual([await bank.balance(from), await bank.balanceOf(deposit)], ['3000.00', '2000.00']);
  assert.equal((await bank.open(from, { amount: '1000.00' })).rate, '3');
  assert.equal((await bank.open(from, { amount: '1000.01' })).rate, '3.25');
  assert.equal((await bank.open(from, { amount: '100.00', term: days(10) })).maturesOn, '2026-01-25');
});

test('what the chart or the terms do not have is refused, and so is what the account does not', async () => {
  const from = await api.newAccount({ balance: '1000.00' });
  refused(await bank.ask(from, { term: months(25) }), 422, 'deposit_term_not_offered');
  refused(await bank.ask(from, { term: days(9) }), 422, 'deposit_term_not_offered');
  refused(await bank.ask(from, { amount: '99.99' }), 422, 'deposit_amount_not_offered');
  refused(await bank.ask(from, { amount: '50000.01' }), 422, 'deposit_amount_not_offered');
  refused(await bank.ask(from, { amount: '1000.01' }), 422, 'insufficient_funds');
  refused(await bank.ask(from, { product: 'savings' }), 422, 'product_not_for_deposits');
  refused(await bank.ask(from, { product: 'none' }), 422, 'unknown_product');
  refused(await bank.ask(from, { renewalProduct: 'current' }), 422, 'product_not_for_deposits');
  const other = await api.newAccount();
  refused(await bank.ask(from, { payoutAccountId: other.id }), 422, 'account_not_of_depositor');
  refused(await bank.ask(from, { customerId: other.customerId }), 422, 'account_not_of_depositor');
  const direct = { customerId: from.customerId, product: 'fixed_term', currency: 'EUR' };
  refused(await api.post('/v1/accounts', direct), 422, 'product_needs_contract');
});

test('the same request under the same key makes one deposit', async () => {
  const from = await api.newAccount({ balance: '1000.00' });
  const body = {
    customerId: from.customerId,
    product: 'fixed_term',
    amount: '400.00',
    currency: 'EUR',
    term: months(6),
    fromAccountId: from.id,
  };
  const first = await api.pay('/v1/time-deposits', body, 'once-and-again');
  const second = await api.pay('/v1/time-deposits', body, 'once-and-again');
  assert.equal(first.status, 201);
  assert.equal(second.text, first.text);
  assert.equal(await bank.balance(from), '600.00');
  refused(
    await api.pay('/v1/time-deposits', { ...body, amount: '401.00' }, 'once-and-again'),
    422,
    'idempotency_key_reused',
  );
});

test('nothing but the contract moves the money', async () => {
  const { from, deposit } = await bank.opened();
  const cash = { accountId: deposit.accountId, amount: '1.00', currency: 'EUR', mode: 'cash' };
  refused(await api.pay('/v1/withdrawals', cash), 409, 'account_under_contract');
  refused(await api.pay('/v1/deposits', cash), 409, 'account_under_contract');
  const out = { fromAccountId: deposit.accountId, toAccountId: from.id, amount: '1.00', currency: 'EUR' };
  refused(await api.pay('/v1/transfers', out), 409, 'account_under_contract');
  const back = { ...out, fromAccountId: from.id, toAccountId: deposit.accountId };
  refused(await api.pay('/v1/transfers', back), 409, 'account_under_contract');
  const [opened] = await bank.events(deposit);
  const reverse = `/v1/transactions/${opened?.transactionId}/reverse`;
  refused(await api.pay(reverse, { reason: 'asked for' }), 409, 'account_under_contract');
  refused(
    await api.post(`/v1/accounts/${deposit.accountId}/close`, { reason: 'asked for' }),
    409,
    'account_not_empty',
  );
  refused(await api.post(`/v1/accounts/${from.id}/close`, { reason: 'asked for' }), 409, 'account_not_empty');
});

test('what is to happen at the maturity is changed by whoever read the last version', async () => {
  const { from, deposit } = await bank.opened();
  const changed = created(await bank.change(deposit, { onMaturity: 'renew', renewalTerm: months(6) }));
  assert.deepEqual([changed.onMaturity, changed.renewalTerm, changed.version], ['renew', months(6), 2]);
  refused(await bank.change(deposit, { onMaturity: 'pay_out' }), 412, 'version_conflict');
  const again = created(await bank.change(changed, { renewalTerm: null, renewalProduct: 'fixed_term' }));
  assert.deepEqual(
    [again.renewalTerm, again.renewalProduct, again.onMaturity],
    [null, 'fixed_term', 'renew'],
  );
  const stranger = await api.newAccount();
  refused(await bank.change(again, { payoutAccountId: stranger.id }), 422, 'account_not_of_depositor');
  refused(await bank.change(again, { payoutAccountId: deposit.accountId }), 409, 'account_under_contract');
  refused(await bank.change(again, { renewalProduct: 'savings' }), 422, 'product_not_for_deposits');
  refused(await bank.change(again, {}), 400, 'validation_failed');
  const { id: payoutAccountId } = await api.newAccount({ customerId: from.customerId });
  assert.equal(created(await bank.change(again, { payoutAccountId })).payoutAccountId, payoutAccountId);
});

test('the list tells what matures, and whom to tell of it', async () => {
  const { from, deposit } = await bank.opened({ term: months(4) });
  const listed = async (query: string) => {
    const path = `/v1/time-deposits?customerId=${from.customerId}&${query}`;
    return created(await api.get<Page<{ readonly id: string }>>(path)).data.map(({ id }) => id);
  };
  assert.equal(deposit.maturesOn, '2026-05-15');
  assert.deepEqual(await listed('maturesBefore=2026-05-15'), []);
  assert.deepEqual(await listed('maturesBefore=2026-05-16'), [deposit.id]);
  assert.deepEqual(await listed('noticeDueBy=2026-04-30'), []);
  assert.deepEqual(await listed('noticeDueBy=2026-05-01'), [deposit.id]);
  assert.deepEqual(await listed(`accountId=${from.id}`), [deposit.id]);
  assert.deepEqual(await listed('status=matured'), []);
  const next = await bank.open(from, { term: months(2) });
  const page = await api.get<Page<{ readonly id: string }>>(
    `/v1/time-deposits?customerId=${from.customerId}&limit=1`,
  );
  assert.deepEqual(
    created(page).data.map(({ id }) => id),
    [next.id],
  );
  assert.deepEqual(await listed(`limit=1&cursor=${created(page).nextCursor}`), [deposit.id]);
});

test('a customer makes deposits of accounts they own, and sees their own', async () => {
  const from = await api.newAccount({ balance: '1000.00' });
  const customer = await api.as('customer', fromTypeId('customer', from.customerId));
  const own = new Depositing(customer);
  const deposit = await own.open(from, { amount: '500.00' });
  assert.equal((await own.get(deposit)).id, deposit.id);
  assert.equal(created(await own.preview(deposit)).payout, '500.00');
  const { deposit: others } = await bank.opened();
  refused(await customer.get(`/v1/time-deposits/${others.id}`), 404, 'not_found');
  refused(await own.close(others), 404, 'not_found');
  const stranger = await api.newAccount({ balance: '1000.00' });
  refused(await own.ask(stranger), 404, 'not_found');
  refused(await own.ask(from, { customerId: stranger.customerId }), 404, 'not_found');
  const seen = created(await customer.get<Page<{ readonly id: string }>>('/v1/time-deposits')).data;
  assert.deepEqual(
    seen.map(({ id }) => id),
    [deposit.id],
  );
});
