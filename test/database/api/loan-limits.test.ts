import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoanScheduleView } from '#features/loans/schedule-schemas.ts';
import type { LoanView } from '#features/loans/schemas.ts';
import { isoDate } from '#lib/time/dates.ts';
import { badFields, created, openApi, refused } from '#test/support/api.ts';
import { newKey, TEST_CALLER } from '#test/support/bank.ts';
import { Lending } from './loans.ts';

const api = await openApi();
const lending = new Lending(api);
created(await api.post('/v1/business-date', { businessDate: '2026-01-15' }));
const account = await api.newAccount({ balance: '5000.00' });

const NARROW = {
  instalments: { min: 3, max: 12 },
  annualRatePercent: { min: '5', max: '15', default: '12' },
};

async function principalsOf(loan: LoanView): Promise<string[]> {
  const { schedule } = created(await api.get<LoanScheduleView>(`/v1/loans/${loan.id}/schedule`));
  return schedule.map(({ principal }) => principal);
}

test('a reschedule keeps to the product, unless a manager overrides it with a reason', async () => {
  const loan = await lending.newLoan(account, {}, NARROW);
  await api.leavesNothing(async () => {
    refused(await lending.reschedule(loan, { annualRatePercent: '15.1' }), 422, 'rate_outside_product');
    refused(await lending.reschedule(loan, { annualRatePercent: '4.9' }), 422, 'rate_outside_product');
    refused(await lending.reschedule(loan, { instalments: 13 }), 422, 'term_outside_product');
    refused(await lending.reschedule(loan, { instalments: 2 }), 422, 'term_outside_product');
    refused(await lending.reschedule(loan, { holidayInstalments: 1 }), 422, 'term_outside_product');
    const silent = await lending.reschedule(loan, { instalments: 13, override: true });
    assert.deepEqual(badFields(silent), ['reason']);
  });
  created(await lending.reschedule(loan, { annualRatePercent: '15', instalments: 3 }));
  const reason = 'agreed with the credit committee';
  created(
    await lending.reschedule(loan, { annualRatePercent: '4', instalments: 24, override: true, reason }),
  );
  assert.equal((await principalsOf(loan)).length, 24);
  await api.assertVerified();
});

for (const method of ['equal_principal', 'flat']) {
  test(`${method}: what is repaid early leaves the part of the principal as it is`, async () => {
    const loan = await lending.newLoan(account, { amount: '1000.00', instalments: 10 }, { method });
    created(await lending.repay(loan, '250.00', { strategy: 'shorten_term' }));
    assert.deepEqual(await principalsOf(loan), [...Array.from({ length: 7 }, () => '100.00'), '50.00']);
    created(await lending.repay(loan, '130.00', { strategy: 'shorten_term' }));
    assert.deepEqual(await principalsOf(loan), [...Array.from({ length: 6 }, () => '100.00'), '20.00']);
    await api.assertVerified();
  });
}

test('a holiday of instalments of nothing costs no fee', async () => {
  const fees = [{ kind: 'instalment', amount: '1.50' }];
  const loan = await lending.newLoan(account, {}, { fees });
  created(await lending.reschedule(loan, { holidayInstalments: 2 }));
  const { schedule } = created(await api.get<LoanScheduleView>(`/v1/loans/${loan.id}/schedule`));
  assert.deepEqual(
    schedule.slice(0, 3).map(({ total, fees }) => [total, fees]),
    [
      ['0.00', '0.00'],
      ['0.00', '0.00'],
      ['132.12', '1.50'],
    ],
  );
});

test('nothing is re-aged where nothing is overdue', async () => {
  const loan = await lending.newLoan(account);
  const answer = await api.leavesNothing(() => lending.reschedule(loan, { reAge: true }));
  refused(answer, 422, 'nothing_overdue');
});

test('a rate that an approval of less changes is said before and after', async () => {
  const rateTable = [
    { amountFrom: '100.00', annualRatePercent: '9' },
    { amountFrom: '1000.00', annualRatePercent: '6' },
  ];
  const loan = await lending.newApplication(account, {}, { rateTable });
  assert.deepEqual([loan.annualRatePercent, loan.method, loan.lastDueDate], ['6', 'annuity', '2027-01-15']);
  const path = `/v1/loans/${loan.id}/schedule`;
  assert.equal(created(await api.get<LoanScheduleView>(path)).annualRatePercent, '6');
  const preview = created(await api.get<LoanScheduleView>(`${path}?amount=800.00`));
  assert.deepEqual([preview.annualRatePercent, preview.totals.principal], ['9', '800.00']);
  const approved = created(await lending.approve(loan, { amount: '800.00' }));
  assert.equal(approved.annualRatePercent, '9');
  const { previousAnnualRatePercent, annualRatePercent } = approved.transaction ?? {};
  assert.deepEqual([previousAnnualRatePercent, annualRatePercent], ['6', '9']);
  refused(await api.get(`${path}?amount=700.00`), 409, 'loan_not_in_status');
});

test('an approved loan whose first due date has passed is paid out with another one', async () => {
  const loan = await lending.newApproved(account, {
    firstDueOn: '2026-01-16',
    rateChanges: [{ from: '2026-01-17', annualRatePercent: '9' }],
  });
  await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-01-18'));
  refused(await api.leavesNothing(() => lending.disburse(loan)), 400, 'first_due_not_after_disbursement');
  const still = await lending.disburse(loan, { firstDueOn: '2026-02-20' });
  refused(still, 400, 'rate_change_outside_term');
  const rateChanges = [{ from: '2026-03-01', annualRatePercent: '9' }];
  const key = newKey();
  const made = created(await lending.disburse(loan, { firstDueOn: '2026-02-20', rateChanges }, key));
  assert.deepEqual([made.nextDueDate, made.lastDueDate], ['2026-02-20', '2027-01-20']);
  const other = await lending.disburse(loan, { firstDueOn: '2026-02-21', rateChanges }, key);
  refused(other, 422, 'idempotency_key_reused');
  await api.assertVerified();
});
