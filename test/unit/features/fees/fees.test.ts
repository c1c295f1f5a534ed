import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chargeFee } from '#features/fees/charge.ts';
import type { Fee, FeeFacts, Waiver } from '#features/fees/fee.ts';
import { minor } from '#test/unit/features/interest/deposit-terms.ts';
import { vectorsOf, withoutVectors } from '#test/unit/features/interest/deposit-vectors.ts';
import { quoted } from '#test/unit/features/interest/runs.ts';

const FIXED: Fee = {
  code: 'fee',
  name: 'Fee',
  event: 'monthly',
  paymentTypes: [],
  tiers: [{ upToMinor: undefined, amountMinor: 500n, ratePpm: 0n }],
  tierMode: 'whole',
  minimumMinor: undefined,
  maximumMinor: undefined,
  freeAMonth: 0,
  waivers: [],
  rounding: 'half_even',
  tax: undefined,
  whenShort: 'refuse',
};
const price = (amountMinor: bigint, ratePpm: bigint, upToMinor?: bigint) => ({
  amountMinor,
  ratePpm,
  upToMinor,
});
const total = (fee: Partial<Fee>, facts: FeeFacts = {}): bigint =>
  chargeFee({ ...FIXED, ...fee }, facts).totalMinor;

test('fees as published', { skip: withoutVectors }, () => {
  const vectors = vectorsOf('fees');
  const bound = {
    event: 'withdrawal',
    paymentTypes: ['bank_transfer'],
    tiers: [price(10_000n, 0n)],
  } as const;
  const { expected } = vectors.get('FEE-2')!;
  const transfer = { amountMinor: 1_500_000n };
  assert.equal(3_000_000n - 1_500_000n - total(bound, transfer), minor(expected.payerAfter!));
  assert.equal(total(bound, { ...transfer, paymentType: 'bank_transfer' }), 10_000n);

  const waivers: Waiver[] = [{ kind: 'lowest_balance', fromMinor: 100_000n }];
  for (const id of ['FEE-3', 'FEE-4']) {
    const { input, expected: figures } = vectors.get(id)!;
    const balanceMinor = minor(input.balance!);
    // A twelfth of the year's interest, less the fee.
    const { run } = quoted({
      balance: input.balance!,
      rate: '5.8',
      interestPer: 'period',
      posting: 'maturity',
      days: 31,
    });
    const netMinor = run.postings[0]!.creditMinor - total({ waivers }, { lowestBalanceMinor: balanceMinor });
    assert.equal(netMinor, minor(figures.net!));
    assert.equal(balanceMinor + netMinor, minor(figures.balanceAfter!));
  }
  for (const id of ['FEE-6', 'FEE-7']) {
    const { input, expected: figures } = vectors.get(id)!;
    const conditions: Waiver[] = [
      { kind: 'first_months', months: 6 },
      { kind: 'lowest_balance', fromMinor: 50_000n },
    ];
    const facts = {
      monthOfAccount: 7,
      lowestBalanceMinor: minor(input.lowestDailyBalance as string),
    };
    assert.equal(total({ tiers: [price(800n, 0n)], waivers: conditions }, facts), minor(figures.fee!));
  }
  assert.equal(vectors.size, 5);
});

test('a percentage is rounded once, then held between its ends', () => {
  const fee = { tiers: [price(0n, 12_500n)], minimumMinor: 100n, maximumMinor: 2_000n };
  // 1.25 % of 80.00 is 1.00, of 80.40 1.005: half to even.
  assert.deepEqual(
    [0n, 7_999n, 8_000n, 8_040n, 8_041n, 160_000n, 160_040n, 160_041n, 900_000n].map((amountMinor) =>
      total(fee, { amountMinor }),
    ),
    [100n, 100n, 100n, 100n, 101n, 2_000n, 2_000n, 2_000n, 2_000n],
  );
});

test('tiers include their ends, as a price of the whole or of each part', () => {
  const tiers = [price(100n, 0n, 10_000n), price(200n, 10_000n, 50_000n), price(0n, 20_000n)];
  const asked = (tierMode: Fee['tierMode']) =>
    [9_999n, 10_000n, 10_001n, 50_000n, 50_100n].map((amountMinor) =>
      total({ tiers, tierMode }, { amountMinor }),
    );
  assert.deepEqual(asked('whole'), [100n, 100n, 300n, 700n, 1_002n]);
  // 1.00, then 2.00 and 1 % of what is above 100, then 2 % of what is above 500.
  assert.deepEqual(asked('band'), [100n, 100n, 300n, 700n, 702n]);
});

test('the first of a month are free, and those before do not count of another kind', () => {
  const fee = { freeAMonth: 2 };
  assert.deepEqual(
    [0, 1, 2, 3].map((earlierThisMonth) => total(fee, { earlierThisMonth })),
    [0n, 0n, 500n, 500n],
  );
  assert.equal(chargeFee({ ...FIXED, freeAMonth: 1 }, {}).notCharged, 'free');
});

test('each condition holds at its end, and not where nothing is known', () => {
  const charged = (waiver: Waiver, facts: FeeFacts) => total({ waivers: [waiver] }, facts) > 0n;
  const salary: Waiver = { kind: 'salary', fromMinor: 100n };
  const average: Waiver = { kind: 'average_balance', fromMinor: 100n };
  const young: Waiver = { kind: 'age_below', years: 27 };
  const old: Waiver = { kind: 'age_from', years: 65 };
  const first: Waiver = { kind: 'first_months', months: 6 };
  const rows: [Waiver, FeeFacts, FeeFacts][] = [
    [salary, { salaryMinor: 100n }, { salaryMinor: 99n }],
    [average, { averageBalanceMinor: 100n }, { averageBalanceMinor: 99n }],
    [young, { ageYears: 26 }, { ageYears: 27 }],
    [old, { ageYears: 65 }, { ageYears: 64 }],
    [first, { monthOfAccount: 6 }, { monthOfAccount: 7 }],
  ];
  for (const [waiver, waived, not] of rows) {
    assert.deepEqual(
      [charged(waiver, waived), charged(waiver, not), charged(waiver, {})],
      [false, true, true],
      waiver.kind,
    );
  }
});

test('the tax is of the rounded fee and rounded by itself', () => {
  const fee = { tiers: [price(0n, 10_000n)], tax: { name: 'VAT', ppm: 190_000n } };
  // 1 % of 12.50 is 0.125 and so 0.12; 19 % of that is 0.0228 and so 0.02.
  assert.deepEqual(chargeFee({ ...FIXED, ...fee }, { amountMinor: 1_250n }), {
    feeMinor: 12n,
    taxMinor: 2n,
    totalMinor: 14n,
    notCharged: undefined,
  });
});
