import assert from 'node:assert/strict';
import { test } from 'node:test';
import { payoffOn } from '#features/loans/schedule/payoff.ts';
import { readTerms, type TermsInput } from '#features/loans/schedule/read-terms.ts';
import { computeSchedule } from '#features/loans/schedule/schedule.ts';
import { formatAmount } from '#lib/money/money.ts';
import { isoDate } from '#lib/time/dates.ts';

/** 1,000 at 12 %, three months from 1 January 2025: one percent a month. */
function termsOf(input: Partial<TermsInput>) {
  return readTerms({
    amount: '1000',
    currency: 'EUR',
    annualRatePercent: '12',
    instalments: 3,
    disbursedOn: '2025-01-01',
    ...input,
  });
}

/** Of each row principal, interest and what is outstanding after it. */
function rowsOf(input: Partial<TermsInput>): string[] {
  const terms = termsOf(input);
  return computeSchedule(terms).rows.map((row) =>
    [row.principalMinor, row.interestMinor, row.outstandingMinor]
      .map((amount) => formatAmount(amount, terms.currency))
      .join(' '),
  );
}

const interestOf = (input: Partial<TermsInput>) => rowsOf(input).map((row) => row.split(' ')[1]);
const dueDatesOf = (input: Partial<TermsInput>) =>
  computeSchedule(termsOf(input)).rows.map(({ dueOn }) => dueOn);

test('equal instalments', () => {
  // 1000 × 0.01 / (1 − 1.01^−3) = 340.0221
  assert.deepEqual(rowsOf({}), ['330.02 10.00 669.98', '333.32 6.70 336.66', '336.66 3.37 0.00']);
});

test('without interest they are equal parts, and the last takes the cent that is left', () => {
  assert.deepEqual(rowsOf({ annualRatePercent: '0', amount: '100' }), [
    '33.33 0.00 66.67',
    '33.33 0.00 33.34',
    '33.34 0.00 0.00',
  ]);
});

test('equal parts of the principal, with interest for the days of each month', () => {
  // 1200 × 12 % × 31/360, then 800 for 28 days, 400 for 31.
  assert.deepEqual(rowsOf({ method: 'equal_principal', amount: '1200', dayCount: 'actual/360' }), [
    '400.00 12.40 800.00',
    '400.00 7.47 400.00',
    '400.00 4.13 0.00',
  ]);
});

test('flat interest is on the whole amount until the end, and adds up to its exact sum', () => {
  assert.deepEqual(rowsOf({ method: 'flat', amount: '900' }), [
    '300.00 9.00 600.00',
    '300.00 9.00 300.00',
    '300.00 9.00 0.00',
  ]);
  // 0.005 each rounds to nothing, and 0.015 in all to 0.02.
  assert.deepEqual(interestOf({ method: 'flat', amount: '0.50' }), ['0.00', '0.00', '0.02']);
  // 0.006 each rounds to 0.01, and 0.018 in all to 0.02: the third has nothing left.
  assert.deepEqual(interestOf({ method: 'flat', amount: '0.60' }), ['0.01', '0.01', '0.00']);
});

test('a bullet pays interest, and the principal at the end', () => {
  assert.deepEqual(rowsOf({ method: 'bullet' }), [
    '0.00 10.00 1000.00',
    '0.00 10.00 1000.00',
    '1000.00 10.00 0.00',
  ]);
  assert.deepEqual(rowsOf({ method: 'bullet', graceInterest: 2 }), [
    '0.00 0.00 1000.00',
    '0.00 0.00 1000.00',
    '1000.00 30.00 0.00',
  ]);
});

test('a grace on principal leaves the interest, and the instalments after it repay all', () => {
  // 1000 × 0.01 / (1 − 1.01^−2) = 507.5124
  assert.deepEqual(rowsOf({ gracePrincipal: 1 }), [
    '0.00 10.00 1000.00',
    '497.51 10.00 502.49',
    '502.49 5.02 0.00',
  ]);
});

test('interest of a grace falls due with the first instalment after it', () => {
  const terms = { method: 'equal_principal', instalments: 4, graceInterest: 2 } as const;
  assert.deepEqual(interestOf(terms), ['0.00', '0.00', '22.50', '2.50']);
});

test('a half goes to the even cent, or up', () => {
  // 1250 × 15 % / 12 = 15.625; of 3750, 46.875.
  const terms = { method: 'flat', amount: '1250', annualRatePercent: '15', instalments: 2 } as const;
  assert.deepEqual(interestOf(terms), ['15.62', '15.63']);
  assert.deepEqual(interestOf({ ...terms, rounding: 'half_up' }), ['15.63', '15.62']);
  // 0.03 / 2 = 0.015 and 0.05 / 2 = 0.025.
  const parts = (amount: string, rounding: 'half_even' | 'half_up') =>
    rowsOf({ amount, rounding, annualRatePercent: '0', instalments: 2 })[0]?.slice(0, 4);
  assert.deepEqual([parts('0.03', 'half_even'), parts('0.05', 'half_even')], ['0.02', '0.02']);
  assert.deepEqual([parts('0.03', 'half_up'), parts('0.05', 'half_up')], ['0.02', '0.03']);
});

test('half a cent of an equal part goes one way, whatever the interest beside it', () => {
  // 20.05 / 2 = 10.025, beside 0.20 and 0.21 of interest.
  const principal = (annualRatePercent: string) =>
    rowsOf({ method: 'equal_principal', amount: '20.05', instalments: 2, annualRatePercent })[0]?.slice(
      0,
      10,
    );
  assert.deepEqual([principal('12'), principal('12.6')], ['10.02 0.20', '10.02 0.21']);
});

test('a half cent that only exact arithmetic sees is one', () => {
  // 1251.60 and 1250.80 × 15 % / 12 are 15.645 and 15.635; a twelfth that was rounded down makes less of them.
  assert.equal(
    interestOf({ method: 'bullet', amount: '1251.60', annualRatePercent: '15', rounding: 'half_up' })[0],
    '15.65',
  );
  assert.equal(interestOf({ method: 'bullet', amount: '1250.80', annualRatePercent: '15' })[0], '15.64');
});

test('instalments are multiples, and the last is what is left', () => {
  assert.deepEqual(rowsOf({ instalmentMultiple: '10' }), [
    '330.00 10.00 670.00',
    '333.30 6.70 336.70',
    '336.70 3.37 0.00',
  ]);
  assert.deepEqual(rowsOf({ instalmentMultiple: '10', method: 'equal_principal' }), [
    '330.00 10.00 670.00',
    '333.30 6.70 336.70',
    '336.70 3.37 0.00',
  ]);
});

test('a down payment is the first row, on the day of the disbursement', () => {
  const terms = { downPaymentPercent: '10' };
  assert.deepEqual(rowsOf(terms), [
    '100.00 0.00 900.00',
    '297.02 9.00 602.98',
    '299.99 6.03 302.99',
    '302.99 3.03 0.00',
  ]);
  assert.deepEqual(dueDatesOf(terms), ['2025-01-01', '2025-02-01', '2025-03-01', '2025-04-01']);
});

test('a first period that is longer or shorter counts months, and days of the month begun', () => {
  const bullet = { method: 'bullet', instalments: 1, amount: '2900' } as const;
  // A month is 29.00; then 17 days of the 29 from 1 February.
  const from = '2024-01-01';
  assert.deepEqual(interestOf({ ...bullet, disbursedOn: from, firstDueOn: '2024-02-18' }), ['46.00']);
  assert.deepEqual(interestOf({ ...bullet, disbursedOn: '2024-02-01', firstDueOn: '2024-02-18' }), ['17.00']);
  // Two days beyond two months.
  assert.deepEqual(interestOf({ ...bullet, amount: '3100', disbursedOn: from, firstDueOn: '2024-03-03' }), [
    '64.00',
  ]);
  // Paid out within a period of the schedule: 17 days of 31.
  assert.deepEqual(
    interestOf({ ...bullet, amount: '3100', scheduleStartsOn: from, disbursedOn: '2024-01-15' }),
    ['17.00'],
  );
});

test('later due dates keep the day of a first one that was chosen', () => {
  assert.deepEqual(dueDatesOf({ firstDueOn: '2025-01-31' }), ['2025-01-31', '2025-02-28', '2025-03-31']);
  assert.deepEqual(dueDatesOf({ disbursedOn: '2025-01-31', firstDueOn: '2025-02-28' }), [
    '2025-02-28',
    '2025-03-31',
    '2025-04-30',
  ]);
});

test('due dates are months, weeks or days apart', () => {
  const due = (count: number, unit: 'month' | 'week' | 'day') => dueDatesOf({ every: { count, unit } });
  assert.deepEqual(due(3, 'month'), ['2025-04-01', '2025-07-01', '2025-10-01']);
  assert.deepEqual(due(1, 'week'), ['2025-01-08', '2025-01-15', '2025-01-22']);
  assert.deepEqual(due(2, 'week'), ['2025-01-15', '2025-01-29', '2025-02-12']);
  assert.deepEqual(due(15, 'day'), ['2025-01-16', '2025-01-31', '2025-02-15']);
});

test('weeks and days of interest', () => {
  const one = { method: 'bullet', instalments: 1 } as const;
  const week = { count: 1, unit: 'week' } as const;
  // 1000 × 12 % × 7/360 = 2.333, of a 52nd 2.308, of 7/365 2.301.
  assert.deepEqual(interestOf({ ...one, every: week }), ['2.33']);
  assert.deepEqual(interestOf({ ...one, every: week, interestPer: 'period' }), ['2.31']);
  assert.deepEqual(interestOf({ ...one, every: week, dayCount: 'actual/365' }), ['2.30']);
  const days = { every: { count: 73, unit: 'day' }, interestPer: 'period' } as const;
  assert.deepEqual(interestOf({ ...one, ...days }), ['24.00']);
});

test('a new rate holds from the interest of its first day on, and equal instalments are computed anew', () => {
  const february = { method: 'bullet', instalments: 2, amount: '2900', disbursedOn: '2024-01-01' } as const;
  const changeOn = (from: string) =>
    interestOf({ ...february, rateChanges: [{ from, annualRatePercent: '24' }] });
  // In February 14 of 29 days at 1 % a month and 15 at 2 %; in January 30 of 31, and one.
  assert.deepEqual(changeOn('2024-02-16'), ['29.00', '44.00']);
  assert.deepEqual(changeOn('2024-02-02'), ['29.00', '58.00']);
  assert.deepEqual(changeOn('2024-02-01'), ['29.94', '58.00']);
  assert.deepEqual(changeOn('2024-03-01'), ['29.00', '30.00']);
  // 669.98 × 0.02 / (1 − 1.02^−2) = 345.0729
  assert.deepEqual(rowsOf({ rateChanges: [{ from: '2025-02-02', annualRatePercent: '24' }] }), [
    '330.02 10.00 669.98',
    '331.67 13.40 338.31',
    '338.31 6.77 0.00',
  ]);
});

test('what is paid out later bears interest from that day, and on a due date belongs to the next period', () => {
  const bullet = { method: 'bullet', instalments: 3, amount: '2900', disbursedOn: '2024-01-01' } as const;
  const later = (on: string) => rowsOf({ ...bullet, disbursements: [{ on, amount: '2900' }] });
  // 19 of 29 days in February.
  assert.deepEqual(later('2024-02-11'), ['0.00 29.00 2900.00', '0.00 48.00 5800.00', '5800.00 58.00 0.00']);
  assert.deepEqual(later('2024-02-01'), ['0.00 29.00 5800.00', '0.00 58.00 5800.00', '5800.00 58.00 0.00']);
  assert.deepEqual(
    rowsOf({
      method: 'equal_principal',
      annualRatePercent: '0',
      disbursements: [{ on: '2025-02-01', amount: '600' }],
    }),
    ['333.33 0.00 1266.67', '633.34 0.00 633.33', '633.33 0.00 0.00'],
  );
});

test('an instalment that does not cover a long first period is the interest alone', () => {
  // Two years at 10 % a month before the first; then 1000 × 0.1 / (1 − 1.1^−2) = 576.19.
  assert.deepEqual(rowsOf({ firstDueOn: '2027-01-01', instalments: 3, annualRatePercent: '120' }), [
    '0.00 2400.00 1000.00',
    '476.19 100.00 523.81',
    '523.81 52.38 0.00',
  ]);
});

test('instalments rounded up repay a tiny loan early, and those that are left are of nothing, without fees', () => {
  const terms = { amount: '0.05', annualRatePercent: '0', instalments: 7 };
  const { rows } = computeSchedule(termsOf({ ...terms, fees: [{ kind: 'instalment', amount: '1' }] }));
  assert.deepEqual(
    rows.map(({ totalMinor }) => totalMinor),
    [101n, 101n, 101n, 101n, 101n, 0n, 0n],
  );
});

test('the one-cent nudge spreads what the last instalment differs by, if that makes it differ less', () => {
  const terms = {
    amount: '100',
    annualRatePercent: '9.4822',
    instalments: 6,
    every: { count: 15, unit: 'day' },
    dayCount: 'actual/365',
  } as const;
  const totals = (input: Partial<TermsInput>) =>
    computeSchedule(termsOf(input)).rows.map(({ totalMinor }) => totalMinor);
  assert.deepEqual(totals(terms), [16_89n, 16_89n, 16_89n, 16_89n, 16_89n, 16_93n]);
  assert.deepEqual(totals({ ...terms, oneCentNudge: true }), [
    16_90n,
    16_90n,
    16_90n,
    16_90n,
    16_90n,
    16_88n,
  ]);
  // 33.33, 33.33 and 33.34: one cent of three instalments is under half a cent each.
  assert.deepEqual(totals({ amount: '100', annualRatePercent: '0', oneCentNudge: true }), [
    33_33n,
    33_33n,
    33_34n,
  ]);
});

test('a payoff is the principal and the interest of the days since the last due date', () => {
  const owed = (on: string, input: Partial<TermsInput> = {}) => {
    const { principalMinor, interestMinor } = payoffOn(termsOf(input), isoDate(on));
    return [principalMinor, interestMinor];
  };
  assert.deepEqual(owed('2025-01-01'), [1000_00n, 0n]);
  // 6.70 a month of 28 days: half of it.
  assert.deepEqual(owed('2025-02-15'), [669_98n, 3_35n]);
  assert.deepEqual(owed('2025-02-28'), [669_98n, 6_46n]);
  assert.deepEqual(owed('2025-03-01'), [336_66n, 0n]);
  assert.deepEqual(owed('2025-04-01'), [0n, 0n]);
  assert.deepEqual(owed('2025-05-01'), [0n, 0n]);
  assert.deepEqual(owed('2025-02-15', { graceInterest: 2, method: 'bullet' }), [1000_00n, 15_00n]);
  assert.deepEqual(owed('2025-02-15', { method: 'flat', amount: '900' }), [600_00n, 4_50n]);
});
