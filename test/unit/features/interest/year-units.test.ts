import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { YEAR_UNITS, yearUnits } from '#features/interest/accrual/year-units.ts';
import { INTEREST_DAY_COUNTS, type InterestDayCount } from '#features/interest/terms/terms.ts';
import { yearFraction } from '#lib/money/day-count.ts';
import { addDays, isoDate } from '#lib/time/dates.ts';
import { propertyRuns } from '#test/support/property-runs.ts';
import { depositTerms } from './deposit-terms.ts';
import { FOLDER, withoutVectors } from './deposit-vectors.ts';
import { exactInterest, quoted } from './runs.ts';

const units = (dayCount: InterestDayCount, from: string, to: string): number => {
  const periodFrom = isoDate(from);
  return yearUnits(depositTerms({ dayCount }), { periodFrom, openedOn: periodFrom }, periodFrom, isoDate(to));
};

type Beside = {
  readonly day_counts: {
    readonly actual_366: readonly (readonly [from: string, to: string, years: string])[];
    readonly actual_actual: readonly {
      readonly start: string;
      readonly end: string;
      readonly isda: string;
    }[];
    readonly thirty_e_360: readonly (readonly [from: string, to: string, days: number])[];
  };
};

test('published day counts, and savings beside the loans', { skip: withoutVectors }, () => {
  const { day_counts: counts } = JSON.parse(readFileSync(`${FOLDER}/loan-vectors.json`, 'utf8')) as Beside;
  for (const [from, to, years] of counts.actual_366) {
    assert.equal((units('actual/366', from, to) / YEAR_UNITS).toFixed(12), Number(years).toFixed(12));
  }
  for (const { start, end, isda } of counts.actual_actual) {
    assert.equal((units('actual/actual', start, end) / YEAR_UNITS).toFixed(10), Number(isda).toFixed(10));
  }
  for (const [from, to, days] of counts.thirty_e_360) {
    assert.equal((units('30E/360', from, to) * 360) / YEAR_UNITS, days);
  }
  const daily = { rate: '10', posting: 'daily' as const, compounding: 'none' as const };
  assert.equal(exactInterest(quoted({ ...daily, balance: '1000' }), 3, 'half_even'), '0.274');
  const overdraft = { arrangedRate: '0', unarrangedRate: '10' };
  const overdrawn = quoted({ ...daily, overdraft, balance: '-10000', from: '2022-04-10' });
  assert.equal(exactInterest(overdrawn, 4, 'half_even'), '-2.7397');
  const compounded = quoted({ rate: '10', compounding: 'daily', balance: '10000', days: 47 });
  assert.equal(exactInterest(compounded, 3, 'half_even'), '129.582');
});

const day = fc.integer({ min: 0, max: 4_000 }).map((days) => addDays(isoDate('2019-06-01'), days));
const length = fc.integer({ min: 0, max: 800 });

test('days add up to the count of their whole period, wherever it is divided', () => {
  fc.assert(
    fc.property(
      day,
      length,
      length,
      fc.constantFrom(...INTEREST_DAY_COUNTS),
      fc.constantFrom('day' as const, 'period' as const),
      (from, first, second, dayCount, interestPer) => {
        const terms = depositTerms({ dayCount, interestPer });
        const origin = { periodFrom: from, openedOn: from };
        const middle = addDays(from, first);
        const end = addDays(middle, second);
        const whole = yearUnits(terms, origin, from, end);
        assert.equal(whole, yearUnits(terms, origin, from, middle) + yearUnits(terms, origin, middle, end));
        if (interestPer === 'period' || dayCount === 'actual/366') return;
        const { numerator, denominator } = yearFraction(dayCount, from, end);
        assert.equal(BigInt(whole) * denominator, numerator * BigInt(YEAR_UNITS));
      },
    ),
    { numRuns: propertyRuns(300) },
  );
});
