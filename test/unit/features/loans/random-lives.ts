import fc from 'fast-check';
import { PREPAYMENT_STRATEGIES, type Reschedule, WAIVED_PARTS } from '#features/loans/event.ts';
import { LoanProduct } from '#features/loans/products/loan-product.ts';
import {
  ALLOCATIONS,
  LATE_FEE_RULES,
  type ProductConditions,
  REPAYMENT_PARTS,
} from '#features/loans/products/product-conditions.ts';
import { METHODS } from '#features/loans/schedule/terms.ts';
import type { LoanProductId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { DAY_COUNTS } from '#lib/money/day-count.ts';
import { isoDate } from '#lib/time/dates.ts';

export const START = isoDate('2024-01-31');

/** What is done to a loan, so many days after what was done before. */
export type Step = { readonly days: number } & (
  | { readonly act: 'pay'; readonly share: number; readonly strategy: (typeof PREPAYMENT_STRATEGIES)[number] }
  | { readonly act: 'pay-earlier'; readonly share: number; readonly back: number }
  | { readonly act: 'undo'; readonly which: number }
  | { readonly act: 'waive'; readonly part: (typeof WAIVED_PARTS)[number] }
  | { readonly act: 'pay-due' | 'charge' | 'lose' | 'wait' }
  | { readonly act: 'reschedule'; readonly request: Reschedule }
);

const days = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 45 }) },
  fc.integer({ min: 0, max: 200 }),
);
export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      days,
      act: fc.constant('pay' as const),
      share: fc.integer({ min: 1, max: 60 }),
      strategy: fc.constantFrom(...PREPAYMENT_STRATEGIES),
    }),
  },
  { weight: 3, arbitrary: fc.record({ days, act: fc.constant('pay-due' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      days,
      act: fc.constantFrom('wait' as const, 'charge' as const, 'lose' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      days: fc.integer({ min: 0, max: 40 }),
      act: fc.constant('undo' as const),
      which: fc.integer({ min: 1, max: 6 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      days: fc.integer({ min: 0, max: 40 }),
      act: fc.constant('pay-earlier' as const),
      share: fc.integer({ min: 1, max: 30 }),
      back: fc.integer({ min: 1, max: 60 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      days,
      act: fc.constant('waive' as const),
      part: fc.constantFrom(...WAIVED_PARTS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      days,
      act: fc.constant('reschedule' as const),
      request: fc.record(
        {
          annualRatePercent: fc.constantFrom('0', '3.5', '24'),
          instalments: fc.integer({ min: 1, max: 36 }),
          holidayInstalments: fc.integer({ min: 1, max: 3 }),
          reAge: fc.boolean(),
        },
        { requiredKeys: [] },
      ) as fc.Arbitrary<Reschedule>,
    }),
  },
);

export const conditions = fc.record({
  method: fc.constantFrom(...METHODS),
  dayCount: fc.constantFrom(...DAY_COUNTS),
  interestPer: fc.constantFrom('day' as const, 'period' as const),
  every: fc.record({
    count: fc.integer({ min: 1, max: 3 }),
    unit: fc.constantFrom('month' as const, 'week' as const),
  }),
  monthEnd: fc.constantFrom('clamp' as const, 'roll' as const),
  instalmentMultiple: fc.constantFrom(undefined, undefined, '0.05', '1'),
  downPaymentPercent: fc.constantFrom(undefined, undefined, '20'),
  penaltyRatePercent: fc.constantFrom('0', '18', '700'),
  repaymentOrder: fc.shuffledSubarray([...REPAYMENT_PARTS], { minLength: REPAYMENT_PARTS.length }),
  arrearsAfterDays: fc.integer({ min: 0, max: 5 }),
  allocation: fc.constantFrom(...ALLOCATIONS),
  lateFeeRule: fc.constantFrom(...LATE_FEE_RULES),
  fees: fc.subarray([
    { kind: 'origination' as const, percent: '1.5' },
    { kind: 'instalment' as const, amount: '1.50' },
    { kind: 'late' as const, percent: '5', of: 'principal_and_interest' as const },
    { kind: 'late' as const, amount: '3' },
  ]),
});

export const requests = fc.record({
  amount: fc.integer({ min: 100, max: 500_000 }).map((major) => `${major}.37`),
  annualRatePercent: fc.constantFrom('0', '6.5', '12', '29.99'),
  instalments: fc.integer({ min: 1, max: 36 }),
  gracePrincipal: fc.constantFrom(0, 0, 2),
  graceInterest: fc.constantFrom(0, 0, 1, 3),
  feesFrom: fc.constantFrom('amount' as const, 'account' as const),
});

export type Conditions = typeof conditions extends fc.Arbitrary<infer T> ? T : never;
export type Requested = typeof requests extends fc.Arbitrary<infer T> ? T : never;

export function newProduct(more: Conditions): LoanProduct {
  return LoanProduct.define(
    'product' as LoanProductId,
    {
      name: 'Any loan',
      currency: 'EUR' as Currency,
      conditions: {
        amount: { min: '1', max: '10000000' },
        instalments: { min: 1, max: 600 },
        annualRatePercent: { min: '0', max: '100', default: '12' },
        gracePrincipal: { max: 12 },
        graceInterest: { max: 12 },
        ...(more as Partial<ProductConditions>),
      },
    },
    0,
  );
}
