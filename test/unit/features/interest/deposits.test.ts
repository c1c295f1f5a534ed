import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  closeEarly,
  type EarlyClosure,
  type EarlyClosureTerms,
} from '#features/interest/deposits/early-closure.ts';
import {
  countInstalments,
  instalmentDate,
  nominalMaturity,
  rateAfterMissed,
} from '#features/interest/deposits/instalments.ts';
import { maturityDate } from '#features/interest/deposits/maturity.ts';
import { type ChartRow, chartRate } from '#features/interest/deposits/rate-chart.ts';
import { depositAtMaturity, withRatesFrom } from '#features/interest/deposits/term-deposit.ts';
import { isoDate } from '#lib/time/dates.ts';
import { depositTerms, minor } from './deposit-terms.ts';

const months = (count: number) => ({ unit: 'month', count }) as const;
const days = (count: number) => ({ unit: 'day', count }) as const;

test('the end of a month stays one, through leap years too', () => {
  const rows = [
    ['2024-01-31', months(1), '2024-02-29'],
    ['2024-02-29', months(12), '2025-02-28'],
    ['2023-02-28', months(12), '2024-02-29'],
    ['2023-02-27', months(1), '2023-03-27'],
    ['2024-02-28', months(1), '2024-03-28'],
    ['2023-04-30', months(1), '2023-05-31'],
    ['2023-01-30', months(1), '2023-02-28'],
    ['2023-12-31', days(60), '2024-02-29'],
  ] as const;
  for (const [from, term, to] of rows) assert.equal(maturityDate(isoDate(from), term), to);
});

test('a chart has a rate for terms and amounts up to their ends, and none beside', () => {
  const chart: ChartRow[] = [
    { unit: 'day', fromCount: 30, toCount: 90, upToMinor: undefined, ratePpm: 1n },
    { unit: 'month', fromCount: 3, toCount: 6, upToMinor: undefined, ratePpm: 3n },
    { unit: 'month', fromCount: 3, toCount: 6, upToMinor: 500n, ratePpm: 2n },
    { unit: 'month', fromCount: 7, toCount: undefined, upToMinor: 900n, ratePpm: 4n },
  ];
  const rate = (term: Parameters<typeof chartRate>[1], amount: bigint) => chartRate(chart, term, amount);
  assert.deepEqual(
    [days(29), days(30), days(90), days(91)].map((term) => rate(term, 1n)),
    [undefined, 1n, 1n, undefined],
  );
  assert.deepEqual(
    [499n, 500n, 501n].map((amount) => rate(months(6), amount)),
    [2n, 2n, 3n],
  );
  assert.deepEqual(
    [900n, 901n].map((amount) => rate(months(7), amount)),
    [4n, undefined],
  );
});

test('interest is paid out on the days of the month on which a deposit was made, or added', () => {
  const deposit = {
    principalMinor: minor('10000.00'),
    openedOn: isoDate('2023-01-31'),
    maturesOn: isoDate('2023-04-30'),
    terms: depositTerms({
      rate: '6',
      posting: 'monthly',
      periodsFrom: 'opening',
      interestPer: 'period',
      compounding: 'none',
    }),
  };
  const paidOut = depositAtMaturity(deposit);
  assert.deepEqual(
    paidOut.postings.map(({ from, on, creditMinor }) => [from, on, creditMinor]),
    [
      ['2023-01-31', '2023-02-27', 5_000n],
      ['2023-02-28', '2023-03-30', 5_000n],
      ['2023-03-31', '2023-04-29', 5_000n],
    ],
  );
  assert.deepEqual([paidOut.interestMinor, paidOut.payoutMinor], [15_000n, 1_005_000n]);
  const added = depositAtMaturity({ ...deposit, terms: { ...deposit.terms, compounding: 'posting' } });
  // 50.00, 50.25, and 50.50 of 10,100.25.
  assert.deepEqual([added.interestMinor, added.payoutMinor], [15_075n, 1_015_075n]);
});

test('what is left of a period is paid at the maturity', () => {
  const { postings } = depositAtMaturity({
    principalMinor: minor('36500.00'),
    openedOn: isoDate('2023-01-10'),
    maturesOn: isoDate('2023-02-20'),
    terms: depositTerms({ rate: '1', posting: 'monthly', periodsFrom: 'opening', compounding: 'none' }),
  });
  assert.deepEqual(
    postings.map(({ on, creditMinor }) => [on, creditMinor]),
    [
      ['2023-02-09', 3_100n],
      ['2023-02-19', 1_000n],
    ],
  );
});

const CLOSURE: EarlyClosureTerms = {
  rate: 'booked',
  penaltyPpm: 0n,
  lostDays: 0,
  forfeitedPpm: 0n,
  reachesPrincipal: false,
};
/** 36,500.00 at 4 % earns 4.00 a day; closed after 30 days. */
const closed = (closure: Partial<EarlyClosureTerms>, deposit: Partial<EarlyClosure> = {}) =>
  closeEarly({
    principalMinor: minor('36500.00'),
    openedOn: isoDate('2023-01-01'),
    maturesOn: isoDate('2024-01-01'),
    closedOn: isoDate('2023-01-31'),
    terms: depositTerms({ rate: '4' }),
    bookedPpm: 40_000n,
    heldTermPpm: 15_000n,
    paidMinor: 0n,
    closure: { ...CLOSURE, ...closure },
    ...deposit,
  });

test('early closure cuts the rate, loses days, forfeits interest, and reaches the principal where it may', () => {
  const payout = (closure: Partial<EarlyClosureTerms>, deposit?: Partial<EarlyClosure>) => {
    const { interestMinor, penaltyMinor, recoveredMinor, payoutMinor } = closed(closure, deposit);
    return [interestMinor, penaltyMinor, recoveredMinor, payoutMinor];
  };
  assert.deepEqual(payout({}), [12_000n, 0n, 0n, 3_662_000n]);
  assert.deepEqual(payout({ rate: 'held_term' }), [4_500n, 0n, 0n, 3_654_500n]);
  assert.deepEqual(payout({ rate: 'held_term' }, { heldTermPpm: undefined }), [0n, 0n, 0n, 3_650_000n]);
  assert.deepEqual(payout({ rate: 'lower' }, { heldTermPpm: 50_000n }), [12_000n, 0n, 0n, 3_662_000n]);
  assert.deepEqual(payout({ penaltyPpm: 10_000n }), [9_000n, 0n, 0n, 3_659_000n]);
  assert.deepEqual(payout({ penaltyPpm: 50_000n }), [0n, 0n, 0n, 3_650_000n]);
  assert.deepEqual(payout({ forfeitedPpm: 500_000n }), [6_000n, 0n, 0n, 3_656_000n]);
  assert.deepEqual(payout({ lostDays: 20 }), [12_000n, 8_000n, 0n, 3_654_000n]);
  assert.deepEqual(payout({ lostDays: 40 }), [12_000n, 16_000n, 0n, 3_650_000n]);
  assert.deepEqual(payout({ lostDays: 40, reachesPrincipal: true }), [12_000n, 16_000n, 4_000n, 3_646_000n]);
  assert.deepEqual(payout({ reachesPrincipal: true }, { paidMinor: 12_001n }), [12_000n, 0n, 1n, 3_649_999n]);
  assert.deepEqual(payout({}, { closedOn: isoDate('2023-01-01') }), [0n, 0n, 0n, 3_650_000n]);
});

test('payments of a recurring deposit earn from the day they came, at the rates of those days', () => {
  const deposit = {
    principalMinor: 300_000n,
    flows: [
      { on: isoDate('2023-01-31'), amountMinor: 100_000n },
      { on: isoDate('2023-03-02'), amountMinor: 100_000n },
      { on: isoDate('2023-03-31'), amountMinor: 100_000n },
    ],
    openedOn: isoDate('2023-01-31'),
    maturesOn: isoDate('2023-04-30'),
    terms: depositTerms({ rate: '3.65' }),
  };
  // 10 cents a day for each 1,000.00: 89, 59 and 30 nights.
  assert.equal(depositAtMaturity(deposit).interestMinor, 1_780n);
  const from = isoDate('2023-04-10');
  const changes = [
    { from, ratePpm: 20_000n },
    { from, ratePpm: 18_250n },
    { from: isoDate('2023-04-20'), ratePpm: 0n },
  ];
  // The last ten nights earn nothing, the ten before them half.
  const terms = withRatesFrom(deposit.terms, changes);
  assert.equal(depositAtMaturity({ ...deposit, terms }).interestMinor, 1_780n - 300n - 150n);
});

test('instalments fall due from the first day on, before the end of the term', () => {
  const openedOn = isoDate('2023-02-28');
  const monthly = { openedOn, term: months(4), frequency: 'monthly' } as const;
  const dates = [1, 2, 3].map((number) => instalmentDate(monthly, number));
  assert.deepEqual(dates, ['2023-02-28', '2023-03-31', '2023-04-30']);
  const count = (
    term: Parameters<typeof nominalMaturity>[0]['term'],
    frequency: 'weekly' | 'monthly' | 'yearly',
  ) => countInstalments({ openedOn, term, frequency });
  assert.deepEqual(
    [count(months(4), 'monthly'), count(months(1), 'monthly'), count(months(13), 'yearly')],
    [4, 1, 2],
  );
  assert.deepEqual(
    [count(days(14), 'weekly'), count(days(15), 'weekly'), count(months(1), 'weekly')],
    [2, 3, 5],
  );
  assert.equal(count(days(36_500), 'weekly'), 1_201);
  assert.equal(nominalMaturity(monthly, 2), '2023-08-31');
  assert.equal(nominalMaturity({ openedOn, term: months(1), frequency: 'weekly' }, 1), '2023-04-07');
});

test('missed instalments cut a rate down to nothing', () => {
  assert.deepEqual(
    [0, 1, 2, 3].map((missed) => rateAfterMissed(30_000n, 12_500n, missed)),
    [30_000n, 17_500n, 5_000n, 0n],
  );
});
