import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import { fromTypeId } from '#lib/ids.ts';
import { isoDate } from '#lib/time/dates.ts';
import { type Answer, cash, created, move, openApi, refused } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';

const api = await openApi();
created(await api.post('/v1/business-date', { businessDate: '2026-01-31' }));

type Fields = Readonly<Record<string, unknown>>;
const define = async (code: string, fields: Fields): Promise<void> => {
  const product = { code, currency: 'EUR', kind: 'savings', name: 'Savings', ...fields };
  created(await api.post('/v1/products', product));
};
const addVersion = async (code: string, fields: Fields): Promise<void> => {
  created(await api.post(`/v1/products/${code}/versions`, { currency: 'EUR', ...fields }));
};
const open = (product: string, fields: Fields = {}) => api.newAccount({ product, ...fields });
const closeThrough = async (until: string): Promise<void> => {
  await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate(until));
};
const seen = async ({ id }: AccountView) => created(await api.get<AccountView>(`/v1/accounts/${id}`));
const withdraw = (account: AccountView, amount: string) => api.pay('/v1/withdrawals', cash(account, amount));
const deposit = (account: AccountView, amount: string) => api.pay('/v1/deposits', cash(account, amount));
const act = ({ id }: AccountView, name: string, body: Fields = {}, by = api): Promise<Answer> =>
  by.post(`/v1/accounts/${id}/${name}`, body);
const fieldsOf = ({ body }: Answer) =>
  (body as { errors?: readonly { path: string }[] }).errors?.map(({ path }) => path);

await closeThrough('2026-01-31');
const plain = await api.newAccount({ balance: '1000.00' });

test('the first deposit is as much as the terms say, and those after it are not asked', async () => {
  await define('opening', { balance: { openingDeposit: '100.00' } });
  const account = await open('opening');
  refused(await api.leavesNothing(() => deposit(account, '99.99')), 422, 'below_opening_deposit');
  const transfer = () => api.pay('/v1/transfers', move(plain, account, '99.99'));
  refused(await api.leavesNothing(transfer), 422, 'below_opening_deposit');
  created(await deposit(account, '100.00'));
  created(await deposit(account, '0.01'));
  const paid = await open('opening');
  const payment = { externalReference: 'first', iban: paid.iban, amount: '1.00', currency: 'EUR' };
  created(await api.pay('/v1/incoming-payments', payment));
  assert.equal(await api.postedBalance(paid), '1.00');
});

test('payments leave the minimum balance, and holds do', async () => {
  await define('minimum', { balance: { minimum: '50.00' } });
  const account = await open('minimum', { balance: '150.00' });
  assert.equal((await seen(account)).minimumBalance, '50.00');
  const hold = (amount: string) => api.pay('/v1/holds', { accountId: account.id, amount, currency: 'EUR' });
  refused(await api.leavesNothing(() => withdraw(account, '100.01')), 422, 'below_minimum_balance');
  refused(await api.leavesNothing(() => hold('100.01')), 422, 'below_minimum_balance');
  refused(await withdraw(account, '150.01'), 422, 'insufficient_funds');
  created(await hold('60.00'));
  refused(await withdraw(account, '40.01'), 422, 'below_minimum_balance');
  created(await withdraw(account, '40.00'));
  // As one of many, which are judged on what the server remembers.
  const items = Array.from({ length: 5 }, (_, index) => ({
    type: 'transfer',
    ...move(account, plain, '0.01', { externalId: `many ${index}` }),
  }));
  type Batch = { readonly results: readonly { readonly code?: string | null }[] };
  const batch = created(await api.pay<Batch>('/v1/transactions/batch', { items, mode: 'independent' }));
  assert.deepEqual(
    batch.results.map(({ code }) => code),
    Array.from({ length: 5 }, () => 'below_minimum_balance'),
  );
  await api.assertVerified();
});

test('a minimum that changes is on accounts that follow from its day on, and not on those that keep', async () => {
  await define('raised', {});
  const [account, other] = [await open('raised', { balance: '80.00' }), await open('raised')];
  await addVersion('raised', { effectiveFrom: '2026-02-03', balance: { minimum: '60.00' } });
  created(await withdraw(account, '5.00'));
  await closeThrough('2026-02-01');
  assert.equal((await seen(account)).minimumBalance, '0.00');
  await closeThrough('2026-02-02');
  assert.deepEqual(
    [(await seen(account)).minimumBalance, (await seen(other)).minimumBalance],
    ['60.00', '60.00'],
  );
  refused(await withdraw(account, '15.01'), 422, 'below_minimum_balance');
  await addVersion('raised', {
    effectiveFrom: '2026-02-04',
    appliesTo: 'new_accounts',
    balance: { minimum: '70.00' },
  });
  await closeThrough('2026-02-03');
  assert.equal((await seen(account)).minimumBalance, '60.00');
  assert.equal((await seen(await open('raised'))).minimumBalance, '70.00');
  await addVersion('raised', { effectiveFrom: '2026-02-06' });
  await closeThrough('2026-02-05');
  assert.equal((await seen(account)).minimumBalance, '0.00');
  created(await withdraw(account, '75.00'));
  await api.assertVerified();
});

test('an account that nobody uses becomes dormant: money comes in, and none goes out until it is active again', async () => {
  await define('sleepy', { dormancy: { afterDays: 10 }, interest: { rate: '3.65', posting: 'daily' } });
  const [account, used] = [await open('sleepy', { balance: '1000.00' }), await open('sleepy')];
  await closeThrough('2026-02-10');
  await api.deposit(used, '1.00');
  await closeThrough('2026-02-15');
  assert.equal((await seen(account)).status, 'active');
  await closeThrough('2026-02-16');
  const dormant = await seen(account);
  assert.deepEqual([dormant.status, (await seen(used)).status], ['dormant', 'active']);
  const list = created(await api.get<{ data: AccountView[] }>('/v1/accounts?status=dormant'));
  assert.deepEqual(
    list.data.map(({ id }) => id),
    [account.id],
  );
  refused(await api.leavesNothing(() => withdraw(account, '1.00')), 409, 'account_dormant');
  const hold = { accountId: account.id, amount: '1.00', currency: 'EUR' };
  refused(await api.leavesNothing(() => api.pay('/v1/holds', hold)), 409, 'account_dormant');
  created(await deposit(account, '5.00'));
  await closeThrough('2026-02-17');
  const after = await seen(account);
  assert.equal(after.status, 'dormant');
  assert.ok(Number(after.balance.posted) > 1005, 'it earns');
  const teller = await api.as('teller');
  refused(await act(used, 'reactivate', { reason: 'asked' }, teller), 409, 'account_not_dormant');
  assert.equal(
    (created(await act(account, 'reactivate', { reason: 'asked' }, teller)) as AccountView).status,
    'active',
  );
  created(await withdraw(account, '1.00'));
  await closeThrough('2026-02-28');
  assert.equal((await seen(account)).status, 'dormant');
  created(await act(account, 'freeze', { reason: 'court' }));
  created(await act(account, 'unfreeze', { reason: 'released' }));
  assert.equal((await seen(account)).status, 'active');
  await api.assertVerified();
});

test('a product says when its accounts are closed, and notice is given once', async () => {
  await define('notice', { closing: { minimumAgeDays: 20, noticeDays: 10 } });
  const { businessDate: openedOn } = await api.bank.endOfDay.progress();
  const [account, owner] = [
    await open('notice'),
    await api.as('customer', fromTypeId('customer', plain.customerId)),
  ];
  refused(await act(account, 'close', { reason: 'leaves' }), 409, 'closing_notice_missing');
  refused(await act(account, 'closing-notice', {}, owner), 404, 'not_found');
  const given = created(await act(account, 'closing-notice')) as AccountView;
  assert.equal(given.closingNoticeOn, openedOn);
  refused(await act(account, 'closing-notice'), 409, 'closing_notice_given');
  const later = (days: number) => Temporal.PlainDate.from(openedOn).add({ days }).toString();
  await closeThrough(later(18));
  refused(
    await api.leavesNothing(() => act(account, 'close', { reason: 'leaves' })),
    409,
    'account_not_closable_yet',
  );
  await closeThrough(later(19));
  created(await act(account, 'close', { reason: 'leaves' }));
  refused(await act(account, 'closing-notice'), 409, 'account_closed');
});

test('an account is closed and paid out to another of its owner, with its interest', async () => {
  await define('paid_out', { balance: { minimum: '50.00' }, interest: { rate: '3.65', posting: 'yearly' } });
  const account = await open('paid_out', { balance: '1000.00' });
  const { customerId } = account;
  const target = await api.newAccount({ customerId });
  const dollars = await api.newAccount({ customerId, currency: 'USD' });
  const { businessDate } = await api.bank.endOfDay.progress();
  await closeThrough(businessDate);
  const close = (payoutTo: string) => act(account, 'close', { payoutTo, reason: 'leaves' });
  await api.leavesNothing(async () => {
    for (const wrong of [plain.id, dollars.id, account.id]) {
      refused(await close(wrong), 422, 'payout_not_to_owner');
    }
    for (const absent of ['acc_01hk4jzh04e00acnmmqdkz21gk', 'acc_1']) {
      refused(await close(absent), 404, 'not_found');
    }
    refused(await act(account, 'close', { reason: 'leaves' }), 409, 'account_not_empty');
  });
  const closed = created(await close(target.id)) as AccountView;
  assert.deepEqual([closed.status, closed.balance.posted], ['closed', '0.00']);
  assert.equal(await api.postedBalance(target), '1000.10');
  await api.assertVerified();
});

test('an overdrawn account is not paid out', async () => {
  await define('drawn', { kind: 'current', overdraft: { allowed: true } });
  const account = await open('drawn', { overdraftLimit: '10.00' });
  const target = await api.newAccount({ customerId: account.customerId });
  await api.withdraw(account, '1.00');
  const close = () => act(account, 'close', { payoutTo: target.id, reason: 'leaves' });
  refused(await api.leavesNothing(close), 409, 'account_not_empty');
});

test('no more customers hold an account than its product says', async () => {
  await define('alone', { eligibility: { maximumHolders: 1 } });
  const account = await open('alone');
  const { id: customerId } = await api.newCustomer();
  const add = () => act(account, 'holders', { customerId, role: 'joint' });
  refused(await api.leavesNothing(add), 422, 'too_many_holders');
});

test('everything that is wrong with such terms is said at once', async () => {
  const wrong = {
    code: 'wrong',
    currency: 'EUR',
    kind: 'current',
    name: 'Wrong',
    overdraft: { allowed: true },
    balance: { minimum: '5.00', openingDeposit: '1.001' },
    dormancy: { afterDays: 0 },
    closing: {},
    eligibility: { maximumHolders: 0 },
  };
  const answer = await api.leavesNothing(() => api.post('/v1/products', wrong));
  refused(answer, 400, 'validation_failed');
  assert.deepEqual(fieldsOf(answer)?.toSorted(), [
    'balance.minimum',
    'balance.openingDeposit',
    'closing',
    'dormancy.afterDays',
    'eligibility.maximumHolders',
  ]);
});
