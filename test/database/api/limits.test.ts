import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { AccountLimitsView, DefaultLimitsView } from '#features/limits/schemas.ts';
import { type AccountId, fromTypeId, toTypeId } from '#lib/ids.ts';
import { MAX_MINOR } from '#lib/money/money.ts';
import {
  type Answer,
  badFields,
  cash,
  created,
  DAY_MS,
  move,
  openApi,
  type Page,
  type Problem,
  refused,
} from '#test/support/api.ts';
import { EUR, newKey, START_MS, TEST_CALLER } from '#test/support/bank.ts';

const api = await openApi();
const payee = await api.newAccount();

type Limit = Problem & { limit: string; limitAmount: string; left: string; currency: string };

const put = <Body>(path: string, body: Record<string, unknown>) =>
  api.raw<Body>('PUT', path, JSON.stringify(body));
const setLimits = ({ id }: AccountView, body: Record<string, unknown>) =>
  put<AccountLimitsView>(`/v1/accounts/${id}/limits`, body);
const limitsOf = async ({ id }: AccountView) =>
  created(await api.get<AccountLimitsView>(`/v1/accounts/${id}/limits`));
const pay = (from: AccountView, amount: string) => api.pay('/v1/transfers', move(from, payee, amount));

/** Asserts that a payment was refused by a limit, and what the problem says of it. */
function exceeds(answer: Answer, limit: string, limitAmount: string, left: string): void {
  const problem = refused(answer, 422, 'limit_exceeded') as Limit;
  assert.deepEqual([problem.limit, problem.limitAmount, problem.left], [limit, limitAmount, left]);
  assert.equal(problem.detail, `The limit ${limit} is ${limitAmount} ${problem.currency}; ${left} is left.`);
}

test('an account has no limits until some are set, and a PUT replaces them all', async () => {
  const account = await api.newAccount();
  assert.deepEqual(await limitsOf(account), {
    accountId: account.id,
    currency: 'EUR',
    businessDate: '2026-01-14',
    perTransaction: null,
    perDay: null,
    newBeneficiaryPerDay: null,
    effective: { perTransaction: null, perDay: null, newBeneficiaryPerDay: null },
  });
  const set = created(await setLimits(account, { perTransaction: '50', perDay: '120.00' }));
  assert.equal(set.perTransaction, '50.00');
  assert.deepEqual(set.effective.perDay, { amount: '120.00', setFor: 'account', left: '120.00' });
  const replaced = created(await setLimits(account, { perDay: '10.00', perTransaction: null }));
  assert.equal(replaced.perTransaction, null);
  assert.equal(replaced.perDay, '10.00');
  assert.deepEqual(await limitsOf(account), replaced);
});

test('exactly the limit of a transaction passes, and not one cent more', async () => {
  const account = await api.newAccount({ balance: '1000.00' });
  created(await setLimits(account, { perTransaction: '50.00' }));
  created(await pay(account, '50.00'));
  created(await api.pay('/v1/withdrawals', cash(account, '49.99')));
  await api.leavesNothing(async () => {
    exceeds(await pay(account, '50.01'), 'perTransaction', '50.00', '50.00');
    exceeds(await api.pay('/v1/withdrawals', cash(account, '500.00')), 'perTransaction', '50.00', '50.00');
  });
  await api.deposit(account, '500.00');
});

test('a day’s payments of every kind count together, and a new business date begins anew', async () => {
  api.bank.clock.setMs(START_MS);
  const account = await api.newAccount({ balance: '1000.00' });
  created(await setLimits(account, { perDay: '100.00' }));
  created(await pay(account, '40.00'));
  created(await api.pay('/v1/withdrawals', cash(account, '30.00')));
  exceeds(await pay(account, '30.01'), 'perDay', '100.00', '30.00');
  assert.deepEqual((await limitsOf(account)).effective.perDay?.left, '30.00');
  created(await pay(account, '30.00'));
  exceeds(await pay(account, '0.01'), 'perDay', '100.00', '0.00');
  // 23:59:59 in Berlin, and the second after it.
  api.bank.clock.setMs(Date.UTC(2026, 0, 14, 22, 59, 59));
  exceeds(await pay(account, '0.01'), 'perDay', '100.00', '0.00');
  api.bank.clock.setMs(Date.UTC(2026, 0, 14, 23, 0, 0));
  created(await pay(account, '100.00'));
  exceeds(await pay(account, '0.01'), 'perDay', '100.00', '0.00');
  api.bank.clock.setMs(START_MS + DAY_MS);
});

test('a limit that is set in the middle of a day counts what was paid before, however often it is changed', async () => {
  const account = await api.newAccount({ balance: '1000.00' });
  created(await pay(account, '60.00'));
  created(await setLimits(account, { perDay: '100.00' }));
  assert.equal((await limitsOf(account)).effective.perDay?.left, '40.00');
  exceeds(await pay(account, '40.01'), 'perDay', '100.00', '40.00');
  created(await setLimits(account, {}));
  created(await pay(account, '50.00'));
  created(await setLimits(account, { perDay: '100.00' }));
  assert.equal((await limitsOf(account)).effective.perDay?.left, '0.00');
  exceeds(await pay(account, '0.01'), 'perDay', '100.00', '0.00');
});

test('what comes in and what the bank books gives nothing back and takes nothing', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  const other = await api.newAccount({ balance: '100.00' });
  created(await setLimits(account, { perDay: '50.00' }));
  created(await pay(account, '50.00'));
  await api.transfer(other, account, '80.00');
  const deposit = await api.deposit(account, '70.00');
  created(await api.pay(`/v1/transactions/${deposit.id}/reverse`, { reason: 'x' }));
  exceeds(await pay(account, '0.01'), 'perDay', '50.00', '0.00');
});

test('what is set aside counts on its day, and not again when it is captured', async () => {
  const account = await api.newAccount({ balance: '1000.00' });
  created(await setLimits(account, { perTransaction: '80.00', perDay: '100.00' }));
  const hold = (amount: string) =>
    api.pay<{ id: string }>('/v1/holds', { accountId: account.id, amount, currency: 'EUR' });
  exceeds(await hold('80.01'), 'perTransaction', '80.00', '80.00');
  const { id } = created(await hold('70.00'));
  exceeds(await hold('30.01'), 'perDay', '100.00', '30.00');
  created(await api.pay(`/v1/holds/${id}/capture`, { toAccountId: payee.id }));
  exceeds(await pay(account, '30.01'), 'perDay', '100.00', '30.00');
  created(await pay(account, '30.00'));
});

test('the most specific limit that is set counts: the account’s, its product’s, the bank’s', async () => {
  const account = await api.newAccount({ currency: 'CHF', balance: '1000.00' });
  const other = await api.newAccount({ currency: 'CHF', product: 'savings', balance: '1000.00' });
  const swiss = await api.newAccount({ currency: 'CHF' });
  const transfer = (from: AccountView, amount: string) => api.pay('/v1/transfers', move(from, swiss, amount));
  created(await put('/v1/limits', { currency: 'CHF', perTransaction: '100.00', perDay: '500.00' }));
  exceeds(await transfer(account, '100.01'), 'perTransaction', '100.00', '100.00');
  created(await put('/v1/limits', { currency: 'CHF', product: 'savings', perTransaction: '10.00' }));
  exceeds(await transfer(other, '10.01'), 'perTransaction', '10.00', '10.00');
  created(await transfer(account, '100.00'));
  created(await setLimits(other, { perTransaction: '200.00' }));
  created(await transfer(other, '200.00'));
  const { effective } = await limitsOf(other);
  assert.deepEqual(effective.perTransaction, { amount: '200.00', setFor: 'account', left: '200.00' });
  assert.deepEqual(effective.perDay, { amount: '500.00', setFor: 'bank', left: '300.00' });
  created(await setLimits(other, {}));
  assert.equal((await limitsOf(other)).effective.perTransaction?.setFor, 'product');
  const listed = created(await api.get<Page<DefaultLimitsView>>('/v1/limits')).data;
  assert.deepEqual(
    listed.map(({ currency, product, perTransaction }) => [currency, product, perTransaction]),
    [
      ['CHF', null, '100.00'],
      ['CHF', 'savings', '10.00'],
    ],
  );
  created(await put('/v1/limits', { currency: 'CHF' }));
  created(await transfer(account, '400.01'));
});

test('what is paid to new beneficiaries has a limit of its own, also once they are deleted', async () => {
  const account = await api.newAccount({ balance: '1000.00' });
  const path = `/v1/customers/${account.customerId}/beneficiaries`;
  const add = async (accountId: string) =>
    created(await api.post<{ id: string }>(path, { name: 'Somebody', accountId })).id;
  const payNew = (beneficiaryId: string, amount: string) =>
    api.pay('/v1/transfers', { fromAccountId: account.id, beneficiaryId, amount, currency: 'EUR' });
  created(await setLimits(account, { perDay: '500.00', newBeneficiaryPerDay: '80.00' }));
  const [one, other] = [await add(payee.id), await add((await api.newAccount()).id)];
  created(await payNew(one, '50.00'));
  exceeds(await payNew(other, '30.01'), 'newBeneficiaryPerDay', '80.00', '30.00');
  assert.equal((await api.delete(`${path}/${one}`)).status, 204);
  exceeds(await payNew(other, '30.01'), 'newBeneficiaryPerDay', '80.00', '30.00');
  created(await payNew(other, '30.00'));
  created(await pay(account, '400.00'));
  exceeds(await pay(account, '20.01'), 'perDay', '500.00', '20.00');
  api.bank.clock.setMs(api.bank.clock.nowMs() + 2 * DAY_MS);
  created(await payNew(other, '200.00'));
  assert.equal((await limitsOf(account)).effective.newBeneficiaryPerDay?.left, '80.00');
});

test('in a batch each item is judged by what those before it left', async () => {
  const account = await api.newAccount({ balance: '1000.00' });
  created(await setLimits(account, { perDay: '100.00' }));
  const items = ['60.00', '41.00', '40.00', '0.01'].map((amount) => ({
    type: 'transfer',
    ...move(account, payee, amount),
  }));
  const batch = (mode: string) =>
    api.pay<{ results: { status: string; code?: string }[] }>('/v1/transactions/batch', { mode, items });
  await api.leavesNothing(async () => {
    const problem = refused(await batch('atomic'), 422, 'batch_refused');
    assert.deepEqual(
      problem.errors?.map(({ path, message }) => [path, message]),
      [['items[1]', 'limit_exceeded']],
    );
  });
  assert.deepEqual(
    created(await batch('independent')).results.map(({ status, code }) => code ?? status),
    ['posted', 'limit_exceeded', 'posted', 'limit_exceeded'],
  );
});

test('a repeated payment is answered as it was, though the limit is used up', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  created(await setLimits(account, { perDay: '10.00' }));
  const body = move(account, payee, '10.00');
  const first = created(await api.pay('/v1/transfers', body, 'limit-key'));
  assert.deepEqual(created(await api.pay('/v1/transfers', body, 'limit-key')), first);
  refused(
    await api.pay('/v1/transfers', move(account, payee, '1.00'), 'limit-key'),
    422,
    'idempotency_key_reused',
  );
});

test('a refused payment uses nothing up: neither the limit nor its key', async () => {
  const account = await api.newAccount({ balance: '5.00' });
  created(await setLimits(account, { perDay: '10.00' }));
  refused(await pay(account, '6.00'), 422, 'insufficient_funds');
  created(await pay(account, '5.00'));
  await api.deposit(account, '10.00');
  exceeds(await api.pay('/v1/transfers', move(account, payee, '5.01'), 'again'), 'perDay', '10.00', '5.00');
  created(await api.pay('/v1/transfers', move(account, payee, '5.00'), 'again'));
});

test('bad limits are refused, and nothing is written', async () => {
  const account = await api.newAccount();
  const closed = await api.newAccount();
  created(await api.post(`/v1/accounts/${closed.id}/close`, { reason: 'x' }));
  await api.leavesNothing(async () => {
    for (const name of ['perTransaction', 'perDay', 'newBeneficiaryPerDay']) {
      for (const amount of ['-1.00', '1.001', '1e3', '', '99999999999999999999']) {
        assert.deepEqual(badFields(await setLimits(account, { [name]: amount }), 'invalid_amount'), [name]);
        assert.deepEqual(
          badFields(await put('/v1/limits', { currency: 'EUR', [name]: amount }), 'invalid_amount'),
          [name],
        );
      }
      assert.deepEqual(badFields(await setLimits(account, { [name]: 5 }), 'invalid_amount'), [name]);
    }
    assert.deepEqual(badFields(await setLimits(account, { perWeek: '1.00' })), ['perWeek']);
    assert.deepEqual(badFields(await put('/v1/limits', { perDay: '1.00' })), ['currency']);
    refused(await put('/v1/limits', { currency: 'EUR', product: 'gold' }), 422, 'unknown_product');
    refused(await setLimits(closed, { perDay: '1.00' }), 409, 'account_closed');
    refused(await setLimits({ ...account, id: `acc_${'0'.repeat(26)}` }, {}), 404, 'not_found');
  });
  created(await setLimits(account, { perDay: '0.00' }));
  await api.deposit(account, '1.00');
  exceeds(await pay(account, '0.01'), 'perDay', '0.00', '0.00');
});

test('a customer sees the limits of what it holds, and sets none', async () => {
  const account = await api.newAccount();
  const holder = await api.as('customer', fromTypeId('customer', account.customerId));
  const path = `/v1/accounts/${account.id}/limits`;
  created(await holder.get<AccountLimitsView>(path));
  refused(await holder.raw('PUT', path, '{"perDay":"1.00"}'), 403, 'forbidden');
  refused(await holder.get(`/v1/accounts/${payee.id}/limits`), 404, 'not_found');
});

test('the books verify', () => api.assertVerified());

test('an account that has moved more in a day than a bigint holds can be limited, and pays nothing more', async () => {
  const [from, to] = [
    await api.bank.newAccount({ balanceMinor: MAX_MINOR }),
    await api.bank.newAccount({ overdraftMinor: MAX_MINOR }),
  ];
  const transfer = (fromAccountId: AccountId, accountId: AccountId) =>
    api.bank.transactions.transfer({
      caller: TEST_CALLER,
      idempotencyKey: newKey(),
      fromAccountId,
      to: { accountId },
      amountMinor: MAX_MINOR,
      currency: EUR,
    });
  await transfer(from, to);
  await transfer(to, from);
  await transfer(from, to);
  const account = created(await api.get<AccountView>(`/v1/accounts/${toTypeId('account', from)}`));
  const { effective } = created(await setLimits(account, { perDay: '1.00' }));
  assert.deepEqual(effective.perDay, { amount: '1.00', setFor: 'account', left: '0.00' });
  assert.deepEqual((await limitsOf(account)).effective, effective);
  await transfer(to, from);
  exceeds(await pay(account, '0.01'), 'perDay', '1.00', '0.00');
});
