import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoanScheduleView } from '#features/loans/schedule-schemas.ts';
import type { LoanEventView } from '#features/loans/schemas.ts';
import { created, openApi, type Page, refused } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';
import { Lending } from './loans.ts';

const api = await openApi();
const lending = new Lending(api);

created(await api.post('/v1/business-date', { businessDate: '2026-01-15' }));

test('a loan goes from its application to the borrower’s account', async () => {
  const account = await api.newAccount();
  const loan = await lending.newApplication(account);
  assert.equal(loan.status, 'applied');
  assert.equal(loan.requestedAmount, '1200.00');
  assert.equal(loan.outstanding.total, '0.00');
  const approved = created(await lending.approve(loan, { amount: '1000.00' }));
  assert.equal(approved.status, 'approved');
  assert.equal(approved.approvedAmount, '1000.00');
  const active = created(await lending.disburse(loan));
  assert.equal(active.status, 'active');
  assert.deepEqual(active.outstanding, {
    principal: '1000.00',
    interest: '0.00',
    fees: '0.00',
    penalties: '0.00',
    total: '1000.00',
  });
  assert.equal(active.transaction?.type, 'disbursed');
  assert.equal(active.nextDueDate, '2026-02-15');
  // 1000 × 0.01 / (1 − 1.01⁻¹²) = 88.8488
  assert.equal(active.nextDueAmount, '88.85');
  assert.equal(await api.postedBalance(account), '1000.00');
  await api.assertVerified();
});

test('a payoff today leaves nothing', async () => {
  const account = await api.newAccount({ balance: '50.00' });
  const loan = await lending.newLoan(account);
  const { body: payoff } = await lending.payoff(loan);
  assert.equal(payoff.total, '1200.00');
  const closed = created(await lending.repay(loan, '1200.00'));
  assert.equal(closed.status, 'closed');
  assert.equal(closed.outstanding.total, '0.00');
  assert.equal(await api.postedBalance(account), '50.00');
  const page = await api.get<Page<LoanEventView>>(`/v1/loans/${loan.id}/transactions`);
  assert.deepEqual(
    page.body.data.map(({ number, type, amount }) => [number, type, amount]),
    [
      [4, 'repaid', '1200.00'],
      [3, 'disbursed', '1200.00'],
      [2, 'approved', '1200.00'],
      [1, 'applied', '1200.00'],
    ],
  );
  refused(await lending.repay(loan, '1.00'), 409, 'loan_not_in_status');
  await api.assertVerified();
});

test('the key of a payment answers as it first did, whatever came after it', async () => {
  const account = await api.newAccount({ balance: '500.00' });
  const loan = await lending.newLoan(account);
  const key = newKey();
  const first = created(await lending.repay(loan, '100.00', {}, key));
  created(await lending.repay(loan, '200.00'));
  const again = await lending.repay(loan, '100.00', {}, key);
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  assert.deepEqual(again.body, first);
  refused(await lending.repay(loan, '101.00', {}, key), 422, 'idempotency_key_reused');
});

test('a schedule is planned before the loan is paid out', async () => {
  const account = await api.newAccount();
  const loan = await lending.newApplication(account, { instalments: 3 });
  const { schedule } = created(await api.get<LoanScheduleView>(`/v1/loans/${loan.id}/schedule`));
  assert.deepEqual(
    schedule.map(({ number, dueDate, total, status }) => [number, dueDate, total, status]),
    [
      [1, '2026-02-15', '408.03', 'upcoming'],
      [2, '2026-03-15', '408.03', 'upcoming'],
      [3, '2026-04-15', '408.02', 'upcoming'],
    ],
  );
});
