import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { AuditEntryView } from '#features/audit/schemas.ts';
import type { HoldView } from '#features/holds/schemas.ts';
import type { IncomingView } from '#features/payments/schemas.ts';
import type { ExecutionView, StandingOrderView } from '#features/standing-orders/schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import { badFields, cash, created, move, openApi, type Page, refused } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';

const api = await openApi();

type Fields = Readonly<Record<string, unknown>>;

const freeze = (account: AccountView, fields: Fields = {}) =>
  api.post<AccountView>(`/v1/accounts/${account.id}/freeze`, { reason: 'Court order 12 M 384', ...fields });
const debits = (account: AccountView) => freeze(account, { what: 'debits' });
const receive = async (account: AccountView) =>
  created(
    await api.pay<IncomingView>('/v1/incoming-payments', {
      externalReference: newKey(),
      iban: account.iban,
      amount: '1500.00',
      currency: 'EUR',
    }),
  );
const order = async (from: AccountView, to: AccountView) =>
  created(
    await api.post<StandingOrderView>('/v1/standing-orders', {
      ...move(from, to, '5.00'),
      frequency: 'monthly',
      startDate: '2026-01-14',
    }),
  );
const outcomes = async ({ id }: StandingOrderView) =>
  created(await api.get<Page<ExecutionView>>(`/v1/standing-orders/${id}/executions`)).data.map(
    ({ status, code }) => [status, code],
  );

test('with its debits frozen an account takes money in every way, and gives none in any', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  const other = await api.newAccount({ balance: '100.00' });
  const withdrawal = await api.withdraw(account, '10.00');
  const deposit = await api.deposit(account, '20.00');
  const hold = created(
    await api.pay<HoldView>('/v1/holds', { accountId: account.id, amount: '5.00', currency: 'EUR' }),
  );
  const [rent, pocketMoney] = [await order(account, other), await order(other, account)];
  const frozen = created(await debits(account));
  assert.deepEqual([frozen.status, frozen.frozen], ['frozen', 'debits']);
  const out = [
    () => api.pay('/v1/withdrawals', cash(account, '1.00')),
    () => api.pay('/v1/transfers', move(account, other, '1.00')),
    () => api.pay(`/v1/transactions/${deposit.id}/reverse`, { reason: 'mistake' }),
    () => api.pay('/v1/holds', { accountId: account.id, amount: '1.00', currency: 'EUR' }),
    () => api.pay(`/v1/holds/${hold.id}/capture`, {}),
  ];
  for (const call of out) refused(await api.leavesNothing(call), 409, 'account_frozen');
  created(await api.pay('/v1/deposits', cash(account, '1.00')));
  created(await api.pay('/v1/transfers', move(other, account, '1.00')));
  created(await api.pay(`/v1/transactions/${withdrawal.id}/reverse`, { reason: 'mistake' }));
  const salary = await receive(account);
  assert.deepEqual([salary.status, salary.problem], ['credited', null]);
  created(await api.post('/v1/end-of-day', { until: '2026-01-14' }));
  assert.deepEqual(await outcomes(rent), [['retrying', 'account_frozen']]);
  assert.deepEqual(await outcomes(pocketMoney), [['paid', null]]);
  assert.equal(await api.postedBalance(account), '1627.00');
  created(await api.post(`/v1/holds/${hold.id}/release`, {}));
});

test('a whole freeze stops both ways, and is the one without `what`', async () => {
  const account = await api.newAccount();
  assert.equal(created(await freeze(account)).frozen, 'all');
  refused(
    await api.leavesNothing(() => api.pay('/v1/deposits', cash(account, '1.00'))),
    409,
    'account_frozen',
  );
  const salary = await receive(account);
  assert.deepEqual([salary.status, salary.problem], ['unresolved', 'account_frozen']);
});

test('a freeze is made wider and narrower, and is lifted whole', async () => {
  const account = await api.newAccount({ balance: '1.00' });
  created(await debits(account));
  refused(await api.leavesNothing(() => debits(account)), 409, 'account_frozen');
  assert.equal(created(await freeze(account, { what: 'all' })).frozen, 'all');
  refused(await api.leavesNothing(() => freeze(account)), 409, 'account_frozen');
  assert.equal(created(await debits(account)).frozen, 'debits');
  const close = () => api.post(`/v1/accounts/${account.id}/close`, { reason: 'left' });
  refused(await api.leavesNothing(close), 409, 'account_frozen');
  const lifted = created(
    await api.post<AccountView>(`/v1/accounts/${account.id}/unfreeze`, { reason: 'order lifted' }),
  );
  assert.deepEqual([lifted.status, lifted.frozen], ['active', null]);
  await api.withdraw(account, '1.00');
  assert.deepEqual(badFields(await freeze(account, { what: 'credits' })), ['what']);
});

test('the holders read the reason that is meant for them, and staff and the trail have both', async () => {
  const account = await api.newAccount();
  const holder = await api.as('customer', fromTypeId('customer', account.customerId));
  const path = `/v1/accounts/${account.id}`;
  const reason = 'Suspicion of fraud, case 77';
  created(await freeze(account, { reason }));
  const seenBy = async (caller: typeof api) => {
    const one = await caller.get<AccountView>(path);
    const listed = await caller.get<Page<AccountView>>('/v1/accounts');
    const { statusReason, customerReason } = created(one);
    assert.deepEqual(
      created(listed).data.find(({ id }) => id === account.id),
      one.body,
    );
    return [statusReason, customerReason];
  };
  assert.deepEqual(await seenBy(holder), [null, null]);
  assert.deepEqual(await seenBy(api), [reason, null]);
  assert.doesNotMatch((await holder.get(path)).text, /fraud/);
  created(await freeze(account, { reason, what: 'debits', customerReason: 'Please call us.' }));
  assert.deepEqual(await seenBy(holder), [null, 'Please call us.']);
  assert.deepEqual(await seenBy(api), [reason, 'Please call us.']);
  const admin = await api.as('admin');
  const [row] = created(await admin.get<Page<AuditEntryView>>(`/v1/audit-log?resource=${account.id}`)).data;
  assert.deepEqual(row?.after, { frozen: 'debits', customerReason: 'Please call us.', version: 3 });
  created(await api.post(`${path}/unfreeze`, { reason: 'cleared' }));
  assert.deepEqual(await seenBy(holder), [null, null]);
  created(await holder.post(`${path}/close`, { reason: 'moving abroad' }));
  assert.deepEqual(await seenBy(holder), [null, 'moving abroad']);
});

test('the books verify after all that', () => api.assertVerified());
