import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { AuditEntryView } from '#features/audit/schemas.ts';
import type { CustomerView } from '#features/customers/schemas.ts';
import type { HoldView } from '#features/holds/schemas.ts';
import { verifyLoans } from '#features/loans/contract.ts';
import type { LoanView } from '#features/loans/schemas.ts';
import type { IncomingView, OutgoingView } from '#features/payments/schemas.ts';
import type { StandingOrderView } from '#features/standing-orders/schemas.ts';
import type { TransactionView } from '#features/transactions/schemas.ts';
import type { UserView } from '#identity/users/schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import { badFields, cash, created, move, openApi, type Page, refused } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';
import { Lending } from './loans.ts';

const api = await openApi();
const FOREIGN = 'DE89370400440532013000';
const DIED = { deceasedOn: '2026-01-05', reason: 'Death certificate 114/2026' };

type Ided = { readonly id: string };
const die = (customerId: string, fields: object = {}) =>
  api.post<CustomerView>(`/v1/customers/${customerId}/report-death`, { ...DIED, ...fields });
const undo = (customerId: string) =>
  api.post<CustomerView>(`/v1/customers/${customerId}/withdraw-death-report`, { reason: 'Another person' });
const read = async <View>(path: string) => created(await api.get<View>(path));
const accountOf = ({ id }: Ided) => read<AccountView>(`/v1/accounts/${id}`);
const order = async (from: AccountView, to: AccountView) =>
  created(
    await api.post<StandingOrderView>('/v1/standing-orders', {
      ...move(from, to, '5.00'),
      frequency: 'monthly',
      startDate: '2026-01-14',
    }),
  );
const toOtherBank = (from: AccountView) =>
  api.pay<TransactionView>('/v1/transfers', {
    fromAccountId: from.id,
    toIban: FOREIGN,
    toName: 'Grace Hopper',
    amount: '4.00',
    currency: 'EUR',
  });
const payOut = ({ id }: Ided, fields: object, key = newKey()) =>
  api.pay<TransactionView>(
    `/v1/accounts/${id}/estate-payouts`,
    { executorName: 'Eva Sommer', reason: 'Certificate 6 VI 331/26', currency: 'EUR', ...fields },
    key,
  );

test('from an account that nobody alive owns no money leaves in any way, and it still comes in', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  const other = await api.newAccount({ balance: '100.00' });
  const withdrawal = await api.withdraw(account, '10.00');
  const deposit = await api.deposit(account, '20.00');
  const placed = { accountId: account.id, amount: '5.00', currency: 'EUR' };
  const hold = created(await api.pay<HoldView>('/v1/holds', placed));
  const dead = created(await die(account.customerId));
  assert.deepEqual([dead.status, dead.deceasedOn], ['deceased', '2026-01-05']);
  const seen = await accountOf(account);
  assert.deepEqual([seen.status, seen.isEstate, seen.holders[0]?.deceasedOn], ['active', true, '2026-01-05']);
  const out = [
    () => api.pay('/v1/withdrawals', cash(account, '1.00')),
    () => api.pay('/v1/transfers', move(account, other, '1.00')),
    () => toOtherBank(account),
    () => api.pay(`/v1/transactions/${deposit.id}/reverse`, { reason: 'mistake' }),
    () => api.pay('/v1/holds', placed),
    () => api.pay(`/v1/holds/${hold.id}/capture`, {}),
    () =>
      api.post('/v1/standing-orders', {
        ...move(account, other, '5.00'),
        frequency: 'monthly',
        startDate: '2026-01-14',
      }),
    () => api.post('/v1/accounts', { customerId: account.customerId, product: 'current', currency: 'EUR' }),
    () => api.post(`/v1/accounts/${account.id}/holders`, { customerId: other.customerId, role: 'joint' }),
    () => die(account.customerId),
  ];
  for (const call of out) refused(await api.leavesNothing(call), 409, 'customer_deceased');
  created(await api.pay('/v1/deposits', cash(account, '1.00')));
  created(await api.pay('/v1/transfers', move(other, account, '1.00')));
  created(await api.pay(`/v1/transactions/${withdrawal.id}/reverse`, { reason: 'mistake' }));
  const salary = created(
    await api.pay<IncomingView>('/v1/incoming-payments', {
      externalReference: newKey(),
      iban: account.iban,
      amount: '7.00',
      currency: 'EUR',
    }),
  );
  assert.equal(salary.status, 'credited');
  created(await api.post(`/v1/holds/${hold.id}/release`, {}));
  assert.equal(await api.postedBalance(account), '129.00');
});

test('a batch, and a freeze that is lifted, are no way around it', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  created(await api.post(`/v1/accounts/${account.id}/freeze`, { reason: 'court', what: 'debits' }));
  created(await die(account.customerId));
  created(await api.post(`/v1/accounts/${account.id}/unfreeze`, { reason: 'lifted' }));
  refused(await api.pay('/v1/withdrawals', cash(account, '1.00')), 409, 'customer_deceased');
  const items = [{ type: 'withdrawal', ...cash(account, '1.00') }];
  const { body } = await api.pay<{ results: { code?: string }[] }>('/v1/transactions/batch', {
    mode: 'independent',
    items,
  });
  assert.equal(body.results[0]?.code, 'customer_deceased');
});

test('while a joint holder is alive the account is theirs; when that one goes or dies, it is an estate', async () => {
  const account = await api.newAccount({ balance: '100.00' });
  const [joint, helper] = [await api.newCustomer(), await api.newCustomer()];
  const holders = `/v1/accounts/${account.id}/holders`;
  created(await api.post(holders, { customerId: joint.id, role: 'joint' }));
  created(await api.post(holders, { customerId: helper.id, role: 'authorised' }));
  created(await die(account.customerId));
  assert.equal((await accountOf(account)).isEstate, false);
  created(await api.pay('/v1/withdrawals', cash(account, '1.00')));
  refused(await payOut(account, { mode: 'cash', amount: '1.00' }), 409, 'customer_not_deceased');
  created(await api.delete(`${holders}?customerId=${joint.id}`));
  assert.equal((await accountOf(account)).isEstate, true);
  refused(await api.pay('/v1/withdrawals', cash(account, '1.00')), 409, 'customer_deceased');
  const owner = { customerId: helper.id, reason: 'they asked' };
  refused(await api.post(`/v1/accounts/${account.id}/owner`, owner), 409, 'customer_deceased');
});

test('orders stop and payments that wait stay in the bank, until the report turns out to be a mistake', async () => {
  const [account, other] = [await api.newAccount({ balance: '100.00' }), await api.newAccount()];
  const stopped = await order(account, other);
  const waiting = created(await toOtherBank(account));
  const cancelled = created(await toOtherBank(account));
  created(await die(account.customerId));
  const orderNow = () => read<StandingOrderView>(`/v1/standing-orders/${stopped.id}`);
  const { status, suspendedFor } = await orderNow();
  assert.deepEqual([status, suspendedFor], ['suspended', 'customer_deceased']);
  const resume = () => api.patch(`/v1/standing-orders/${stopped.id}`, { status: 'active' }, '*');
  refused(await api.leavesNothing(resume), 409, 'customer_deceased');
  const paymentNow = () => read<OutgoingView>(`/v1/outgoing-payments/${waiting.id}`);
  assert.equal((await paymentNow()).heldFor, 'customer_deceased');
  const submit = () => api.pay('/v1/outgoing-payments/submit', { message: newKey(), ids: [waiting.id] });
  const settle = () => api.pay(`/v1/outgoing-payments/${waiting.id}/settle`, {});
  refused(await api.leavesNothing(settle), 409, 'customer_deceased');
  refused(await api.leavesNothing(submit), 409, 'customer_deceased');
  const all = () => api.pay('/v1/outgoing-payments/submit', { message: newKey() });
  refused(await api.leavesNothing(all), 409, 'nothing_to_submit');
  created(await api.pay(`/v1/outgoing-payments/${cancelled.id}/cancel`, {}));
  const alive = created(await undo(account.customerId));
  assert.deepEqual([alive.status, alive.deceasedOn], ['active', null]);
  assert.deepEqual([(await orderNow()).status, (await orderNow()).suspendedFor], ['active', null]);
  assert.equal((await paymentNow()).heldFor, null);
  created(await submit());
  created(await api.pay('/v1/withdrawals', cash(account, '1.00')));
  const living = refused(
    await api.leavesNothing(() => undo(account.customerId)),
    409,
    'customer_not_deceased',
  );
  assert.match(living.detail, /^The customer/);
});

test('the logins of a customer who died end, and those alone come back with a mistake', async () => {
  const { customerId } = await api.newAccount();
  const admin = await api.as('admin');
  const own = await api.as('customer', fromTypeId('customer', customerId));
  const me = created(await own.get<UserView>('/v1/auth/me'));
  const user = `/v1/users/${me.id}`;
  created(await die(customerId));
  assert.equal(created(await admin.get<UserView>(user)).status, 'disabled');
  refused(await admin.post(`${user}/enable`, {}), 409, 'customer_deceased');
  created(await undo(customerId));
  assert.equal(created(await admin.get<UserView>(user)).status, 'active');
});

test('a loan shows that its borrower died, collects nothing from the estate, and no other is given', async () => {
  const lending = new Lending(api);
  const account = await api.newAccount({ balance: '100.00' });
  const loan = await lending.newLoan(account);
  const [applied, approved] = [await lending.newApplication(account), await lending.newApproved(account)];
  const wanted = await lending.newProduct();
  created(await die(account.customerId));
  const seen = await read<LoanView>(`/v1/loans/${loan.id}`);
  assert.deepEqual([seen.status, seen.borrowerDeceasedOn], ['active', '2026-01-05']);
  refused(await lending.approve(applied), 409, 'customer_deceased');
  refused(await lending.disburse(approved), 409, 'customer_deceased');
  refused(await lending.applyTo(account, wanted.id), 409, 'customer_deceased');
  refused(await lending.repay(seen, '10.00'), 409, 'customer_deceased');
  created(await lending.repay(seen, '10.00', { from: 'cash' }));
  created(await api.post('/v1/end-of-day', { until: '2026-01-14' }));
  assert.equal(await api.postedBalance(account), '1300.00');
  assert.equal((await verifyLoans(api.bank.db, 1)).brokenBy, undefined);
});

test('the estate is paid out to an account that has no IBAN, in the name of the executor', async () => {
  const account = await api.newAccount({ balance: '100.00', currency: 'USD' });
  created(await die(account.customerId));
  const toAccount = { type: 'us_aba', bankCode: '021000021', accountNumber: '123456789' };
  const fields = { toAccount, amount: '40.00', currency: 'USD' };
  const paid = created(await payOut(account, fields));
  const { name, bank, bankCodeType, account: number } = paid.counterparty ?? {};
  assert.deepEqual([name, bank, bankCodeType, number], ['Eva Sommer', '021000021', 'us_aba', '123456789']);
  const wrong = await payOut(account, { ...fields, toAccount: { ...toAccount, bankCode: '021000022' } });
  assert.deepEqual(badFields(wrong), ['toAccount.bankCode']);
  assert.deepEqual(badFields(await payOut(account, { ...fields, mode: 'cash' })), ['mode']);
});

test('the estate is paid out at the counter or to an account, to whom staff name, and the trail says why', async () => {
  const [account, heir] = [await api.newAccount({ balance: '100.00' }), await api.newAccount()];
  const holder = fromTypeId('customer', heir.customerId);
  created(await die(account.customerId));
  const key = newKey();
  const paid = created(await payOut(account, { toAccountId: heir.id, amount: '60.00' }, key));
  assert.deepEqual(
    [paid.type, paid.counterparty?.name, paid.reason, paid.balanceAfter],
    ['transfer', 'Eva Sommer', 'Certificate 6 VI 331/26', '40.00'],
  );
  const again = await payOut(account, { toAccountId: heir.id, amount: '60.00' }, key);
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  created(await payOut(account, { mode: 'cash', amount: '30.00' }));
  const abroad = created(await payOut(account, { toIban: FOREIGN, amount: '10.00' }));
  created(await api.pay('/v1/outgoing-payments/submit', { message: newKey(), ids: [abroad.id] }));
  refused(await payOut(account, { mode: 'cash', amount: '0.01' }), 422, 'insufficient_funds');
  assert.deepEqual(badFields(await payOut(account, { mode: 'cash', toIban: FOREIGN, amount: '1.00' })), [
    'mode',
  ]);
  for (const to of [{}, { mode: 'cash', toIban: FOREIGN }, { toAccountId: heir.id, toIban: FOREIGN }]) {
    const [error] =
      refused(await payOut(account, { ...to, amount: '1.00' }), 400, 'validation_failed').errors ?? [];
    assert.equal(error?.message, 'give one of mode, toAccountId, toIban and toAccount');
  }
  const seenByHeir = await (await api.as('customer', holder)).get<TransactionView>(
    `/v1/transactions/${paid.id}`,
  );
  assert.equal(created(seenByHeir).reason, null);
  refused(await payOut(heir, { mode: 'cash', amount: '1.00' }), 409, 'customer_not_deceased');
  const teller = await api.as('teller');
  refused(
    await teller.pay(`/v1/accounts/${account.id}/estate-payouts`, {
      executorName: 'Eva',
      reason: 'x',
      currency: 'EUR',
      mode: 'cash',
      amount: '1.00',
    }),
    403,
    'forbidden',
  );
  const rows = created(
    await (await api.as('admin')).get<Page<AuditEntryView>>(`/v1/audit-log?resource=${paid.id}`),
  ).data;
  assert.deepEqual(
    rows.map(({ action, after }) => [action, after]),
    [
      [
        'payOutEstate',
        { type: 'transfer', mode: 'online', executorName: 'Eva Sommer', reason: 'Certificate 6 VI 331/26' },
      ],
    ],
  );
  created(await api.post(`/v1/accounts/${account.id}/close`, { reason: 'paid out' }));
  const closed = created(await api.post<CustomerView>(`/v1/customers/${account.customerId}/close`, {}));
  assert.deepEqual([closed.status, closed.deceasedOn], ['closed', '2026-01-05']);
});

test('a death is dated, of a person, and reported once', async () => {
  const { id } = await api.newCustomer({ dateOfBirth: '1980-05-05' });
  for (const deceasedOn of ['1980-05-04', '2999-01-01']) {
    assert.deepEqual(badFields(await die(id, { deceasedOn })), ['deceasedOn']);
  }
  const club = created(
    await api.post<CustomerView>('/v1/customers', { type: 'organisation', legalName: 'Chess Club' }),
  );
  refused(await die(club.id), 422, 'customer_not_a_person');
  created(await api.post(`/v1/customers/${club.id}/close`, {}));
  refused(await die(club.id), 409, 'customer_closed');
  created(await die(id));
  const [row] = created(
    await (await api.as('admin')).get<Page<AuditEntryView>>(`/v1/audit-log?resource=${id}`),
  ).data;
  const { before, after } = row ?? {};
  assert.deepEqual(before, { status: 'active', version: 1, deceasedOn: null });
  assert.deepEqual(after, {
    status: 'deceased',
    version: 2,
    deceasedOn: '2026-01-05',
    deathReason: DIED.reason,
  });
});

test('the books verify after all that', () => api.assertVerified());
