import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoanScheduleView } from '#features/loans/schedule-schemas.ts';
import type { LoanEventView, LoanView } from '#features/loans/schemas.ts';
import { isoDate } from '#lib/time/dates.ts';
import { badFields, created, openApi, type Page } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';
import { Lending } from './loans.ts';

/* Loans of 1,200 at 12 % in twelve instalments of 106.62 from Sunday, 15 February 2026. */
const api = await openApi();
const lending = new Lending(api);
created(await api.post('/v1/business-date', { businessDate: '2026-01-15' }));

const LATE = { arrearsAfterDays: 5, fees: [{ kind: 'late', amount: '10.00' }] };
const newLoan = async (fields: object, product: object) =>
  lending.newLoan(await api.newAccount({ balance: '500.00' }), { ...fields }, { ...product });
const UNDEBITED = { directDebit: false };
const spared = await newLoan(UNDEBITED, LATE);
const charged = await newLoan(UNDEBITED, { ...LATE, lateFeeRule: 'any_unpaid' });
const byRow = await newLoan(UNDEBITED, { allocation: 'oldest_row_first' });
const byPart = await newLoan(UNDEBITED, {});
const ahead = await newLoan({}, { earlyMoney: 'next_instalment', ...LATE });
const aheadByChoice = await newLoan({}, {});
const last = await newLoan({ instalments: 1 }, { earlyMoney: 'next_instalment' });
const lowered = await newLoan({}, { earlyMoney: 'lower_instalments' });

const closeThrough = (date: string) => api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate(date));
const scheduleOf = async (loan: LoanView) =>
  created(await api.get<LoanScheduleView>(`/v1/loans/${loan.id}/schedule`)).schedule;
async function countLateFees(loan: LoanView): Promise<number> {
  const path = `/v1/loans/${loan.id}/transactions?type=late_fee`;
  return created(await api.get<Page<LoanEventView>>(path)).data.length;
}

test('money that comes early is kept for the next instalment, which is collected once', async () => {
  await closeThrough('2026-02-11');
  const paid = created(await lending.repay(ahead, '106.62'));
  assert.deepEqual([paid.paidAhead, paid.transaction?.strategy], ['106.62', 'next_instalment']);
  assert.equal(paid.outstanding.principal, '1200.00');
  created(await lending.repay(aheadByChoice, '150.00', { strategy: 'next_instalment' }));
  created(await lending.repay(last, '1000.00'));
  await api.assertVerified();
  const payoff = (await lending.payoff(ahead)).body;
  assert.equal(payoff.principal, '1093.38');
  await closeThrough('2026-02-15');
  for (const loan of [ahead, aheadByChoice]) {
    const [row] = await scheduleOf(loan);
    assert.equal(row?.status, 'paid');
    assert.deepEqual(row?.paid, { principal: '94.62', interest: '12.00', fees: '0.00' });
  }
  assert.equal(await api.postedBalance({ id: ahead.accountId }), '1593.38');
  assert.equal((await lending.get(ahead)).paidAhead, '0.00');
  assert.equal((await lending.get(aheadByChoice)).paidAhead, '43.38');
  // 212.00 of the only instalment were left to collect.
  assert.deepEqual(
    [(await lending.get(last)).status, await api.postedBalance({ id: last.accountId })],
    ['closed', '488.00'],
  );
  await api.assertVerified();
  await closeThrough('2026-02-25');
  assert.equal(await countLateFees(ahead), 0);
  // A payoff uses what was kept.
  const { total = '' } = (await lending.payoff(aheadByChoice)).body;
  const closed = created(await lending.repay(aheadByChoice, total, { from: 'cash' }));
  assert.deepEqual([closed.status, closed.paidAhead], ['closed', '0.00']);
  await api.assertVerified();
});

test('a product may lower the instalments instead, and either name of it is taken', async () => {
  const before = (await lending.get(lowered)).nextDueAmount;
  created(await lending.repay(lowered, '100.00'));
  const { nextDueAmount, lastDueDate } = await lending.get(lowered);
  assert.ok(Number(nextDueAmount) < Number(before));
  assert.equal(lastDueDate, '2027-01-15');
  created(await lending.repay(lowered, '10.00', { strategy: 'lower_instalments' }));
  assert.deepEqual(badFields(await lending.repay(lowered, '10.00', { strategy: 'nothing' })), ['strategy']);
});

test('an instalment that is paid whole within its grace costs no late fee, whatever the money pays', async () => {
  await closeThrough('2026-03-14');
  for (const month of ['03', '04', '05']) {
    await closeThrough(`2026-${month}-16`);
    for (const loan of [spared, charged]) created(await lending.repay(loan, '106.62', { from: 'cash' }));
    await closeThrough(`2026-${month}-25`);
  }
  assert.deepEqual([await countLateFees(spared), await countLateFees(charged)], [1, 4]);
  await api.assertVerified();
});

test('a whole instalment pays the oldest row, or by part a part of each', async () => {
  for (const loan of [byRow, byPart]) created(await lending.repay(loan, '106.62', { from: 'cash' }));
  assert.deepEqual(
    (await scheduleOf(byRow)).slice(0, 2).map(({ status }) => status),
    ['paid', 'overdue'],
  );
  assert.deepEqual(
    (await scheduleOf(byPart)).slice(0, 2).map(({ status }) => status),
    ['overdue', 'overdue'],
  );
  // Of 15 March and of 15 February, on 26 May.
  assert.deepEqual(
    [(await lending.get(byRow)).daysPastDue, (await lending.get(byPart)).daysPastDue],
    [72, 100],
  );
});
