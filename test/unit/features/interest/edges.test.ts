import assert from 'node:assert/strict';
import { test } from 'node:test';
import { segmentFormula } from '#features/interest/accrual/formula.ts';
import { compoundingDate, periodOf, postingDate } from '#features/interest/accrual/periods.ts';
import { isoDate } from '#lib/time/dates.ts';
import { depositTerms } from './deposit-terms.ts';
import { quoted } from './runs.ts';

/** A day of 365 days at 3.65 %: a ten-thousandth of the balance. */
const DAY = { rate: '3.65', posting: 'maturity', days: 1 } as const;
const earned = (request: Parameters<typeof quoted>[0]): bigint | undefined =>
  quoted({ ...DAY, ...request }).run.postings[0]?.creditMinor;

test('a balance earns from the minimum on, to the cent', () => {
  const at = (balance: string) => earned({ balance, minimumBalance: '500.00' });
  assert.deepEqual(['499.99', '500.00', '500.01'].map(at), [0n, 5n, 5n]);
  const average = { basis: 'average_daily', from: '2023-01-01', to: '2023-01-02', days: 2 } as const;
  const between = (last: string) =>
    earned({
      ...average,
      minimumBalance: '500.00',
      balances: [
        { from: '2023-01-01', amount: '400.00' },
        { from: '2023-01-02', amount: last },
      ],
    });
  assert.deepEqual(['599.99', '600.00'].map(between), [0n, 10n]);
});

test('an overdraft is arranged up to its limit, to the cent', () => {
  const overdraft = { arrangedRate: '3.65', unarrangedRate: '36.5' };
  const owed = (balance: string) => {
    const [posting] = quoted({ ...DAY, balance, rate: '0', overdraft, overdraftLimit: '100' }).run.postings;
    return [posting?.arrangedMinor, posting?.unarrangedMinor];
  };
  assert.deepEqual(owed('-100.00'), [1n, 0n]);
  assert.deepEqual(owed('-109.00'), [1n, 1n]);
  assert.deepEqual(owed('0.00'), [0n, 0n]);
});

test('cutting, and both ways to round a half', () => {
  // 150 and 250 ten-thousandths of a cent's hundred are one cent and a half, and two and a half.
  const by = (rounding: 'half_even' | 'half_up' | 'down') =>
    ['150.00', '250.00'].map((balance) => earned({ balance, rounding }));
  assert.deepEqual(by('half_even'), [2n, 2n]);
  assert.deepEqual(by('half_up'), [2n, 3n]);
  assert.deepEqual(by('down'), [1n, 2n]);
  const charged = (rounding: 'half_even' | 'half_up' | 'down') =>
    earned({ balance: '150.00', rate: '-3.65', rounding });
  assert.deepEqual([charged('half_even'), charged('half_up'), charged('down')], [-2n, -2n, -1n]);
});

test('periods end on their day, in leap years and at the ends of months', () => {
  const ends = (posting: 'monthly' | 'quarterly' | 'yearly', on: string, more = {}) =>
    postingDate(isoDate(on), depositTerms({ posting, ...more }), isoDate('2020-01-01'));
  assert.equal(ends('monthly', '2024-02-01'), '2024-02-29');
  assert.equal(ends('monthly', '2023-02-28'), '2023-02-28');
  assert.equal(ends('monthly', '2024-02-29', { postingDay: 30 }), '2024-02-29');
  assert.equal(ends('monthly', '2024-01-31', { postingDay: 30 }), '2024-02-29');
  assert.equal(ends('monthly', '2024-01-15', { postingDay: 15 }), '2024-01-15');
  assert.equal(ends('monthly', '2024-12-16', { postingDay: 15 }), '2025-01-15');
  assert.equal(ends('quarterly', '2024-01-01'), '2024-03-31');
  assert.equal(ends('quarterly', '2024-01-01', { postingMonth: 1 }), '2024-01-31');
  assert.equal(ends('quarterly', '2024-02-01', { postingMonth: 1 }), '2024-04-30');
  assert.equal(ends('yearly', '2024-07-01', { postingMonth: 6, postingDay: 30 }), '2025-06-30');
});

test('periods from the opening keep the end of a month, and no day lies in two', () => {
  const month = (on: string, opened: string) => {
    const { from, to } = periodOf(
      'monthly',
      isoDate(on),
      depositTerms({ posting: 'monthly', periodsFrom: 'opening' }),
      isoDate(opened),
    );
    return [from, to];
  };
  assert.deepEqual(month('2023-03-28', '2023-02-28'), ['2023-02-28', '2023-03-30']);
  assert.deepEqual(month('2023-03-31', '2023-02-28'), ['2023-03-31', '2023-04-29']);
  assert.deepEqual(month('2024-02-29', '2024-01-30'), ['2024-02-29', '2024-03-29']);
  assert.deepEqual(month('2023-01-15', '2023-01-15'), ['2023-01-15', '2023-02-14']);
  const quarterly = depositTerms({ compounding: 'quarterly' });
  assert.equal(compoundingDate(isoDate('2023-04-30'), quarterly, isoDate('2023-01-31')), '2023-07-30');
});

test('a segment is a sum that can be checked by hand, or says why it is nothing', () => {
  const formulas = (request: Parameters<typeof quoted>[0]): string[] => {
    const { run, input } = quoted({ ...DAY, ...request });
    return run.segments.map((segment) => segmentFormula(segment, input.currency));
  };
  assert.deepEqual(formulas({ balance: '1000' }), ['1000.00 × 3.65 % × 1/365 = 0.10']);
  assert.deepEqual(formulas({ balance: '0' }), ['no balance: nothing']);
  assert.deepEqual(formulas({ balance: '-5' }), ['overdrawn, and nothing is charged for it']);
  assert.deepEqual(formulas({ balance: '5', minimumBalance: '6' }), ['below the minimum balance: nothing']);
  const overdraft = { arrangedRate: '3.65', unarrangedRate: '36.5' };
  assert.deepEqual(formulas({ balance: '-150', overdraft, overdraftLimit: '50' }), [
    '(-50.00 × 3.65 % + -100.00 × 36.5 %) × 1/365 = -0.105',
  ]);
  const monthly = { from: '2023-01-01', to: '2023-02-28', balance: '1200', interestPer: 'period' } as const;
  assert.deepEqual(formulas({ ...monthly, rate: '1', posting: 'quarterly', compounding: 'monthly' }), [
    '1200.00 × 1 % × 1/12 = 1.00',
    '(1200.00 + 1.00) × 1 % × 1/12 = 1.000833333333',
  ]);
  const year = {
    balance: '100',
    dayCount: 'actual/actual',
    from: '2023-12-31',
    to: '2024-01-01',
    days: 2,
  } as const;
  assert.deepEqual(formulas(year), [
    '100.00 × 3.65 % × 1/365 = 0.01',
    '100.00 × 3.65 % × 1/366 = 0.009972677596',
  ]);
  const average = {
    basis: 'average_daily',
    from: '2023-01-01',
    to: '2023-01-03',
    balances: [
      { from: '2023-01-01', amount: '100' },
      { from: '2023-01-03', amount: '200' },
    ],
  } as const;
  assert.deepEqual(formulas({ ...average, balances: [...average.balances], days: 3 }), [
    'average 133.333333333333 × 3.65 % × 3/365 = 0.04',
  ]);
});
