import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoanScheduleView } from '#features/loans/schedule-schemas.ts';
import type { LoanView } from '#features/loans/schemas.ts';
import { isoDate } from '#lib/time/dates.ts';
import { badFields, created, openApi, refused } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';
import { Lending } from './loans.ts';

/*
 * 1,200 at 12 % in twelve months from 15 January: 106.62 each. By 31 January sixteen days of 31 have earned 6.19. The
 * other half of the month bears 1 % × 15/31.
 */
const api = await openApi();
const lending = new Lending(api);
created(await api.post('/v1/business-date', { businessDate: '2026-01-15' }));

async function newLoan(): Promise<LoanView> {
  return lending.newLoan(await api.newAccount({ balance: '5000.00' }));
}

const loans = {
  shortened: await newLoan(),
  lowered: await newLoan(),
  rescheduled: await newLoan(),
  holiday: await newLoan(),
  undone: await newLoan(),
  closed: await newLoan(),
  lost: await newLoan(),
  late: await lending.newLoan(await api.newAccount(), { directDebit: false }),
};
await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-01-30'));

type Row = [number: number, dueDate: string, principal: string, interest: string, total: string];

async function scheduleOf(loan: LoanView, query = ''): Promise<Row[]> {
  const { schedule } = created(await api.get<LoanScheduleView>(`/v1/loans/${loan.id}/schedule${query}`));
  return schedule.map(({ number, dueDate, principal, interest, total }) => [
    number,
    dueDate,
    principal,
    interest,
    total,
  ]);
}

test('a prepayment pays the interest earned so far, and principal; the term is shortened if nothing is said', async () => {
  const { transaction, outstanding } = created(await lending.repay(loans.shortened, '506.19'));
  assert.deepEqual([transaction?.interest, transaction?.principal], ['6.19', '500.00']);
  assert.equal(outstanding.total, '700.00');
  const rows = await scheduleOf(loans.shortened);
  assert.equal(rows.length, 7);
  assert.deepEqual(rows[0], [1, '2026-02-15', '103.23', '3.39', '106.62']);
  assert.deepEqual(rows[6], [7, '2026-08-15', '83.34', '0.83', '84.17']);
  await api.assertVerified();
});

test('or the instalments are lowered, until the same last day', async () => {
  created(await lending.repay(loans.lowered, '506.19', { strategy: 'lower_instalment' }));
  const rows = await scheduleOf(loans.lowered);
  assert.equal(rows.length, 12);
  assert.deepEqual(rows[0], [1, '2026-02-15', '58.49', '3.39', '61.88']);
  assert.deepEqual(rows[11], [12, '2027-01-15', '61.22', '0.61', '61.83']);
});

test('the old schedule is kept', async () => {
  const { versions } = created(await api.get<LoanScheduleView>(`/v1/loans/${loans.lowered.id}/schedule`));
  assert.deepEqual(versions, [
    { version: 3, validFrom: '2026-01-15', reason: 'disbursed' },
    { version: 4, validFrom: '2026-01-31', reason: 'repaid' },
  ]);
  const old = await scheduleOf(loans.lowered, '?version=3');
  assert.deepEqual(old[0], [1, '2026-02-15', '94.62', '12.00', '106.62']);
  refused(await api.get(`/v1/loans/${loans.lowered.id}/schedule?version=5`), 404, 'not_found');
});

test('a new rate and number of instalments hold from the day after', async () => {
  const request = { annualRatePercent: '6', instalments: 6, reason: 'agreed on the phone' };
  const { transaction, scheduleVersion } = created(await lending.reschedule(loans.rescheduled, request));
  assert.equal(transaction?.type, 'rescheduled');
  assert.equal(transaction?.reason, 'agreed on the phone');
  assert.equal(scheduleVersion, transaction?.number);
  const rows = await scheduleOf(loans.rescheduled);
  assert.equal(rows.length, 6);
  // What was earned until then falls due with the first: 2.90 and 6.19.
  assert.deepEqual(rows[0], [1, '2026-02-15', '200.09', '9.09', '209.18']);
  assert.deepEqual(rows[5], [6, '2026-07-15', '201.98', '1.01', '202.99']);
});

test('a holiday leaves instalments out; their interest is due with the first after it', async () => {
  created(await lending.reschedule(loans.holiday, { holidayInstalments: 2 }));
  const rows = await scheduleOf(loans.holiday);
  assert.equal(rows.length, 14);
  assert.deepEqual(rows.slice(0, 3), [
    [1, '2026-02-15', '0.00', '0.00', '0.00'],
    [2, '2026-03-15', '0.00', '0.00', '0.00'],
    [3, '2026-04-15', '94.62', '36.00', '130.62'],
  ]);
});

test('a reschedule that changes nothing, or what no schedule comes of, is refused and leaves nothing', async () => {
  const { holiday } = loans;
  await api.leavesNothing(async () => {
    assert.deepEqual(badFields(await lending.reschedule(holiday, {})), ['body']);
    refused(await lending.reschedule(holiday, { instalments: 1 }), 400, 'grace_too_long');
    refused(await lending.reschedule(holiday, { annualRatePercent: '1001' }), 400, 'rate_out_of_range');
    const long = { instalments: 600, holidayInstalments: 1 };
    refused(await lending.reschedule(holiday, long), 400, 'term_too_long');
  });
});

test('the last repayment is undone as if it had never been made', async () => {
  const { undone } = loans;
  const before = await lending.get(undone);
  const key = 'a-key-of-its-own';
  created(await lending.repay(undone, '506.19'));
  const { transaction, outstanding, scheduleVersion } = created(
    await lending.act(undone, 'undo-last-repayment', key),
  );
  assert.deepEqual(
    [transaction?.type, transaction?.undoes, transaction?.amount],
    ['repayment_undone', 4, '506.19'],
  );
  assert.equal(outstanding.principal, '1200.00');
  assert.equal(outstanding.interest, '6.19');
  assert.equal(scheduleVersion, before.scheduleVersion);
  assert.equal(await api.postedBalance({ id: undone.accountId }), '6200.00');
  assert.deepEqual((await scheduleOf(undone))[0], [1, '2026-02-15', '94.62', '12.00', '106.62']);
  refused(await lending.act(undone, 'undo-last-repayment'), 422, 'no_repayment_to_undo');
  const again = await lending.act(undone, 'undo-last-repayment', key);
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  await api.assertVerified();
});

test('a loan that was closed by what is undone runs again', async () => {
  const { closed } = loans;
  const { total = '' } = (await lending.payoff(closed)).body;
  assert.equal(total, '1206.19');
  assert.equal(created(await lending.repay(closed, total)).status, 'closed');
  const { status, outstanding } = created(await lending.act(closed, 'undo-last-repayment'));
  assert.deepEqual([status, outstanding.total], ['active', '1206.19']);
  await api.assertVerified();
});

test('a payment of a loan is not reversed behind its back', async () => {
  const { transaction } = created(await lending.repay(loans.closed, '10.00'));
  const path = `/v1/transactions/${transaction?.transactionId}/reverse`;
  const answer = await api.leavesNothing(() => api.pay(path, { reason: 'x' }));
  refused(answer, 422, 'not_reversible');
});

test('what is owed is charged off, then given up, and what comes after all is a recovery', async () => {
  const { lost } = loans;
  const off = created(await lending.act(lost, 'charge-off'));
  assert.deepEqual([off.status, off.outstanding.total, off.lostAmount], ['charged_off', '0.00', '1206.19']);
  const recover = (amount: string) =>
    api.pay<LoanView>(`/v1/loans/${lost.id}/recoveries`, { amount, currency: 'EUR', from: 'cash' });
  assert.equal(created(await recover('200.00')).recoveredAmount, '200.00');
  assert.equal(created(await lending.act(lost, 'write-off')).status, 'written_off');
  refused(await recover('1006.20'), 422, 'recovery_exceeds_loss');
  assert.equal(created(await recover('1006.19')).recoveredAmount, '1206.19');
  refused(await lending.act(lost, 'write-off'), 409, 'loan_not_in_status');
  await api.assertVerified();
});

test('arrears are made a part of a new schedule', async () => {
  await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-02-20'));
  const { late } = loans;
  assert.equal((await lending.get(late)).daysPastDue, 6);
  created(await lending.reschedule(late, { reAge: true }));
  const { daysPastDue, due, outstanding } = await lending.get(late);
  assert.deepEqual([daysPastDue, due.total, outstanding.principal], [0, '0.00', '1200.00']);
  const rows = await scheduleOf(late);
  // Eleven are left: of the interest that is due with the first, 12.00 was overdue and 2.37 earned since.
  assert.equal(rows.length, 12);
  assert.equal(rows[1]?.[1], '2026-03-15');
  await api.assertVerified();
});
