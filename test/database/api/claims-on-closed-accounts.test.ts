import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrialBalanceView } from '#features/accounting/schemas.ts';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { IncomingView } from '#features/payments/schemas.ts';
import type { TransactionView } from '#features/transactions/schemas.ts';
import { created, openApi, refused } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';

const api = await openApi();
const WHY = { reason: 'wrong payee' };
const OVERDRAW = { ...WHY, overdrawReason: 'spent by the payee, case 12' };

const close = async ({ id }: AccountView) =>
  created(await api.post(`/v1/accounts/${id}/close`, { reason: 'moved away' }));
const freeze = async ({ id }: AccountView, what: 'debits' | 'all') =>
  created(await api.post(`/v1/accounts/${id}/freeze`, { reason: 'fraud?', what }));
const account = async ({ id }: AccountView) => created(await api.get<AccountView>(`/v1/accounts/${id}`));
const reverse = ({ id }: TransactionView, fields: Record<string, unknown>) =>
  api.pay<TransactionView>(`/v1/transactions/${id}/reverse`, fields);
const receive = async ({ iban }: AccountView) => {
  const payment = { externalReference: newKey(), iban, amount: '100.00', currency: 'EUR' };
  return created(await api.pay<IncomingView>('/v1/incoming-payments', payment));
};
const sendBack = ({ id }: IncomingView, fields: Record<string, unknown>, key = newKey()) =>
  api.pay<IncomingView>(`/v1/incoming-payments/${id}/return`, fields, key);
const claims = async (): Promise<string> => {
  const { lines } = created(await api.get<TrialBalanceView>('/v1/accounting/trial-balance'));
  return lines.find(({ code, currency }) => code === '1310' && currency === 'EUR')?.debit ?? '0.00';
};

for (const what of ['debits', 'all'] as const) {
  test(`with a reason a manager takes a credit back from an account whose freeze is of ${what}`, async () => {
    const sender = await api.newAccount({ balance: '100.00' });
    const receiver = await api.newAccount();
    const credit = await api.transfer(sender, receiver, '100.00');
    const came = await receive(receiver);
    await api.withdraw(receiver, '150.00');
    await freeze(receiver, what);
    refused(await api.leavesNothing(() => reverse(credit, WHY)), 409, 'account_frozen');
    refused(await api.leavesNothing(() => sendBack(came, WHY)), 409, 'account_frozen');
    created(await reverse(credit, OVERDRAW));
    const sent = created(await sendBack(came, OVERDRAW));
    assert.deepEqual([sent.status, sent.isClaim], ['returned', false]);
    const { status, balance, unarrangedOverdraft } = await account(receiver);
    assert.deepEqual([status, balance.posted, unarrangedOverdraft], ['frozen', '-150.00', '150.00']);
    assert.equal(await api.postedBalance(sender), '100.00');
  });
}

test('nothing is paid into a frozen account by taking it back, whoever has a reason', async () => {
  const sender = await api.newAccount({ balance: '100.00' });
  const receiver = await api.newAccount();
  const credit = await api.transfer(sender, receiver, '100.00');
  await freeze(sender, 'all');
  refused(await reverse(credit, OVERDRAW), 409, 'account_frozen');
});

test('in place of a closed account the bank gives a transfer back, and has a claim', async () => {
  const sender = await api.newAccount({ balance: '100.00' });
  const receiver = await api.newAccount();
  const credit = await api.transfer(sender, receiver, '100.00');
  await api.withdraw(receiver, '100.00');
  await close(receiver);
  const before = Number(await claims());
  refused(await api.leavesNothing(() => reverse(credit, WHY)), 409, 'account_closed');
  const key = newKey();
  const path = `/v1/transactions/${credit.id}/reverse`;
  const part = { ...OVERDRAW, amount: '30.00' };
  const first = created(await api.pay<TransactionView>(path, part, key));
  assert.deepEqual([first.type, first.amount, first.reverses], ['reversal', '30.00', credit.id]);
  assert.deepEqual(created(await api.pay<TransactionView>(path, part, key)), first);
  created(await reverse(credit, OVERDRAW));
  refused(await reverse(credit, OVERDRAW), 409, 'already_reversed');
  assert.equal(await api.postedBalance(sender), '100.00');
  assert.equal(Number(await claims()) - before, 100);
  const closed = await account(receiver);
  assert.deepEqual([closed.status, closed.balance.posted], ['closed', '0.00']);
  const seen = created(await api.get<TransactionView>(`/v1/transactions/${credit.id}`));
  assert.equal(seen.status, 'reversed');
  await api.assertVerified();
});

test('in place of a closed account the bank sends a payment back, credited at once or resolved', async () => {
  const receiver = await api.newAccount();
  const came = await receive(receiver);
  const unknown = created(
    await api.pay<IncomingView>('/v1/incoming-payments', {
      externalReference: newKey(),
      amount: '7.00',
      currency: 'EUR',
    }),
  );
  const resolved = created(
    await api.pay<IncomingView>(`/v1/incoming-payments/${unknown.id}/resolve`, { accountId: receiver.id }),
  );
  await api.withdraw(receiver, '107.00');
  await close(receiver);
  const before = Number(await claims());
  for (const payment of [came, resolved]) {
    refused(await api.leavesNothing(() => sendBack(payment, WHY)), 409, 'account_closed');
    const key = newKey();
    const sent = created(await sendBack(payment, OVERDRAW, key));
    assert.deepEqual([sent.status, sent.isClaim, sent.returnTransactionId], ['returned', true, null]);
    assert.deepEqual(created(await sendBack(payment, OVERDRAW, key)), sent);
    refused(await sendBack(payment, OVERDRAW), 409, 'payment_not_unresolved');
  }
  assert.equal(Number(await claims()) - before, 107);
  await api.assertVerified();
});

test('a claim is paid or written off by an entry by hand', async () => {
  const open = await claims();
  const line = { amount: open, currency: 'EUR' };
  const lines = [
    { ...line, glAccount: '1000', side: 'debit' },
    { ...line, glAccount: '1310', side: 'credit' },
  ];
  created(await api.pay('/v1/accounting/journal-entries', { reason: 'Paid in cash', lines }));
  assert.equal(await claims(), '0.00');
  await api.assertVerified();
});
