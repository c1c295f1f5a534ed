import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QuoteInterestInput } from '#features/interest/quote/schemas.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { parseAmount } from '#lib/money/money.ts';
import { type Section, VECTORS, type Vector, type VectorInput, withoutVectors } from './deposit-vectors.ts';
import { accrued, exactInterest, type Quoted, quoted } from './runs.ts';

const skip = withoutVectors;

/** What each figure goes by beyond what its input says: the convention that the file names, in terms. */
const CONVENTIONS: Readonly<Record<string, Partial<QuoteInterestInput>>> = {
  'RUN-1': { dayCount: 'actual/actual', posting: 'daily', rounding: 'half_up', to: '2024-01-01' },
  'RUN-2': { dayCount: 'actual/actual', posting: 'daily', rounding: 'half_up', to: '2024-10-03' },
  'RUN-3': { dayCount: 'actual/366', roundedPer: 'day', rounding: 'half_up', posting: 'maturity' },
  'RUN-5': {
    minimumBalance: '50000',
    posting: 'quarterly',
    tax: [{ name: 'Final tax', percent: '20' }],
    to: '2013-06-30',
  },
  'RUN-6': { posting: 'monthly', to: '2022-05-31' },
  'TIER-3': { roundedPer: 'tier' },
  'TIER-4': { roundedPer: 'tier' },
  'TIER-6': { roundedPer: 'tier' },
  // The night of its last day does not count.
  'TIER-14': { to: '2024-12-30', roundedPer: 'posting' },
  'WHOLE-2': { tierMode: 'whole', compounding: 'daily' },
  'WHOLE-3': { tierMode: 'whole', compounding: 'daily' },
  'WHOLE-4': { tierMode: 'whole', compounding: 'daily' },
  'NEG-1': {
    tiers: [
      { upTo: '100000', rate: '0' },
      { upTo: null, rate: '-0.5' },
    ],
    // A month of thirty days.
    from: '2023-04-01',
    dayCount: '30E/360',
  },
};

/** A request of what a vector says, with its convention. */
function termsOf({ id, input }: Vector): Parameters<typeof quoted>[0] {
  const { annualRatePercent, tiers, dayCount, balance, days, currency, years } = input;
  const from = balancesOf(input)?.[0]?.from;
  return {
    ...(currency === undefined ? {} : { currency }),
    ...(annualRatePercent === undefined || CONVENTIONS[id]?.tiers !== undefined
      ? {}
      : { rate: annualRatePercent }),
    ...(tiers === undefined
      ? {}
      : { tiers: tiers.map(({ upTo, annualRatePercent: rate }) => ({ upTo, rate })) }),
    ...(dayCount?.startsWith('actual/3') ? { dayCount: dayCount as 'actual/365' } : {}),
    ...(balance === undefined ? {} : { balance }),
    ...(days === undefined && years === undefined ? {} : { days: days ?? 365 }),
    ...(from === undefined ? {} : { from, balances: balancesOf(input)! }),
    ...(typeof input.minimumBalanceForInterest === 'string'
      ? { minimumBalance: input.minimumBalanceForInterest }
      : {}),
    ...(typeof input.from === 'string' ? { from: input.from } : {}),
    posting: 'maturity',
    ...CONVENTIONS[id],
  };
}

/** Balances at the end of days, from movements or as they are given. */
function balancesOf({ movements, eodBalances }: VectorInput): { from: string; amount: string }[] | undefined {
  if (eodBalances !== undefined) return eodBalances.map(({ from, balance }) => ({ from, amount: balance }));
  if (movements === undefined) return undefined;
  let sum = 0;
  return movements.map(({ on, amount }) => {
    sum += Number(amount);
    return { from: on, amount: String(sum) };
  });
}

const minor = (text: string, currency = 'EUR'): bigint => {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  if (/^0*$/.test(`${whole}${fraction}`)) return 0n;
  const amount = parseAmount(text.replace('-', ''), currency as Currency);
  return text.startsWith('-') ? -amount : amount;
};

/** What was posted as credit interest, in minor units. */
const posted = ({ run }: Quoted): bigint[] => run.postings.map(({ creditMinor }) => creditMinor);

const each = (section: Section, check: (vector: Vector) => void): void => {
  for (const vector of VECTORS[section]) test(`${vector.id} as published`, { skip }, () => check(vector));
};

each('daily_accrual', (vector) => {
  const { input, expected } = vector;
  if (expected.day !== undefined) {
    const over = (days: number): bigint =>
      posted(quoted({ ...termsOf(vector), days, from: '2024-01-01' }))[0] ?? 0n;
    assert.deepEqual(
      [over(1), over(31), over(365), over(366)],
      [expected.day, expected.month31, expected.year365, expected.year366].map((text) => minor(text!)),
    );
  } else if (expected.accrued === undefined) {
    assert.equal(exactInterest(quoted(termsOf(vector)), 4, 'half_up'), expected.interest);
  } else {
    const to = input.accruedThrough!;
    const run = quoted({ ...termsOf(vector), posting: 'monthly', to });
    assert.equal(accrued(run), minor(expected.accrued));
  }
});

each('accrual_runs', (vector) => {
  const { id, input, expected } = vector;
  if (id === 'RUN-7') {
    const segments = input.segments as readonly { readonly balance: string; readonly days: number }[];
    const each7 = segments.map(
      ({ balance, days }) => posted(quoted({ balance, days, rate: '5', posting: 'maturity' }))[0],
    );
    assert.deepEqual(each7, [9589n, 4795n]);
    return;
  }
  const run = quoted(termsOf(vector));
  const [first] = run.run.segments;
  switch (id) {
    case 'RUN-1':
    case 'RUN-2':
      assert.deepEqual(
        posted(run),
        (expected.interest as unknown as string[]).map((one) => minor(one)),
      );
      return;
    case 'RUN-3':
      assert.equal(posted(run)[0], minor(expected.weekPaid!));
      assert.equal(
        exactInterest(quoted({ ...termsOf(vector), roundedPer: 'posting', days: 1 }), 8, 'half_up'),
        expected.dayUnrounded,
      );
      return;
    case 'RUN-5': {
      const [posting] = run.run.postings;
      assert.equal(posting?.creditMinor, minor(expected.gross!));
      assert.equal(posting?.taxMinor, minor(expected.tax!));
      assert.equal(posting?.netMinor, minor(expected.net!));
      return;
    }
    default:
      assert.equal(posted(run)[0], minor(expected.month!));
      assert.equal(first?.counted?.days, 5);
  }
});

each('tiers_by_band', (vector) => {
  const { input, expected } = vector;
  const run = quoted(termsOf(vector));
  if (/\.\d{4}$/.test(expected.interest!)) {
    assert.equal(exactInterest(run, 4, 'half_up'), expected.interest);
    return;
  }
  assert.deepEqual(posted(run), [minor(expected.interest!, input.currency)]);
});

each('tiers_whole_balance', (vector) => {
  const run = quoted(termsOf(vector));
  assert.deepEqual(posted(run), [minor(vector.expected.interest!)]);
  assert.equal(run.run.segments[0]?.rated[0]?.ratePpm, BigInt(vector.expected.rate!.replace('.', '')) * 100n);
});

each('overdraft_and_negative', (vector) => {
  const { id, input, expected } = vector;
  if (id === 'OD-2') {
    const [posting, more] = quoted({
      ...termsOf(vector),
      rate: '8',
      overdraft: { arrangedRate: '12', unarrangedRate: '12' },
      posting: 'monthly',
      to: '2015-12-31',
    }).run.postings;
    assert.equal(more, undefined);
    assert.equal(posting?.unarrangedMinor, minor(expected.debitInterest!));
    assert.equal(posting?.creditMinor, minor(expected.creditInterest!));
  } else if (id === 'OD-3') {
    const [posting] = quoted({
      currency: 'GBP',
      balance: `-${input.overdrawn as string}`,
      rate: '0',
      overdraft: { arrangedRate: '0', unarrangedRate: '39.9' },
      days: input.days!,
      posting: 'maturity',
    }).run.postings;
    assert.equal(posting?.unarrangedMinor, minor(expected.interest!));
  } else assert.deepEqual(posted(quoted(termsOf(vector))), [minor(expected.interest!)]);
});

each('minimum_balance', (vector) => {
  const { id, expected } = vector;
  if (id !== 'MIN-5') {
    const days = 365;
    assert.deepEqual(posted(quoted({ ...termsOf(vector), days })), [minor(expected.interest!)]);
    return;
  }
  const run = quoted({
    rate: '7.1',
    basis: 'period_minimum',
    minimumFromDay: 5,
    from: '2022-09-01',
    to: '2022-09-30',
    balances: [
      { from: '2022-09-01', amount: '100000' },
      { from: '2022-09-03', amount: '150000' },
    ],
  });
  assert.equal(run.run.segments[0]?.balanceMinor, minor(expected.balanceThatCounts!));
});
