import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountView } from '#features/accounts/schemas.ts';
import type { LoanView } from '#features/loans/schemas.ts';
import { isoDate } from '#lib/time/dates.ts';
import { created, openApi, type Page, refused } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';
import { Lending } from './loans.ts';

/* 5,000 at 12 % in twelve instalments of 444.24, the first on 15 February. */
const api = await openApi();
const lending = new Lending(api);
created(await api.post('/v1/business-date', { businessDate: '2026-01-15' }));

const STRICT = { penaltyRatePercent: '18', arrearsAfterDays: 5, fees: [{ kind: 'late', amount: '10.00' }] };
const BORROWED = { amount: '5000.00', directDebit: false };
const shown = await lending.newLoan(await api.newAccount(), BORROWED, STRICT);
const debited = await lending.newLoan(await api.newAccount());
const joint = await api.newAccount();
const second = await api.newCustomer();
created(await api.post(`/v1/accounts/${joint.id}/holders`, { customerId: second.id, role: 'joint' }));
const ofSecond = await lending.newLoan({ ...joint, customerId: second.id } as AccountView);

test('whoever pays what is shown as due owes nothing and is charged no fee later', async () => {
  await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-02-17'));
  const before = await lending.get(shown);
  // Three days' penalty interest on 394.24 of principal: 0.58.
  assert.deepEqual([before.asOf, before.accruedThrough], ['2026-02-18', '2026-02-17']);
  assert.deepEqual([before.due.total, before.due.penalties], ['444.82', '0.58']);
  const [listed] = created(await api.get<Page<LoanView>>(`/v1/loans?accountId=${shown.accountId}`)).data;
  assert.deepEqual(listed, before);
  const paid = created(await lending.repay(shown, before.due.total, { from: 'cash' }));
  assert.equal(paid.due.total, '0.00');
  await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-02-24'));
  assert.equal((await lending.get(shown)).due.total, '0.00');
  await api.assertVerified();
});

test('a direct debit that was taken back is not collected again until somebody says so', async () => {
  assert.equal(await api.postedBalance({ id: debited.accountId }), '1093.38');
  created(await lending.act(debited, 'undo-last-repayment'));
  assert.equal((await lending.get(debited)).directDebit, false);
  await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-02-25'));
  assert.equal(await api.postedBalance({ id: debited.accountId }), '1200.00');
  const etag = (await api.get(`/v1/loans/${debited.id}`)).headers.get('etag') ?? '';
  created(await api.patch(`/v1/loans/${debited.id}`, { directDebit: true }, etag));
  await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-02-26'));
  assert.equal(await api.postedBalance({ id: debited.accountId }), '1093.38');
});

test('who borrows stays on the account and with the bank while the loan runs', async () => {
  await api.leavesNothing(async () => {
    const removed = await api.delete(`/v1/accounts/${joint.id}/holders`, { customerId: second.id });
    refused(removed, 409, 'holder_borrows');
  });
  // As it was before this was refused.
  await api.asOwner(`delete from account_holders using loans l where account_holders.account_id = l.account_id
    and account_holders.customer_id = l.customer_id and account_holders.role = 'joint'`);
  refused(await api.post(`/v1/customers/${second.id}/close`, {}), 409, 'customer_has_active_loans');
  const before = await api.postedBalance(joint);
  await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-03-16'));
  assert.equal(await api.postedBalance(joint), before);
  assert.notEqual((await lending.get(ofSecond)).due.total, '0.00');
});
