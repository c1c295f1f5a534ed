import fc from 'fast-check';
import type { TermsInput } from '#features/loans/schedule/read-terms.ts';
import { METHODS } from '#features/loans/schedule/terms.ts';
import { DAY_COUNTS } from '#lib/money/day-count.ts';
import { addDays, isoDate } from '#lib/time/dates.ts';

const START = isoDate('2023-12-01');

const date = (fromDay: number, toDay: number) =>
  fc.integer({ min: fromDay, max: toDay }).map((day) => addDays(START, day) as string);

const percent = (max: number) =>
  fc.integer({ min: 0, max: max * 100 }).map((hundredths) => {
    const digits = hundredths.toString().padStart(3, '0');
    return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
  });

/** Mostly what people borrow, and some pennies. */
const amount = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 100, max: 1_000_000 }).map((major) => `${major}.37`) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 500 }).map((cents) => (cents / 100).toFixed(2)) },
);

const optional = <Value>(arbitrary: fc.Arbitrary<Value>) =>
  fc.option(arbitrary, { nil: undefined, freq: 3 }) as fc.Arbitrary<Value | undefined>;

const fee = fc.oneof(
  fc.record({
    kind: fc.constantFrom('origination' as const, 'instalment' as const),
    percent: percent(3),
    of: fc.constantFrom('principal' as const, 'principal_and_interest' as const),
  }),
  fc.record({
    kind: fc.constantFrom('origination' as const, 'instalment' as const),
    amount: fc.integer({ min: 1, max: 2000 }).map((cents) => (cents / 100).toFixed(2)),
  }),
);

/** Terms of every kind, also such as contradict themselves: those are refused. */
export const randomTerms: fc.Arbitrary<TermsInput> = fc.record({
  amount,
  currency: fc.constant('EUR'),
  annualRatePercent: fc.oneof(percent(30), fc.constant('0'), percent(400)),
  instalments: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 120 })),
  every: fc.record({
    count: fc.integer({ min: 1, max: 3 }),
    unit: fc.constantFrom('month' as const, 'week' as const, 'day' as const),
  }),
  method: fc.constantFrom(...METHODS),
  dayCount: fc.constantFrom(...DAY_COUNTS),
  interestPer: fc.constantFrom('day' as const, 'period' as const),
  disbursedOn: date(0, 90),
  scheduleStartsOn: optional(date(-5, 20)),
  firstDueOn: optional(date(60, 200)),
  monthEnd: fc.constantFrom('clamp' as const, 'roll' as const),
  rounding: fc.constantFrom('half_even' as const, 'half_up' as const),
  instalmentMultiple: optional(fc.constantFrom('0.05', '1', '10')),
  gracePrincipal: optional(fc.nat(3)),
  graceInterest: optional(fc.nat(3)),
  downPaymentPercent: optional(percent(90)),
  rateChanges: optional(
    fc.array(fc.record({ from: date(60, 400), annualRatePercent: percent(60) }), { maxLength: 3 }),
  ),
  disbursements: optional(fc.array(fc.record({ on: date(60, 400), amount }), { maxLength: 2 })),
  fees: optional(fc.array(fee, { maxLength: 3 })),
  oneCentNudge: optional(fc.boolean()),
});
