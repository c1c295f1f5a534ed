import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { computeInterestQuote, readInterestQuote } from '#features/interest/quote/quote.ts';
import type { QuoteInterestInput } from '#features/interest/quote/schemas.ts';
import {
  BASES,
  COMPOUNDINGS,
  INTEREST_DAY_COUNTS,
  INTEREST_PERIODS,
  POSTINGS,
  ROUNDED_SUMS,
  TIER_MODES,
} from '#features/interest/terms/terms.ts';
import { FlorinError } from '#lib/errors.ts';
import { ROUNDINGS_AND_CUT } from '#lib/money/fraction.ts';
import { addDays, isoDate } from '#lib/time/dates.ts';
import { propertyRuns } from '#test/support/property-runs.ts';
import { plainInterest } from './plain-interest.ts';

const percent = (min: number, max: number) =>
  fc.integer({ min: min * 10_000, max: max * 10_000 }).map((ppm) => (ppm / 10_000).toString());
/** Balances around the edges of tiers, and any. */
const amount = fc.oneof(
  fc.constantFrom('0', '499.99', '500.00', '500.01', '1000.00', '1000.01', '-300.00', '-300.01', '2000.01'),
  fc.integer({ min: -100_000, max: 500_000 }).map((cents) => (cents / 100).toFixed(2)),
);
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 });

const story = fc.record({
  start: fc.integer({ min: 0, max: 1_600 }),
  days: fc.integer({ min: 1, max: 420 }),
  balances: fc.array(fc.record({ after: fc.integer({ min: 1, max: 90 }), amount }), {
    minLength: 1,
    maxLength: 6,
  }),
  rates: fc.array(percent(-2, 20), { minLength: 1, maxLength: 4 }),
  promotion: maybe(
    fc.record({
      after: fc.integer({ min: 0, max: 60 }),
      days: fc.integer({ min: 1, max: 60 }),
      rate: percent(0, 9),
      isMargin: fc.boolean(),
    }),
  ),
  terms: fc.record({
    tierMode: fc.constantFrom(...TIER_MODES),
    dayCount: fc.constantFrom(...INTEREST_DAY_COUNTS),
    interestPer: fc.constantFrom(...INTEREST_PERIODS),
    basis: fc.constantFrom(...BASES),
    compounding: fc.constantFrom(...COMPOUNDINGS),
    posting: fc.constantFrom(...POSTINGS),
    rounding: fc.constantFrom(...ROUNDINGS_AND_CUT),
    roundedPer: fc.constantFrom(...ROUNDED_SUMS),
    minimumBalance: fc.constantFrom('0', '500.00'),
    overdraftLimit: fc.constantFrom('0', '300.00'),
    closing: fc.boolean(),
  }),
  extra: fc.record(
    {
      basisPeriod: fc.constantFrom('monthly' as const, 'quarterly' as const),
      minimumFromDay: fc.integer({ min: 1, max: 28 }),
      postingDay: fc.integer({ min: 1, max: 31 }),
      postingMonth: fc.integer({ min: 1, max: 12 }),
      periodsFrom: fc.constantFrom('calendar' as const, 'opening' as const),
    },
    { requiredKeys: [] },
  ),
  hasTax: fc.boolean(),
  hasOverdraft: fc.boolean(),
});

type Story = typeof story extends fc.Arbitrary<infer Value> ? Value : never;

function requestOf({
  start,
  days,
  balances,
  rates,
  promotion,
  terms,
  extra,
  hasTax,
  hasOverdraft,
}: Story): QuoteInterestInput {
  const from = addDays(isoDate('2022-11-15'), start);
  let on = from;
  return {
    currency: 'EUR',
    from,
    // A fraction that compounds each day grows long.
    to: addDays(from, (terms.compounding === 'daily' ? Math.min(days, 40) : days) - 1),
    balances: balances.map(({ after, amount: text }, index) => {
      on = index === 0 ? from : addDays(on, after);
      return { from: on, amount: text };
    }),
    tiers: rates.map((rate, index) => ({
      upTo: index === rates.length - 1 ? null : `${(index + 1) * 500}`,
      rate,
    })),
    ...consistent(terms, extra),
    ...(promotion === undefined
      ? {}
      : {
          promotions: [
            {
              from: addDays(from, promotion.after),
              until: addDays(from, promotion.after + promotion.days),
              [promotion.isMargin ? 'margin' : 'rate']: promotion.rate,
            },
          ],
        }),
    ...(hasTax
      ? {
          tax: [
            { name: 'a', percent: '25', rounding: 'down' as const },
            { name: 'b', percentOfTax: '5.5' },
            { name: 'c', percent: '5' },
          ],
        }
      : {}),
    ...(hasOverdraft ? { overdraft: { arrangedRate: '9.9', unarrangedRate: '14.9' } } : {}),
  };
}

/** Without most of what contradicts itself. */
function consistent(terms: Story['terms'], extra: Story['extra']): Partial<QuoteInterestInput> {
  const { basisPeriod, minimumFromDay, postingDay, postingMonth, periodsFrom } = extra;
  const hasOwn = terms.basis !== 'end_of_day';
  const counts = terms.posting === 'maturity' || periodsFrom === 'opening';
  const compounding = hasOwn && terms.compounding === 'daily' ? 'posting' : terms.compounding;
  const isPlain = compounding === 'posting' || compounding === 'none';
  return {
    ...terms,
    compounding,
    roundedPer: !isPlain || (hasOwn && terms.roundedPer === 'day') ? 'posting' : terms.roundedPer,
    ...(hasOwn && basisPeriod !== undefined ? { basisPeriod } : {}),
    ...(terms.basis === 'period_minimum' && minimumFromDay !== undefined ? { minimumFromDay } : {}),
    ...(counts || postingDay === undefined ? {} : { postingDay }),
    ...(counts || postingMonth === undefined ? {} : { postingMonth }),
    ...(periodsFrom === undefined || terms.posting === 'maturity' ? {} : { periodsFrom }),
  };
}

function read(request: QuoteInterestInput) {
  try {
    return readInterestQuote(request);
  } catch (error) {
    // Terms that contradict each other.
    if (error instanceof FlorinError && error.status === 400) return undefined;
    throw error;
  }
}

test('postings are what plain fractions come to, a day at a time', () => {
  let read400 = 0;
  let compared = 0;
  fc.assert(
    fc.property(story, (told) => {
      const request = requestOf(told);
      const input = read(request);
      if (input === undefined) {
        read400 += 1;
        return;
      }
      compared += 1;
      const postings = computeInterestQuote(input).postings.map((posting) => ({
        on: posting.on,
        credit: posting.creditMinor,
        arranged: posting.arrangedMinor,
        unarranged: posting.unarrangedMinor,
        tax: posting.tax.map(({ amountMinor }) => amountMinor),
      }));
      assert.deepEqual(postings, plainInterest(request));
    }),
    { numRuns: propertyRuns(60) },
  );
  assert.ok(compared * 5 > read400, `${compared} stories were compared, ${read400} contradict themselves`);
});
