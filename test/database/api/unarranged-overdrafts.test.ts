import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inTransaction } from '#db/transaction.ts';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { HoldView } from '#features/holds/schemas.ts';
import { storeTransactionRows } from '#features/transactions/contract.ts';
import type { TransactionView } from '#features/transactions/schemas.ts';
import { CHART } from '#ledger/chart.ts';
import { InternalAccounts } from '#ledger/internal-accounts.ts';
import { post } from '#ledger/post.ts';
import { fromTypeId, newId } from '#lib/ids.ts';
import { created, move, openApi, type Page, refused } from '#test/support/api.ts';
import { EUR, newKey } from '#test/support/bank.ts';

const api = await openApi();
const sender = await api.newAccount({ balance: '10000.00' });
const OVERDRAW = { reason: 'wrong payee', overdrawReason: 'spent by the payee, case 12' };

const reverse = ({ id }: TransactionView, fields: Record<string, unknown> = OVERDRAW, by = api) =>
  by.pay(`/v1/transactions/${id}/reverse`, fields);

const seen = async ({ id }: AccountView) => created(await api.get<AccountView>(`/v1/accounts/${id}`));

/** What an account says of itself: posted, available, and what is unarranged. */
async function funds(account: AccountView) {
  const { balance, unarrangedOverdraft } = await seen(account);
  return [balance.posted, balance.available, unarrangedOverdraft];
}

/** A credit by mistake, of which the receiver has spent all but 10.00. */
async function spent(fields: Record<string, unknown> = {}) {
  const account = await api.newAccount(fields);
  const credit = await api.transfer(sender, account, '100.00');
  await api.withdraw(account, '90.00');
  return { account, credit };
}

test('a manager takes a mistaken credit back although it was spent, with a reason', async () => {
  const { account, credit } = await spent();
  refused(
    await api.leavesNothing(() => reverse(credit, { reason: 'wrong payee' })),
    422,
    'insufficient_funds',
  );
  const reversal = created(await reverse(credit));
  assert.deepEqual([reversal.type, reversal.amount], ['reversal', '100.00']);
  assert.deepEqual(await funds(account), ['-90.00', '-90.00', '90.00']);
  const { overdraftLimit } = await seen(account);
  assert.equal(overdraftLimit, '0.00', 'nothing was arranged');
});

test('the arranged limit comes first, and only what is below it is unarranged', async () => {
  const { account, credit } = await spent({ overdraftLimit: '50.00' });
  created(await reverse(credit));
  assert.deepEqual(await funds(account), ['-90.00', '-40.00', '40.00']);
});

test('with the money there, or the overdraft arranged, nothing is unarranged', async () => {
  const { account, credit } = await spent({ overdraftLimit: '90.00' });
  created(await reverse(credit));
  assert.deepEqual(await funds(account), ['-90.00', '0.00', '0.00']);
});

test('only those with the right take an account below its floor', async () => {
  const { account, credit } = await spent();
  const teller = await api.as('teller');
  refused(await api.leavesNothing(() => reverse(credit, OVERDRAW, teller)), 403, 'forbidden');
  const key = created(
    await (await api.as('admin')).post<{ token: string }>('/v1/api-keys', {
      name: 'Reverser',
      scopes: ['transactions:reverse', 'transactions:read', 'accounts:read', 'payments:write'],
    }),
  ).token;
  const service = api.withToken(async () => key);
  refused(await reverse(credit, OVERDRAW, service), 403, 'forbidden');
  refused(await reverse(credit, { reason: 'wrong payee' }, service), 422, 'insufficient_funds');
  assert.deepEqual(await funds(account), ['10.00', '10.00', '0.00']);
});

test('below its floor an account gives nothing until it is back above, and takes what comes', async () => {
  const { account, credit } = await spent();
  created(await reverse(credit));
  const take = (amount: string) =>
    api.pay('/v1/withdrawals', { accountId: account.id, amount, currency: 'EUR', mode: 'cash' });
  refused(await take('0.01'), 422, 'insufficient_funds');
  refused(await api.pay('/v1/transfers', move(account, sender, '0.01')), 422, 'insufficient_funds');
  const hold = { accountId: account.id, amount: '0.01', currency: 'EUR' };
  refused(await api.pay('/v1/holds', hold), 422, 'insufficient_funds');
  await api.deposit(account, '60.00');
  assert.deepEqual(await funds(account), ['-30.00', '-30.00', '30.00']);
  refused(await take('0.01'), 422, 'insufficient_funds');
  await api.deposit(account, '30.01');
  assert.deepEqual(await funds(account), ['0.01', '0.01', '0.00']);
  refused(await take('0.02'), 422, 'insufficient_funds');
  created(await take('0.01'));
});

test('what was held before is still captured or released, and nothing beyond it', async () => {
  const account = await api.newAccount();
  const credit = await api.transfer(sender, account, '100.00');
  const hold = async (amount: string) =>
    created(await api.pay<HoldView>('/v1/holds', { accountId: account.id, amount, currency: 'EUR' }));
  const [first, second] = [await hold('60.00'), await hold('40.00')];
  created(await reverse(credit));
  assert.deepEqual(await funds(account), ['0.00', '-100.00', '100.00']);
  created(await api.pay(`/v1/holds/${first.id}/capture`, { amount: '50.00', final: true }));
  assert.deepEqual(await funds(account), ['-50.00', '-90.00', '90.00']);
  const beyond = { amount: '40.01', forceReason: 'late presentment' };
  refused(await api.pay(`/v1/holds/${second.id}/capture`, beyond), 422, 'insufficient_funds');
  created(await api.post(`/v1/holds/${second.id}/release`, {}));
  assert.deepEqual(await funds(account), ['-50.00', '-50.00', '50.00']);
  await api.assertVerified();
});

test('the limit may be raised towards what is drawn, and not lowered', async () => {
  const { account, credit } = await spent({ overdraftLimit: '20.00' });
  created(await reverse(credit));
  const change = async (overdraftLimit: string) => {
    const path = `/v1/accounts/${account.id}`;
    const etag = (await api.get(path)).headers.get('etag') ?? undefined;
    return api.patch<AccountView>(path, { overdraftLimit }, etag);
  };
  refused(await change('19.99'), 422, 'overdraft_in_use');
  assert.equal(created(await change('50.00')).unarrangedOverdraft, '40.00');
  assert.equal(created(await change('90.00')).unarrangedOverdraft, '0.00');
  assert.deepEqual(await funds(account), ['-90.00', '0.00', '0.00']);
  await api.assertVerified();
});

test('accounts with an unarranged overdraft are listed', async () => {
  const { account, credit } = await spent();
  const listed = async () =>
    (await api.allPages<AccountView>('/v1/accounts?overdraft=unarranged', 100)).flat();
  assert.ok(!(await listed()).some(({ id }) => id === account.id));
  created(await reverse(credit));
  const one = (await listed()).find(({ id }) => id === account.id);
  assert.equal(one?.unarrangedOverdraft, '90.00');
  await api.deposit(account, '90.00');
  const after = await listed();
  assert.ok(!after.some(({ id }) => id === account.id));
  assert.ok(after.every(({ unarrangedOverdraft }) => unarrangedOverdraft !== '0.00'));
});

test('a payment from another bank is sent back although it was spent', async () => {
  const account = await api.newAccount();
  const payment = created(
    await api.pay<{ id: string }>('/v1/incoming-payments', {
      externalReference: newKey(),
      iban: account.iban,
      amount: '75.00',
      currency: 'EUR',
      debtorName: 'Grace Hopper',
    }),
  );
  await api.withdraw(account, '70.00');
  const path = `/v1/incoming-payments/${payment.id}/return`;
  refused(await api.leavesNothing(() => api.pay(path, { reason: 'FOCR' })), 422, 'insufficient_funds');
  const [key, asked] = [newKey(), { reason: 'FOCR', overdrawReason: 'recalled, spent' }];
  const first = await api.pay(path, asked, key);
  created(first);
  assert.deepEqual(created(await api.pay(path, asked, key)), first.body);
  refused(await api.pay(path, { ...asked, overdrawReason: 'another' }, key), 422, 'idempotency_key_reused');
  assert.deepEqual(await funds(account), ['-70.00', '-70.00', '70.00']);
});

test('the trail keeps why, sealed, and nobody else reads it', async () => {
  const { account, credit } = await spent();
  const reversal = created(await reverse(credit));
  const auditor = await api.as('auditor');
  const rows = created(
    await auditor.get<Page<{ action: string; after: unknown }>>(`/v1/audit-log?resource=${reversal.id}`),
  ).data;
  assert.deepEqual(
    rows.map(({ action, after }) => [action, after]),
    [['reverseTransaction', OVERDRAW]],
  );
  const [stored] = await api.asOwner<{ after: string }>(
    `select after::text from audit_log where resource_id = '${reversal.id}'`,
  );
  assert.doesNotMatch(stored?.after ?? '', /case 12/);
  const holder = await api.as('customer', fromTypeId('customer', account.customerId));
  const read = await holder.get<TransactionView>(`/v1/transactions/${reversal.id}`);
  assert.doesNotMatch(read.text, /case 12/);
});

test('the books verify after all that, and see an account that no reversal took there', async () => {
  await api.assertVerified();
  const account = await api.newAccount({ balance: '5.00' });
  const id = fromTypeId('account', account.id);
  const set = (floor: number, unarranged: number) =>
    api.asOwner(`update ledger_accounts set held_minor = ${floor}, unarranged_minor = ${unarranged}
      where ledger_account_id = '${id}'`);
  await set(600, 100);
  await assert.rejects(api.assertVerified(), /no available balance is below its floor/);
  await assert.rejects(set(700, 100), /ledger_accounts_balance_above_lowest/);
  await set(0, 0);
  await api.assertVerified();
});

test('a charge takes an account as far beyond its limit as it is tolerated, and a payment does not follow', async () => {
  const account = await api.newAccount({ balance: '10.00', overdraftLimit: '5.00' });
  const { context } = api.bank;
  const internal = new InternalAccounts(context.bookId);
  const feeIncome = (await internal.find(context.db, CHART.feeIncome, EUR))!;
  const accountId = fromTypeId('account', account.id);
  const charge = (amountMinor: bigint) =>
    inTransaction(context.db, async (tx) => {
      const id = newId(context.ids, 'transaction');
      const line = { debit: accountId, credit: feeIncome, amountMinor, currency: EUR, toleratedMinor: 300n };
      const [outcome] = await post(tx, context, [
        { entryId: id, kind: 'fee', actor: 'test', postings: [line] },
      ]);
      if (outcome?.status !== 'posted') return outcome;
      const row = { id, accountId, type: 'fee', mode: 'internal', amountMinor } as const;
      await storeTransactionRows(tx, context.bookId, [row]);
      return outcome;
    });
  const beyond = await charge(1801n);
  assert.deepEqual(beyond, { status: 'refused', code: 'insufficient_funds' });
  const charged = await charge(1800n);
  assert.equal(charged?.status, 'posted');
  assert.deepEqual(await funds(account), ['-8.00', '-3.00', '3.00']);
  const body = { accountId: account.id, amount: '0.01', currency: 'EUR', mode: 'cash' };
  refused(await api.leavesNothing(() => api.pay('/v1/withdrawals', body)), 422, 'insufficient_funds');
  await api.deposit(account, '3.00');
  assert.deepEqual(await funds(account), ['-5.00', '0.00', '0.00']);
  await api.assertVerified();
});
