import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inTransaction } from '#db/transaction.ts';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { HoldView } from '#features/holds/schemas.ts';
import type { AccountLimitsView } from '#features/limits/schemas.ts';
import { storeTransactionRows } from '#features/transactions/contract.ts';
import type { LineView, TransactionView } from '#features/transactions/schemas.ts';
import { CHART } from '#ledger/chart.ts';
import { InternalAccounts } from '#ledger/internal-accounts.ts';
import { post } from '#ledger/post.ts';
import { fromTypeId, newId, toTypeId } from '#lib/ids.ts';
import { badFields, created, move, openApi, type Page, refused } from '#test/support/api.ts';
import { EUR, newKey } from '#test/support/bank.ts';

const api = await openApi();
const payee = await api.newAccount();

const reverse = ({ id }: { readonly id: string }, amount?: unknown, key = newKey()) =>
  api.pay(`/v1/transactions/${id}/reverse`, { reason: 'returned goods', amount }, key);

const seen = async ({ id }: { readonly id: string }) =>
  created(await api.get<TransactionView>(`/v1/transactions/${id}`));

const list = async (query: string) =>
  created(await api.get<Page<TransactionView>>(`/v1/transactions?${query}`)).data;

test('parts of a transaction are taken back, each linked to it, and never more than what is left', async () => {
  const [from, to] = [await api.newAccount({ balance: '100.00' }), await api.newAccount()];
  const transfer = await seen(await api.transfer(from, to, '60.00'));
  const first = created(await reverse(transfer, '20.00'));
  assert.deepEqual(
    [first.type, first.amount, first.reverses, first.balanceAfter],
    ['reversal', '20.00', transfer.id, '60.00'],
  );
  assert.deepEqual(await seen(transfer), { ...transfer, reversedBy: first.id, reversedAmount: '20.00' });
  refused(await api.leavesNothing(() => reverse(transfer, '40.01')), 422, 'reversal_exceeds_rest');
  const second = created(await reverse(transfer, '15.00'));
  assert.deepEqual(await seen(transfer), { ...transfer, reversedBy: second.id, reversedAmount: '35.00' });
  const last = created(await reverse(transfer));
  assert.equal(last.amount, '25.00', 'without an amount it is all that is left');
  const reversed = await seen(transfer);
  assert.deepEqual(
    [reversed.status, reversed.reversedBy, reversed.reversedAmount],
    ['reversed', last.id, '60.00'],
  );
  refused(await api.leavesNothing(() => reverse(transfer)), 409, 'already_reversed');
  refused(await api.leavesNothing(() => reverse(transfer, '0.01')), 409, 'already_reversed');
  assert.equal(await api.postedBalance(from), '100.00');
  assert.equal(await api.postedBalance(to), '0.00');
  const parts = await list(`reverses=${transfer.id}`);
  assert.deepEqual(
    parts.map(({ id }) => id),
    [last.id, second.id, first.id],
  );
  assert.deepEqual(
    (await list(`accountId=${to.id}`)).map(({ id }) => id),
    [last.id, second.id, first.id, transfer.id],
  );
});

test('a line and its status count what was taken back of it', async () => {
  const account = await api.newAccount({ balance: '50.00' });
  const withdrawal = await api.withdraw(account, '30.00');
  created(await reverse(withdrawal, '10.00'));
  created(await reverse(withdrawal, '5.00'));
  const path = `/v1/accounts/${account.id}/transactions`;
  const lines = created(await api.get<Page<LineView>>(path)).data;
  const line = lines.filter(({ id }) => id === withdrawal.id);
  assert.deepEqual(
    line.map(({ status, reversedAmount }) => [status, reversedAmount]),
    [['posted', '15.00']],
  );
  assert.deepEqual(await list(`accountId=${account.id}&status=reversed`), []);
  created(await reverse(withdrawal, '15.00'));
  const reversed = await list(`accountId=${account.id}&status=reversed`);
  assert.deepEqual(
    reversed.map(({ id }) => id),
    [withdrawal.id],
  );
});

test('a part that is repeated under its key is taken back once', async () => {
  const account = await api.newAccount({ balance: '50.00' });
  const deposit = await api.deposit(account, '30.00');
  const key = newKey();
  const first = created(await reverse(deposit, '30.00', key));
  const again = await reverse(deposit, '30.00', key);
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  assert.deepEqual(created(again), first);
  refused(await reverse(deposit, '29.00', key), 422, 'idempotency_key_reused');
  refused(await reverse(deposit, '30.00'), 409, 'already_reversed');
  assert.equal(await api.postedBalance(account), '50.00');
});

test('an amount to be reversed is one of the transaction’s currency, above zero', async () => {
  const deposit = await api.deposit(await api.newAccount(), '5.00');
  for (const amount of ['0.00', '-1.00', '1.001', 'much', 5, null, {}]) {
    assert.deepEqual(badFields(await reverse(deposit, amount), 'invalid_amount'), ['amount']);
  }
});

async function limited(): Promise<AccountView> {
  const account = await api.newAccount({ balance: '1000.00' });
  created(await api.raw('PUT', `/v1/accounts/${account.id}/limits`, '{"perDay":"100.00"}'));
  return account;
}

async function leftOf({ id }: AccountView): Promise<string | undefined> {
  const { effective } = created(await api.get<AccountLimitsView>(`/v1/accounts/${id}/limits`));
  return effective.perDay?.left;
}

test('a part gives back as much of the day', async () => {
  const account = await limited();
  const transfer = await api.transfer(account, payee, '100.00');
  created(await reverse(transfer, '30.00'));
  assert.equal(await leftOf(account), '30.00');
  refused(await api.pay('/v1/transfers', move(account, payee, '30.01')), 422, 'limit_exceeded');
  created(await reverse(transfer, '20.00'));
  created(await api.pay('/v1/transfers', move(account, payee, '50.00')));
  refused(await api.pay('/v1/transfers', move(account, payee, '0.01')), 422, 'limit_exceeded');
});

test('a capture that is taken back in part gives back as much of the day of its hold', async () => {
  const account = await limited();
  const request = { accountId: account.id, amount: '80.00', currency: 'EUR' };
  const { id } = created(await api.pay<HoldView>('/v1/holds', request));
  const capture = { amount: '50.00', final: true };
  const { transactionId } = created(
    await api.pay<{ transactionId: string }>(`/v1/holds/${id}/capture`, capture),
  );
  assert.equal(await leftOf(account), '50.00');
  const parts = [
    created(await reverse({ id: transactionId }, '10.00')),
    created(await reverse({ id: transactionId }, '15.00')),
  ];
  assert.equal(await leftOf(account), '75.00');
  const { captures } = created(await api.get<HoldView>(`/v1/holds/${id}`));
  assert.deepEqual(
    captures[0]?.reversals,
    parts.map((part) => ({ transactionId: part.id, amount: part.amount })),
  );
});

test('what is taken back of a payment to a beneficiary gives back its limit a day', async () => {
  const customer = await api.newCustomer();
  const account = await api.newAccount({ customerId: customer.id, balance: '500.00' });
  const saved = { name: 'Grace', iban: payee.iban, limitPerDay: '50.00' };
  const beneficiary = created(
    await api.post<{ id: string }>(`/v1/customers/${customer.id}/beneficiaries`, saved),
  );
  await api.asOwner(`update beneficiaries set usable_from = created_at
    where beneficiary_id = '${fromTypeId('beneficiary', beneficiary.id)}'`);
  const pay = (amount: string) =>
    api.pay('/v1/transfers', {
      fromAccountId: account.id,
      beneficiaryId: beneficiary.id,
      amount,
      currency: 'EUR',
    });
  const paid = created(await pay('50.00'));
  refused(await pay('0.01'), 422, 'limit_exceeded');
  created(await reverse(paid, '12.00'));
  created(await reverse(paid, '8.00'));
  refused(await pay('20.01'), 422, 'limit_exceeded');
  created(await pay('20.00'));
});

test('a teller gets back as much of their day as they take back', async () => {
  const teller = await api.as('teller');
  const account = await api.newAccount();
  created(
    await api.raw(
      'PUT',
      '/v1/role-limits',
      JSON.stringify({ role: 'teller', currency: 'EUR', perTransaction: '100.00', perDay: '100.00' }),
    ),
  );
  const cash = { accountId: account.id, amount: '100.00', currency: 'EUR', mode: 'cash' };
  const deposit = created(await teller.pay('/v1/deposits', cash));
  const part = { reason: 'miscounted', amount: '40.00' };
  created(await teller.pay(`/v1/transactions/${deposit.id}/reverse`, part));
  refused(await teller.pay('/v1/deposits', { ...cash, amount: '40.01' }), 403, 'limit_requires_manager');
  created(await teller.pay('/v1/deposits', { ...cash, amount: '40.00' }));
});

test('an entry of several lines is reversed whole or not at all', async () => {
  const account = await api.newAccount({ balance: '50.00' });
  const { context } = api.bank;
  const accountId = fromTypeId('account', account.id);
  const entryId = newId(context.ids, 'transaction');
  const internal = new InternalAccounts(context.bookId);
  const fees = (await internal.find(context.db, CHART.feeIncome, EUR))!;
  await inTransaction(context.db, async (tx) => {
    const lines = [7n, 3n].map((amountMinor) => ({
      debit: accountId,
      credit: fees,
      amountMinor,
      currency: EUR,
    }));
    await post(tx, context, [{ entryId, kind: 'fee', actor: 'test', postings: lines }]);
    const row = { id: entryId, accountId, type: 'fee', mode: 'internal', amountMinor: 10n } as const;
    await storeTransactionRows(tx, context.bookId, [row]);
  });
  const fee = { id: toTypeId('transaction', entryId) };
  refused(await api.leavesNothing(() => reverse(fee, '0.05')), 422, 'not_reversible_in_part');
  const reversal = created(await reverse(fee));
  assert.deepEqual([reversal.amount, reversal.balanceAfter], ['0.10', '50.00']);
  const { status, reversedAmount } = await seen(fee);
  assert.deepEqual([status, reversedAmount], ['reversed', '0.10']);
  refused(await reverse(fee), 409, 'already_reversed');
});

test('the books verify after all that', () => api.assertVerified());
