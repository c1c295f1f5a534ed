import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Accrual } from '#features/loans/schedule/accrual.ts';
import { annualPercentageRate } from '#features/loans/schedule/apr.ts';
import { chargeOn } from '#features/loans/schedule/fees.ts';
import { payoffOn } from '#features/loans/schedule/payoff.ts';
import { periodsOf } from '#features/loans/schedule/periods.ts';
import { readTerms, type TermsInput } from '#features/loans/schedule/read-terms.ts';
import { computeSchedule } from '#features/loans/schedule/schedule.ts';
import type { ScheduleRow } from '#features/loans/schedule/schedule-row.ts';
import type { LoanTerms } from '#features/loans/schedule/terms.ts';
import { days30European, yearFraction } from '#lib/money/day-count.ts';
import { divideRounded, type Fraction } from '#lib/money/fraction.ts';
import { addDays, isoDate } from '#lib/time/dates.ts';
import { EU_EXAMPLES, percent, US_EXAMPLES } from './apr-examples.ts';
import { lent, paid } from './flows.ts';
import { cents, type ScheduleVector, VECTORS, withoutVectors } from './loan-vectors.ts';

const DAILY_365 = { dayCount: 'actual/365', interestPer: 'day' } as const;
const ACTUAL = { dayCount: 'actual/actual', interestPer: 'day' } as const;
const THIRTY = { dayCount: '30/360', interestPer: 'day' } as const;
const PER_PERIOD = { interestPer: 'period' } as const;
const annuity = { method: 'annuity' } as const;
const flat = { method: 'flat', ...PER_PERIOD } as const;

/** What each schedule goes by beyond amount, rate, number and dates, which are taken from the file. */
const TERMS: Readonly<Record<string, Partial<TermsInput>>> = {
  'FIN-C3152': { ...annuity, ...ACTUAL, yearSplit: 'december_31' },
  'FIN-C3153': { ...annuity, ...ACTUAL, yearSplit: 'december_31' },
  'FIN-C3154': { ...annuity, ...THIRTY },
  'FIN-C3155': { ...annuity, ...THIRTY },
  'FIN-C3156': { ...annuity, ...THIRTY, firstDueOn: '2024-02-18' },
  'FIN-C3157': { ...annuity, ...THIRTY, every: { count: 2, unit: 'month' } },
  'FIN-C3159': { ...annuity, ...DAILY_365 },
  'FIN-C3160': { ...annuity, ...DAILY_365 },
  'FIN-C3166': { ...annuity, ...DAILY_365, every: { count: 15, unit: 'day' }, oneCentNudge: true },
  'FIN-C3167': { ...annuity, ...DAILY_365, oneCentNudge: true },
  'FIN-C111043-roll': { ...annuity, ...ACTUAL, monthEnd: 'roll' },
  'FIN-C111047-clamp': { ...annuity, ...ACTUAL, monthEnd: 'clamp' },
  'FIN-C3217-ratechange': {
    ...annuity,
    ...THIRTY,
    rateChanges: [{ from: '2024-02-02', annualRatePercent: '4' }],
  },
  'FIN-C3916-ratechange-mid': {
    ...annuity,
    ...THIRTY,
    rateChanges: [{ from: '2024-02-16', annualRatePercent: '4' }],
  },
  'FIN-RS01': { ...flat, instalmentMultiple: '1.00' },
  'FIN-RS02': { ...annuity, ...PER_PERIOD, instalmentMultiple: '1.00' },
  'FIN-RS04': { method: 'equal_principal', ...PER_PERIOD },
  'FIN-R3139': { ...flat, instalmentMultiple: '1.00' },
  'FIN-FEE03': { ...flat, fees: [{ kind: 'instalment', percent: '1.5', of: 'principal_and_interest' }] },
  'FIN-FEE04': flat,
  'FIN-CO1193': { ...annuity, ...DAILY_365 },
  'FIN-DP1542': { ...flat, downPaymentPercent: '25' },
  'FIN-LSG': { ...annuity, ...THIRTY, scheduleStartsOn: '2024-01-01' },
};

/** The instalment of C3156 was agreed before its due dates moved. */
const KEPT_INSTALMENTS: Readonly<Record<string, bigint>> = { 'FIN-C3156': 17_13n };
const LATE_FEES: Readonly<Record<string, Fraction>> = { 'FIN-FEE04': { numerator: 15n, denominator: 1000n } };

function termsOf({ id, input }: ScheduleVector): LoanTerms {
  const extra = TERMS[id];
  assert.ok(extra !== undefined, `${id} is known`);
  const terms = readTerms({
    amount: String(input.principal),
    currency: 'EUR',
    annualRatePercent: String(input.annual_rate_pct),
    instalments: Number(input.number_of_repayments),
    disbursedOn: String(input.disbursed_on),
    ...extra,
  });
  return { ...terms, keptInstalmentMinor: KEPT_INSTALMENTS[id] };
}

function tableOf(rows: readonly ScheduleRow[]) {
  return rows.map((row) => [
    row.number,
    row.dueOn,
    row.principalMinor,
    row.interestMinor,
    row.feesMinor,
    row.totalMinor,
    row.outstandingMinor,
  ]);
}

for (const vector of VECTORS.loan_schedules) {
  test(`the schedule ${vector.id} comes out to the cent`, () => {
    const { rows, totals } = computeSchedule(termsOf(vector));
    const late = LATE_FEES[vector.id];
    const withLateFees = rows.map((row) => {
      const charge = late === undefined ? { amountMinor: 0n } : ({ rate: late, of: 'principal' } as const);
      const feeMinor = chargeOn(charge, row, 'half_even');
      return { ...row, feesMinor: row.feesMinor + feeMinor, totalMinor: row.totalMinor + feeMinor };
    });
    assert.deepEqual(
      tableOf(withLateFees),
      vector.schedule.map(({ n, due_date, principal, interest, total, balance, fees, penalties }) => [
        n,
        due_date,
        cents(principal),
        cents(interest),
        cents(fees ?? penalties ?? '0'),
        cents(total),
        cents(balance),
      ]),
    );
    if (vector.totals === undefined) return;
    const { principal, interest, total } = vector.totals;
    assert.deepEqual(
      [totals.principalMinor, totals.interestMinor, totals.totalMinor],
      [cents(principal), cents(interest), cents(total)],
    );
  });
}

const FACTORS: Readonly<Record<string, Partial<TermsInput>>> = {
  'RF-365': DAILY_365,
  'RF-ACT': ACTUAL,
  'FN-365': DAILY_365,
};

/** The interest on 1 of each of six months from 1 January 2024 at 9.4822 %. */
function sixFactors(extra: Partial<TermsInput>): Fraction[] {
  const terms = readTerms({
    amount: '100',
    currency: 'EUR',
    annualRatePercent: '9.4822',
    instalments: 6,
    disbursedOn: '2024-01-01',
    ...extra,
  });
  const accrual = new Accrual(terms);
  return periodsOf(terms).map((period) => accrual.factor(period, period.startsOn, period.dueOn));
}

/** With this many decimals, half-even. */
function decimals({ numerator, denominator }: Fraction, count: number): string {
  const digits = divideRounded(numerator * 10n ** BigInt(count), denominator, 'half_even');
  const text = digits.toString().padStart(count + 1, '0');
  return `${text.slice(0, -count)}.${text.slice(-count)}`;
}

for (const { id, factors, values } of VECTORS.rate_factors) {
  test(`the rate factors ${id} come out to twelve digits`, () => {
    const computed = sixFactors(FACTORS[id] ?? {});
    if (factors !== undefined)
      assert.deepEqual(
        computed.map((factor) => decimals(factor, 12)),
        factors,
      );
    if (values === undefined) return;
    // The source keeps twelve digits at every step: exact sums differ in the last two.
    const scale = 10n ** 11n;
    let sum = 0n;
    const sums = computed.map(({ numerator, denominator }, index) => {
      const growth = divideRounded((denominator + numerator) * scale, denominator, 'half_even');
      sum = index === 0 ? scale : scale + divideRounded(sum * growth, scale, 'half_even');
      return decimals({ numerator: sum, denominator: scale }, 11);
    });
    assert.deepEqual(sums, values);
  });
}

for (const vector of VECTORS.prepayment) {
  test(`the prepayment ${vector.id} comes out to the cent`, () => {
    const terms = readTerms({
      amount: '100',
      currency: 'EUR',
      annualRatePercent: '7',
      instalments: 6,
      disbursedOn: '2024-01-01',
      ...THIRTY,
    });
    assert.deepEqual(payoffOn(terms, isoDate(vector.as_of)), {
      principalMinor: cents(vector.outstanding_principal),
      interestMinor: cents(vector.interest_due_to_date),
    });
  });
}

for (const { id, schedule } of VECTORS.multi_disbursement) {
  test(`the schedule ${id} with a second disbursement comes out to the cent`, () => {
    const { rows } = computeSchedule(
      readTerms({
        amount: '100',
        currency: 'EUR',
        annualRatePercent: '9.4822',
        instalments: 6,
        disbursedOn: '2024-01-01',
        disbursements: [{ on: '2024-03-01', amount: '100' }],
        ...annuity,
        ...THIRTY,
      }),
    );
    assert.deepEqual(
      rows.map((row) => [
        row.dueOn,
        row.principalMinor,
        row.interestMinor,
        row.totalMinor,
        row.outstandingMinor,
      ]),
      schedule.map(([due = '', ...amounts]) => [due, ...amounts.map(cents)]),
    );
  });
}

for (const { id, expected_apr_pct: expected } of VECTORS.apr_us_reg_z_appendix_j) {
  test(`the APR ${id} of Regulation Z comes out to two decimals`, () => {
    assert.equal(percent(US_EXAMPLES[id]!(), 2), expected);
  });
}

for (const { id, expected_apr_pct: expected } of VECTORS.apr_eu) {
  test(`the APR ${id} of the directive comes out to two decimals`, () => {
    assert.equal(percent(EU_EXAMPLES[id]!(), 2), expected.slice(0, 5));
  });
}

for (const { id, advance, repayment, days, expected_apr_pct: expected } of VECTORS.apr_uk) {
  test(`the APR ${id} comes out to one decimal`, () => {
    const isMonth = days === '365.25/12';
    const due = isMonth ? '2025-02-01' : addDays(isoDate('2025-01-01'), Number(days));
    const rate = annualPercentageRate(
      'uk',
      [lent(cents(advance), '2025-01-01'), ...paid(cents(repayment), due)],
      isMonth ? { unit: 'month', count: 1 } : { unit: 'day', count: Number(days) },
    );
    assert.equal(percent(rate, 1), expected);
  });
}

for (const { start, end, isda } of VECTORS.day_counts.actual_actual) {
  test(`from ${start} to ${end} it is ${isda} of a year on actual/actual`, () => {
    const part = decimals(yearFraction('actual/actual', isoDate(start), isoDate(end)), 12);
    // One of the figures is given with ten decimals.
    assert.ok(Math.abs(Number(part) - Number(isda)) < 1e-11, part);
  });
}

for (const [start, end, days] of VECTORS.day_counts.thirty_e_360) {
  test(`from ${start} to ${end} there are ${days} days on 30E/360`, () => {
    assert.equal(days30European(isoDate(start), isoDate(end)), days);
  });
}

test('the published figures are there', { skip: withoutVectors }, () => {
  assert.equal(VECTORS.loan_schedules.length, 23);
  assert.equal(VECTORS.apr_us_reg_z_appendix_j.length + VECTORS.apr_eu.length + VECTORS.apr_uk.length, 13);
});
