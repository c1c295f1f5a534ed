import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findDivergedLoan } from '#features/loans/recompute.ts';
import type { LoanView } from '#features/loans/schemas.ts';
import { isoDate } from '#lib/time/dates.ts';
import { created, openApi, refused } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';
import { Lending } from './loans.ts';

const api = await openApi();
const lending = new Lending(api);
created(await api.post('/v1/business-date', { businessDate: '2026-01-15' }));

const closeDay = (date: string) => api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate(date));
const WITH_FEE = { fees: [{ kind: 'origination', percent: '2' }] };

test('the fee for making a loan is kept back from it, or all is paid out and the fee is due at once', async () => {
  const [one, other] = [await api.newAccount(), await api.newAccount()];
  const kept = await lending.newApproved(one, {}, WITH_FEE);
  const { outstanding, due, transaction } = created(await lending.disburse(kept, { feesFrom: 'amount' }));
  assert.deepEqual([outstanding.total, due.total, transaction?.fees], ['1200.00', '0.00', '24.00']);
  assert.equal(await api.postedBalance(one), '1176.00');
  const full = await lending.newLoan(other, {}, WITH_FEE);
  assert.deepEqual([full.outstanding.total, full.due.fees], ['1224.00', '24.00']);
  assert.equal(await api.postedBalance(other), '1200.00');
  await closeDay('2026-01-15');
  assert.equal((await lending.get(full)).due.total, '0.00');
  assert.equal(await api.postedBalance(other), '1176.00');
  await api.assertVerified();
});

test('a fee that leaves nothing to pay out is not kept back', async () => {
  const fees = [{ kind: 'origination', amount: '1200.00' }];
  const loan = await lending.newApproved(await api.newAccount(), {}, { fees });
  const answer = await api.leavesNothing(() => lending.disburse(loan, { feesFrom: 'amount' }));
  refused(answer, 422, 'fees_exceed_amount');
});

test('nothing is collected for who pays by other means, until the version read is changed', async () => {
  const account = await api.newAccount();
  const loan = await lending.newLoan(account, { directDebit: false }, WITH_FEE);
  await closeDay('2026-01-16');
  assert.equal((await lending.get(loan)).due.fees, '24.00');
  const path = `/v1/loans/${loan.id}`;
  const etag = (await api.get(path)).headers.get('etag') ?? '';
  refused(await api.patch(path, { directDebit: true }, undefined), 428, 'precondition_required');
  refused(await api.patch(path, { directDebit: true }, '"99"'), 412, 'version_conflict');
  assert.equal(created(await api.patch<LoanView>(path, { directDebit: true }, etag)).directDebit, true);
  refused(await api.patch(path, { directDebit: false }, etag), 412, 'version_conflict');
  await closeDay('2026-01-17');
  assert.equal((await lending.get(loan)).due.fees, '0.00');
});

test('a frozen account is left alone at the end of the day', async () => {
  const account = await api.newAccount();
  const loan = await lending.newLoan(account, {}, WITH_FEE);
  created(await api.post(`/v1/accounts/${account.id}/freeze`, { reason: 'x' }));
  await closeDay('2026-01-18');
  assert.equal((await lending.get(loan)).due.fees, '24.00');
});

test('loans are listed by customer, account, product, status and external id, page by page', async () => {
  const account = await api.newAccount();
  const { id: productId } = await lending.newProduct();
  const externalId = 'L-1';
  const first = created(await lending.applyTo(account, productId, { externalId }));
  const second = created(await lending.applyTo(account, productId));
  created(await lending.approve(second));
  refused(await lending.applyTo(account, productId, { externalId }), 409, 'loan_exists');
  const idsOf = async (query: string) =>
    (await api.allPages<LoanView>(`/v1/loans?${query}`, 1)).flat().map(({ id }) => id);
  for (const query of [
    `customerId=${account.customerId}`,
    `accountId=${account.id}`,
    `productId=${productId}`,
  ]) {
    assert.deepEqual(await idsOf(query), [second.id, first.id], query);
  }
  assert.deepEqual(await idsOf(`customerId=${account.customerId}&status=approved`), [second.id]);
  assert.deepEqual(await idsOf(`externalId=${externalId}`), [first.id]);
});

test('every loan is what its events make it', async () => {
  const account = await api.newAccount({ balance: '2000.00' });
  const loan = await lending.newLoan(account, {}, { penaltyRatePercent: '18' });
  created(await lending.repay(loan, '400.00', { strategy: 'lower_instalment' }));
  created(await lending.repay(loan, '100.00'));
  created(await lending.act(loan, 'undo-last-repayment'));
  await closeDay('2026-01-20');
  created(await lending.reschedule(loan, { instalments: 6 }));
  assert.equal(await findDivergedLoan(api.bank.db, 1), undefined);
  await api.asOwner(`update loans set interest_accrued_minor = interest_accrued_minor + 1
    where interest_accrued_minor > 0 and status = 'active' and principal_minor = 80000`);
  assert.ok((await findDivergedLoan(api.bank.db, 1)) !== undefined);
});
