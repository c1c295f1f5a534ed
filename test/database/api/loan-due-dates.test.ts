import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoanProductView } from '#features/loans/products/schemas.ts';
import type { LoanScheduleView } from '#features/loans/schedule-schemas.ts';
import type { LoanView } from '#features/loans/schemas.ts';
import { isoDate } from '#lib/time/dates.ts';
import { badFields, created, openApi, type Page } from '#test/support/api.ts';
import { TEST_CALLER } from '#test/support/bank.ts';
import { Lending } from './loans.ts';

/*
 * Loans of 15 January 2026 whose instalments are due on the 15th: a Sunday in February, March and November, and a
 * holiday in April. 31 May is a Sunday too.
 */
const api = await openApi();
const lending = new Lending(api);
created(await api.post('/v1/business-date', { businessDate: '2026-01-15' }));
created(await api.post('/v1/holidays', { date: '2026-04-15', name: 'A holiday' }));
const account = await api.newAccount();
const STRICT = {
  penaltyRatePercent: '18',
  dayCount: 'actual/365',
  fees: [{ kind: 'late', amount: '10.00' }],
};
const newLoan = (product: object, fields: object = {}) =>
  lending.newLoan(account, { directDebit: false, instalments: 4, ...fields }, { ...STRICT, ...product });

async function datesOf(id: string): Promise<string[]> {
  const { schedule } = created(await api.get<LoanScheduleView>(`/v1/loans/${id}/schedule`));
  return schedule.map(({ dueDate }) => dueDate);
}

const RULES: readonly [rule: string, dates: string[]][] = [
  ['same', ['2026-02-15', '2026-03-15', '2026-04-15', '2026-05-15']],
  ['following', ['2026-02-16', '2026-03-16', '2026-04-16', '2026-05-15']],
  ['modified_following', ['2026-02-16', '2026-03-16', '2026-04-16', '2026-05-15']],
  ['preceding', ['2026-02-13', '2026-03-13', '2026-04-14', '2026-05-15']],
];
for (const [dueDates, expected] of RULES) {
  for (const interestTo of ['nominal', 'moved']) {
    test(`${dueDates}: due dates follow the calendar, with interest to the ${interestTo} date`, async () => {
      const loan = await newLoan({ dueDates, interestTo });
      assert.deepEqual(await datesOf(loan.id), expected);
      assert.equal(loan.nextDueDate, expected[0]);
      assert.equal(loan.lastDueDate, expected.at(-1));
      const nominal = created(await api.get<LoanScheduleView>(`/v1/loans/${loan.id}/schedule`)).schedule[0];
      // 31 days of January and February at 12 %, or as many as the date was moved by.
      const days = interestTo === 'nominal' ? 31 : ({ same: 31, preceding: 29 }[dueDates] ?? 32);
      assert.equal(nominal?.interest, ((1200 * 0.12 * days) / 365).toFixed(2));
      await api.assertVerified();
    });
  }
}

test('modified following stays in the month', async () => {
  const loan = await newLoan(
    { dueDates: 'modified_following' },
    { firstDueOn: '2026-02-28', instalments: 4 },
  );
  assert.deepEqual(await datesOf(loan.id), ['2026-02-27', '2026-03-30', '2026-04-28', '2026-05-28']);
});

test('instalments of days are not moved', async () => {
  const product = {
    name: 'Daily',
    currency: 'EUR',
    amount: { min: '1.00', max: '2.00' },
    dueDates: 'following',
  };
  const ranges = { instalments: { min: 1, max: 9 }, annualRatePercent: { min: '0', max: '9', default: '9' } };
  const body = { ...product, ...ranges, every: { count: 1, unit: 'day' } };
  assert.deepEqual(badFields(await api.post<LoanProductView>('/v1/loan-products', body)), ['dueDates']);
});

test('what is due on a Sunday is paid on Monday without a fee, and lived through to the end', async () => {
  const [loan, early] = [await newLoan({ dueDates: 'following' }), await newLoan({ dueDates: 'preceding' })];
  await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-02-15'));
  const { due } = await lending.get(loan);
  assert.equal(due.penalties, '0.00');
  const paid = created(await lending.repay(loan, due.total, { from: 'cash' }));
  assert.deepEqual([paid.due.total, paid.daysPastDue], ['0.00', 0]);
  // Early money while a moved date is waited for, or after one that came early.
  created(await lending.repay(early, '700.00', { from: 'cash' }));
  await api.assertVerified();
  await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-03-15'));
  created(await lending.repay(loan, '500.00', { from: 'cash', strategy: 'lower_instalment' }));
  created(await lending.reschedule(early, { instalments: 3 }));
  await api.assertVerified();
  await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-06-20'));
  for (const one of [loan, early]) {
    const { total = '' } = (await lending.payoff(one)).body;
    assert.equal(created(await lending.repay(one, total, { from: 'cash' })).status, 'closed');
  }
  await api.assertVerified();
});

test('a loan that waits to be paid out shows the dates that it would have: moved by the calendar, from today on', async () => {
  const { id: productId } = await lending.newProduct({ ...STRICT, dueDates: 'following' });
  const asked = { instalments: 4, disbursedOn: '2026-06-26' };
  const applied = created(await lending.applyTo(account, productId, asked));
  const { id } = applied;
  const planned = ['2026-07-27', '2026-08-26', '2026-09-28', '2026-10-26'];
  const shown = async () => {
    const loan = await lending.get(applied);
    const withAmount = `/v1/loans/${id}/schedule?amount=800.00`;
    const { schedule } = created(await api.get<LoanScheduleView>(withAmount));
    const { data } = created(await api.get<Page<LoanView>>('/v1/loans?limit=100'));
    const listed = data.find((one) => one.id === id);
    return [await datesOf(id), schedule.map(({ dueDate }) => dueDate), loan.lastDueDate, listed?.lastDueDate];
  };
  assert.deepEqual(await shown(), [planned, planned, planned.at(-1), planned.at(-1)]);
  await api.bank.endOfDay.closeThrough(TEST_CALLER, isoDate('2026-06-29'));
  const later = ['2026-07-30', '2026-08-31', '2026-09-30', '2026-10-30'];
  assert.deepEqual(await shown(), [later, later, later.at(-1), later.at(-1)]);
  created(await lending.approve(applied));
  assert.deepEqual(await datesOf(id), later);
  created(await lending.disburse(applied));
  assert.deepEqual(await datesOf(id), later);
});
