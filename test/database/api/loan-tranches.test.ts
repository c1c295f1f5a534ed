import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifyLoans } from '#features/loans/recompute.ts';
import type { LoanStatementView } from '#features/loans/reports/schemas.ts';
import type { LoanScheduleView } from '#features/loans/schedule-schemas.ts';
import type { LoanAnswerView, LoanView } from '#features/loans/schemas.ts';
import { isoDate } from '#lib/time/dates.ts';
import { created, openApi, refused } from '#test/support/api.ts';
import { newKey, TEST_CALLER } from '#test/support/bank.ts';
import { Lending } from './loans.ts';

/*
 * 1,200.00 at 12 % in three instalments of a month: 600.00 are paid out on 15 January, 500.00 ten days later and the rest
 * on 20 February, after the first instalment. A month's interest is a hundredth, and each of its days an equal part.
 */
const api = await openApi();
const lending = new Lending(api);
const account = await api.newAccount();
const PRODUCT = { severalDisbursements: true };
const today = async (businessDate: string) => created(await api.post('/v1/business-date', { businessDate }));
const newApproved = (product: object = PRODUCT) =>
  lending.newApproved(account, { instalments: 3, directDebit: false }, product as Record<string, unknown>);
const seen = async ({ id }: { readonly id: string }) => created(await api.get<LoanView>(`/v1/loans/${id}`));
const schedule = async ({ id }: { readonly id: string }) =>
  created(await api.get<LoanScheduleView>(`/v1/loans/${id}/schedule`)).schedule.map(
    ({ dueDate, principal, interest, outstanding }) => [dueDate, principal, interest, outstanding],
  );

async function assertWhole(loan: { readonly id: string }): Promise<void> {
  await api.assertVerified();
  assert.equal((await verifyLoans(api.bank.db, 1)).brokenBy, undefined);
  const { closing, lines } = created(await api.get<LoanStatementView>(`/v1/loans/${loan.id}/statement`));
  const changes = lines.reduce((sum, { change }) => sum + Math.round(Number(change.total) * 100), 0);
  assert.equal((changes / 100).toFixed(2), closing.total);
}

await today('2026-01-15');
const loan = await newApproved();

test('a part is paid out, and the instalments are those of the part', async () => {
  const first = created(await lending.disburse(loan, { amount: '600.00' }));
  assert.deepEqual(
    [first.status, first.outstanding.principal, first.undisbursedAmount, first.transaction?.amount],
    ['active', '600.00', '600.00', '600.00'],
  );
  assert.deepEqual(await schedule(loan), [
    ['2026-02-15', '198.01', '6.00', '401.99'],
    ['2026-03-15', '199.99', '4.02', '202.00'],
    ['2026-04-15', '202.00', '2.02', '0.00'],
  ]);
  await assertWhole(loan);
});

test('the next part bears interest from its day on, and the instalments to come repay all', async () => {
  await today('2026-01-25');
  const key = newKey();
  const second = created(await lending.disburse(loan, { amount: '500.00' }, key));
  assert.deepEqual(created(await lending.disburse(loan, { amount: '500.00' }, key)), second);
  assert.deepEqual([second.outstanding.principal, second.undisbursedAmount], ['1100.00', '100.00']);
  const rows = await schedule(loan);
  // 10 of 31 days on 600.00 and 21 on 1,100.00: 1.94 and 7.45.
  assert.deepEqual(rows[0]?.slice(0, 1).concat(rows[0]?.[2] ?? ''), ['2026-02-15', '9.39']);
  assert.deepEqual(
    rows.map(([dueDate]) => dueDate),
    ['2026-02-15', '2026-03-15', '2026-04-15'],
  );
  const cents = rows.reduce((sum, [, principal]) => sum + Math.round(Number(principal) * 100), 0);
  assert.equal(cents, 110_000);
  await assertWhole(loan);
  refused(await lending.disburse(loan, { amount: '100.01' }), 422, 'disbursement_exceeds_approved');
});

test('a part is undone on its day, and the loan is what it was before', async () => {
  const before = await schedule(loan);
  const third = created(await lending.disburse(loan, { amount: '40.00' }));
  const path = `/v1/loans/${loan.id}/transactions/${third.transaction?.number}/undo`;
  created(await api.pay(path, { reason: 'by mistake' }));
  const { outstanding, undisbursedAmount } = await seen(loan);
  assert.deepEqual([outstanding.principal, undisbursedAmount], ['1100.00', '100.00']);
  assert.deepEqual(await schedule(loan), before);
  await assertWhole(loan);
});

test('the rest is paid out after the first instalment, the loan is repaid, and nothing is left', async () => {
  await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-02-19'));
  const { due } = await seen(loan);
  created(await lending.repay(loan, due.total, { from: 'cash' }));
  const rest = created(await lending.disburse(loan));
  assert.deepEqual([rest.transaction?.amount, rest.undisbursedAmount], ['100.00', '0.00']);
  refused(await lending.disburse(loan), 409, 'loan_not_in_status');
  await assertWhole(loan);
  const { body: payoff } = await lending.payoff(loan);
  const { status } = created(await lending.repay(loan, payoff.total ?? '', { from: 'cash' }));
  assert.equal(status, 'closed');
  await assertWhole(loan);
});

test('of a loan that ended nothing is still to be paid out, until its end is undone', async () => {
  const parted = await newApproved();
  created(await lending.disburse(parted, { amount: '400.00' }));
  const { body: payoff } = await lending.payoff(parted);
  const { status, undisbursedAmount } = created(
    await lending.repay(parted, payoff.total ?? '', { from: 'cash' }),
  );
  assert.deepEqual([status, undisbursedAmount], ['closed', '0.00']);
  created(await lending.act(parted, 'undo-last-repayment'));
  assert.equal((await seen(parted)).undisbursedAmount, '800.00');
  assert.equal(created(await lending.act(parted, 'charge-off')).undisbursedAmount, '0.00');
});

test('a fee for making the loan is asked for on each part, as a percentage', async () => {
  const withFee = { ...PRODUCT, fees: [{ kind: 'origination', percent: '1' }] };
  const charged: LoanAnswerView = created(
    await lending.disburse(await newApproved(withFee), { amount: '600.00', feesFrom: 'amount' }),
  );
  assert.equal(charged.transaction?.fees, '6.00');
  const kept = created(await lending.disburse(charged, { amount: '500.00', feesFrom: 'amount' }));
  assert.deepEqual([kept.transaction?.fees, kept.outstanding.total], ['5.00', '1100.00']);
  const due = created(await lending.disburse(charged));
  assert.deepEqual([due.due.fees, due.outstanding.total], ['1.00', '1201.00']);
  await assertWhole(charged);
});

test('other products pay out at once, and no loan is paid out above what was approved', async () => {
  const atOnce = await newApproved({});
  refused(await lending.disburse(atOnce, { amount: '600.00' }), 422, 'tranches_not_offered');
  const approved = await newApproved();
  refused(await lending.disburse(approved, { amount: '1200.01' }), 422, 'disbursement_exceeds_approved');
  refused(await lending.disburse(approved, { amount: '0.00' }), 400, 'invalid_amount');
  created(await lending.disburse(atOnce, { amount: '1200.00' }));
});
