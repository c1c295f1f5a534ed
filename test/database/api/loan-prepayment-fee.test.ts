import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifyLoans } from '#features/loans/recompute.ts';
import type { LoanStatementView } from '#features/loans/reports/schemas.ts';
import type { LoanAnswerView } from '#features/loans/schemas.ts';
import { badFields, created, openApi, refused } from '#test/support/api.ts';
import { Lending } from './loans.ts';

/* Loans of 1,200.00, repaid early on the day on which they are paid out: no interest, and 1 % or 5.00 for what is early. */
const api = await openApi();
const lending = new Lending(api);
const account = await api.newAccount();
const PERCENT = { prepaymentFee: { percent: '1', withinMonths: 6 } };

const newLoan = (product: object = PERCENT) =>
  lending.newLoan(account, { directDebit: false }, product as Record<string, unknown>);
const repay = async (loan: LoanAnswerView, amount: string, fields = {}) =>
  created(await lending.repay(loan, amount, { from: 'cash', ...fields }));

async function feeIncome(): Promise<string> {
  const { lines } = created(
    await api.get<{ lines: { code: string; credit: string }[] }>('/v1/accounting/trial-balance'),
  );
  return lines.find(({ code }) => code === '4100')?.credit ?? '0.00';
}

async function assertWhole(): Promise<void> {
  await api.assertVerified();
  assert.equal((await verifyLoans(api.bank.db, 1)).brokenBy, undefined);
}

test('a payoff is quoted with its fee, paid with it, and the fee is income; undone, it is not', async () => {
  const loan = await newLoan();
  const { body: quote } = await lending.payoff(loan);
  assert.deepEqual(
    [quote.principal, quote.fees, quote.total, quote.prepaymentFee],
    ['1200.00', '12.00', '1212.00', '12.00'],
  );
  refused(await lending.repay(loan, '1212.01', { from: 'cash' }), 422, 'overpayment_refused');
  const before = await feeIncome();
  const { status, transaction } = await repay(loan, '1212.00');
  assert.equal(status, 'closed');
  assert.deepEqual(
    [transaction?.principal, transaction?.fees, transaction?.prepaymentFee],
    ['1200.00', '12.00', '12.00'],
  );
  assert.equal(Number(await feeIncome()) - Number(before), 12);
  await assertWhole();
  created(await lending.act(loan, 'undo-last-repayment'));
  assert.equal(await feeIncome(), before);
  const again = created(await api.get<LoanAnswerView>(`/v1/loans/${loan.id}`));
  assert.deepEqual([again.status, again.outstanding.total], ['active', '1200.00']);
  await assertWhole();
});

test('what is repaid early in part pays the fee for that part', async () => {
  const loan = await newLoan();
  const first = await repay(loan, '101.00');
  assert.deepEqual(
    [first.transaction?.principal, first.transaction?.prepaymentFee, first.outstanding.total],
    ['100.00', '1.00', '1100.00'],
  );
  // Less than the payoff of 1,111.00: 1,089.11 and 10.89 for it.
  const second = await repay(loan, '1100.00');
  assert.deepEqual(
    [second.transaction?.principal, second.transaction?.prepaymentFee, second.outstanding.total],
    ['1089.11', '10.89', '10.89'],
  );
  const { closing, lines } = created(await api.get<LoanStatementView>(`/v1/loans/${loan.id}/statement`));
  assert.equal(closing.total, '10.89');
  const changes = lines.reduce((sum, { change }) => sum + Math.round(Number(change.total) * 100), 0);
  assert.equal(changes, 1_089);
  await assertWhole();
});

test('a fixed fee is for each prepayment, and never more than the principal that is repaid', async () => {
  const loan = await newLoan({ prepaymentFee: { amount: '5.00' } });
  const { transaction, outstanding } = await repay(loan, '105.00');
  assert.deepEqual(
    [transaction?.principal, transaction?.fees, outstanding.total],
    ['100.00', '5.00', '1100.00'],
  );
  const small = await repay(loan, '3.00');
  assert.deepEqual([small.transaction?.fees, small.outstanding.total], ['1.50', '1098.50']);
  await repay(small, '1099.50');
  const { body: rest } = await lending.payoff(loan);
  assert.deepEqual([rest.principal, rest.prepaymentFee, rest.total], ['4.00', '4.00', '8.00']);
  assert.equal((await repay(loan, '8.00')).status, 'closed');
  await assertWhole();
});

test('a payoff asks the fee of what was kept for the next instalments, too', async () => {
  const [loan, other] = [await newLoan(), await newLoan()];
  const ahead = { strategy: 'next_instalment' };
  const kept = await repay(loan, '1100.00', ahead);
  assert.deepEqual([kept.transaction?.prepaymentFee, kept.paidAhead], [null, '1100.00']);
  const { body: quote } = await lending.payoff(loan);
  assert.deepEqual([quote.principal, quote.prepaymentFee, quote.total], ['100.00', '12.00', '112.00']);
  const closed = await repay(loan, '112.00', ahead);
  assert.deepEqual([closed.status, closed.transaction?.prepaymentFee], ['closed', '12.00']);
  await repay(other, '1100.00', ahead);
  // With what was kept it would cover the debt, but not the fee: both repay principal now.
  const { transaction, outstanding, paidAhead } = await repay(other, '111.00', ahead);
  assert.deepEqual(
    [transaction?.principal, transaction?.prepaymentFee, outstanding.total, paidAhead],
    ['1199.01', '11.99', '0.99', '0.00'],
  );
  assert.equal((await repay(other, '1.00')).status, 'closed');
  await assertWhole();
});

test('money for the next instalments, what is due, and what comes later than the product says cost nothing', async () => {
  const loan = await newLoan();
  const kept = await repay(loan, '50.00', { strategy: 'next_instalment' });
  assert.deepEqual([kept.transaction?.prepaymentFee, kept.paidAhead], [null, '50.00']);
  const late = await newLoan({ prepaymentFee: { percent: '1', withinMonths: 1 } });
  created(await api.post('/v1/business-date', { businessDate: '2026-02-14' }));
  const due = created(await api.get<LoanAnswerView>(`/v1/loans/${late.id}`)).due.total;
  assert.equal((await repay(late, due)).transaction?.prepaymentFee, null);
  assert.equal((await lending.payoff(late)).body.prepaymentFee, '0.00');
  // 14 July is six months after 14 January.
  assert.equal((await lending.payoff(loan, { on: '2026-07-14' })).body.prepaymentFee, '0.00');
  assert.notEqual((await lending.payoff(loan, { on: '2026-07-13' })).body.prepaymentFee, '0.00');
  await assertWhole();
});

test('a product asks for an amount or a percentage, of at most all', async () => {
  const create = async (prepaymentFee: object) =>
    api.post('/v1/loan-products', { ...(await productBody()), prepaymentFee });
  assert.deepEqual(badFields(await create({ percent: '100.1' })), ['prepaymentFee.percent']);
  refused(await create({ amount: '1.00', percent: '1' }), 400, 'fee_not_one_of_amount_and_percent');
});

const productBody = async () => {
  const { id: _, createdAt: _at, externalId: _own, ...body } = await lending.newProduct();
  return { ...body, name: `${body.name} again` };
};
