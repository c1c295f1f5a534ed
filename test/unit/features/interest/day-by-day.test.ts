import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { accrueDay, accrueUntil } from '#features/interest/accrual/accrue.ts';
import { accruedParts } from '#features/interest/accrual/accrued.ts';
import { startAccrual } from '#features/interest/accrual/state.ts';
import { ratesOn } from '#features/interest/terms/day-rates.ts';
import { readInterestTerms } from '#features/interest/terms/read-terms.ts';
import type { InterestTermsInput } from '#features/interest/terms/schemas.ts';
import {
  BASES,
  COMPOUNDINGS,
  INTEREST_DAY_COUNTS,
  INTEREST_PERIODS,
  TIER_MODES,
} from '#features/interest/terms/terms.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { addDays, isoDate } from '#lib/time/dates.ts';
import { propertyRuns } from '#test/support/property-runs.ts';

const EUR = requireCurrency('EUR');

const percent = fc.integer({ min: -20_000, max: 200_000 }).map((ppm) => (ppm / 10_000).toString());

const termsInput = fc
  .record({
    rates: fc.array(percent, { minLength: 1, maxLength: 4 }),
    tierMode: fc.constantFrom(...TIER_MODES),
    dayCount: fc.constantFrom(...INTEREST_DAY_COUNTS),
    interestPer: fc.constantFrom(...INTEREST_PERIODS),
    basis: fc.constantFrom(...BASES),
    compounding: fc.constantFrom(...COMPOUNDINGS),
    posting: fc.constantFrom('yearly' as const, 'maturity' as const, 'quarterly' as const),
    minimumBalance: fc.constantFrom('0', '500'),
  })
  .filter(({ basis, compounding }) => basis === 'end_of_day' || compounding !== 'daily')
  .map(({ rates, ...terms }): InterestTermsInput => {
    const tiers = rates.map((rate, index) => ({
      upTo: index === rates.length - 1 ? null : `${(index + 1) * 1_000}`,
      rate,
    }));
    return { ...terms, tiers, overdraft: { arrangedRate: '9.9', unarrangedRate: '14.9' } };
  });

const start = fc.integer({ min: 0, max: 1_500 }).map((days) => addDays(isoDate('2023-01-01'), days));

/** Balances and for how many days. */
const stretches = fc.array(
  fc.record({
    balanceMinor: fc.bigInt({ min: -500_000n, max: 1_000_000n }),
    days: fc.integer({ min: 1, max: 120 }),
  }),
  { minLength: 1, maxLength: 4 },
);

test('day by day comes to the same as in one jump, to the last part of a minor unit', () => {
  fc.assert(
    fc.property(termsInput, start, stretches, (input, openedOn, balances) => {
      const rates = ratesOn(readInterestTerms(input, EUR), openedOn);
      let daily = startAccrual(openedOn);
      let jumped = startAccrual(openedOn);
      for (const { balanceMinor, days } of balances) {
        const balance = { balanceMinor, arrangedLimitMinor: 100_000n };
        for (let day = 0; day < days; day++) daily = accrueDay(daily, balance, rates);
        jumped = accrueUntil(jumped, addDays(jumped.nextOn, days - 1), balance, rates);
        assert.deepEqual(accruedParts(daily), accruedParts(jumped));
      }
      assert.deepEqual(daily, jumped);
    }),
    { numRuns: propertyRuns(100) },
  );
});
