import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AprRule,
  annualPercentageRate,
  type DatedFlow,
  type UnitPeriod,
} from '#features/loans/schedule/apr.ts';
import { isoDate } from '#lib/time/dates.ts';
import { EU_EXAMPLES, percent, US_EXAMPLES } from './apr-examples.ts';
import { lent, paid } from './flows.ts';

/** What the regulations print beside their examples. */
const PRINTED: readonly [rule: string, example: (() => number) | undefined, rate: string][] = [
  ['12 CFR 1026 appendix J (c)(1)(i)', US_EXAMPLES['RegZ-J-c1i'], '9.69'],
  ['12 CFR 1026 appendix J (c)(1)(iii)', US_EXAMPLES['RegZ-J-c1iii'], '10.34'],
  ['12 CFR 1026 appendix J (c)(1)(v)', US_EXAMPLES['RegZ-J-c1v'], '14.96'],
  ['12 CFR 1026 appendix J (c)(2)(ii)', US_EXAMPLES['RegZ-J-c2ii'], '28.50'],
  ['12 CFR 1026 appendix J (c)(3)(ii)', US_EXAMPLES['RegZ-J-c3ii'], '12.22'],
  ['12 CFR 1026 appendix J (c)(4)(ii)', US_EXAMPLES['RegZ-J-c4ii'], '7.30'],
  ['Directive 98/7/EC, first example', EU_EXAMPLES['EU-98/7-ex1'], '12.96'],
  ['Directive 98/7/EC, third example', EU_EXAMPLES['EU-98/7-ex3'], '13.07'],
];

for (const [rule, example, rate] of PRINTED) {
  test(`${rule} is ${rate} %`, () => {
    assert.equal(percent(example!(), 2), rate);
  });
}

const MONTH = { unit: 'month', count: 1 } as const;

/** 100 lent on a date and 110 paid back: the rate is 1.1 to the power of one over the years, less one. */
function rateOfTenth(rule: AprRule, from: string, to: string, unit: UnitPeriod): string {
  return percent(annualPercentageRate(rule, [lent(100_00n, from), ...paid(110_00n, to)], unit), 3);
}

/** How 1.1 to the power of one over `years`, less one, is written. */
const yearly = (years: number) => percent(1.1 ** (1 / years) - 1, 3);

test('in the EU months are twelfths, and days before them are of the year that ends there', () => {
  assert.equal(rateOfTenth('eu', '2023-02-15', '2023-08-15', MONTH), yearly(0.5));
  assert.equal(rateOfTenth('eu', '2025-01-31', '2025-02-28', MONTH), yearly(1 / 12));
  // Six months back from 15 September is 15 March, 14 days after the first.
  assert.equal(rateOfTenth('eu', '2023-03-01', '2023-09-15', MONTH), yearly(6 / 12 + 14 / 365));
  // The year to 15 March 2024 has a 29 February.
  assert.equal(rateOfTenth('eu', '2024-03-01', '2024-09-15', MONTH), yearly(6 / 12 + 14 / 366));
});

test('weeks are 52nds, and days whole years and what is left', () => {
  const week = { unit: 'week', count: 2 } as const;
  assert.equal(rateOfTenth('eu', '2023-01-02', '2023-07-03', week), yearly(26 / 52));
  assert.equal(rateOfTenth('eu', '2023-01-01', '2023-07-03', week), yearly(26 / 52 + 1 / 365));
  const day = { unit: 'day', count: 30 } as const;
  assert.equal(rateOfTenth('eu', '2023-01-01', '2024-07-01', day), yearly(1 + 181 / 365));
  assert.equal(rateOfTenth('uk', '2023-01-01', '2023-07-03', week), yearly(183 / 365.25));
  assert.equal(rateOfTenth('uk', '2023-03-01', '2023-09-15', MONTH), yearly(6 / 12 + 14 / 365.25));
});

test('in the US it is the rate of a unit-period times those of a year, which none outlasts', () => {
  assert.equal(rateOfTenth('us', '2023-02-15', '2023-03-15', MONTH), '120.000');
  assert.equal(rateOfTenth('us', '2023-02-15', '2023-08-15', { unit: 'month', count: 6 }), '20.000');
  assert.equal(rateOfTenth('us', '2023-02-15', '2024-02-15', { unit: 'month', count: 18 }), '10.000');
  assert.equal(rateOfTenth('us', '2023-02-01', '2023-02-15', { unit: 'week', count: 2 }), '260.000');
  assert.equal(rateOfTenth('us', '2023-01-01', '2023-03-15', { unit: 'day', count: 73 }), '50.000');
  // Half months begin on the 15th day after a whole month, and 14 days are 14 of 15.
  const half = { unit: 'half_month', count: 1 } as const;
  assert.equal(rateOfTenth('us', '2023-02-01', '2023-02-15', half), '257.143');
  assert.equal(rateOfTenth('us', '2023-02-01', '2023-02-16', half), '240.000');
  assert.equal(rateOfTenth('us', '2023-02-01', '2023-03-01', half), percent(24 * (1.1 ** 0.5 - 1), 3));
  // A broken unit-period bears simple interest: 15 of 30 days.
  assert.equal(rateOfTenth('us', '2023-03-16', '2023-03-31', MONTH), '240.000');
});

test('a loan that costs nothing has a rate of zero', () => {
  for (const rule of ['eu', 'us', 'uk'] as const) {
    const flows = [lent(100_00n, '2024-01-31'), ...paid(50_00n, '2024-02-29', '2024-03-31')];
    assert.equal(percent(annualPercentageRate(rule, flows, MONTH), 4), '0.0000');
  }
});

test('flows without a rate are refused', () => {
  const refused: readonly (readonly DatedFlow[])[] = [
    [],
    [lent(100_00n, '2024-01-01')],
    [...paid(100_00n, '2024-01-01', '2024-02-01')],
    [lent(100_00n, '2024-01-01'), ...paid(100_00n, '2024-01-01'), ...paid(1n, '2024-02-01')],
    [lent(100_00n, '2024-01-01'), { on: isoDate('2024-02-01'), amountMinor: 0n }],
  ];
  for (const flows of refused) {
    assert.throws(() => annualPercentageRate('eu', flows, MONTH), { code: 'apr_not_computable' });
  }
});
