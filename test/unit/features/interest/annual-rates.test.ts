import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  annualYield,
  averageBalance,
  continuousOf,
  effectiveOfContinuous,
  effectiveRate,
  growthInSteps,
  growthOf,
  interestOf,
  nominalOf,
  percentText,
} from '#features/interest/annual/annual-rates.ts';
import { annualRatesOf } from '#features/interest/annual/yield-of-terms.ts';
import type { Fraction } from '#lib/money/fraction.ts';
import { ofFixed, roundFixed } from '#lib/money/powers.ts';
import { FOLDER, VECTORS, type Vector, vectorsOf, withoutVectors } from './deposit-vectors.ts';
import { quoted } from './runs.ts';

const skip = withoutVectors;

/** A decimal as a fraction. */
const of = (text: string): Fraction => {
  const [whole = '', decimals = ''] = text.split('.');
  return { numerator: BigInt(`${whole}${decimals}`), denominator: 10n ** BigInt(decimals.length) };
};
const percent = (text: string): Fraction => ({ ...of(text), denominator: of(text).denominator * 100n });
const minor = (text: string): bigint => (of(text).numerator * 100n) / of(text).denominator;
const HALF: Fraction = { numerator: 1n, denominator: 2n };

const YIELDS: Readonly<Record<string, (vector: Vector) => Readonly<Record<string, string>>>> = {
  'DD-B2': ({ input }) => {
    const tiers = input.tiers!.map(({ upTo, annualRatePercent: rate }) => ({ upTo, rate }));
    const request = { currency: 'USD', balance: input.deposit!, tiers, compounding: 'daily' as const };
    const { run, input: read } = quoted({ ...request, posting: 'maturity', days: 365 });
    const rates = annualRatesOf(read.rates, read.from, minor(input.deposit!), 365);
    return {
      interest: euros(run.postings[0]!.creditMinor),
      apyPercent: percentText(rates!.apy, 2),
    };
  },
  'DD-A4': ({ input }) => ({
    apyPercent: percentText(annualYield(of(input.interest!), of(input.principal!), BigInt(input.days!)), 2),
  }),
  'DD-S1': stepped,
  'DD-V1': stepped,
  'DD-E1': earned,
  'DD-E2': earned,
  'DD-E4': earned,
};

function stepped({ input }: Vector) {
  const steps = input.steps!.map(({ days, annualRatePercent }) => ({
    days: BigInt(days),
    nominal: percent(annualRatePercent),
  }));
  const days = steps.reduce((sum, step) => sum + step.days, 0n);
  const interest = interestOf(minor(input.principal!), growthInSteps(steps, 365n));
  return {
    interest: euros(interest),
    apyPercent: percentText(annualYield(of(euros(interest)), of(input.principal!), days), 2),
  };
}

function earned({ input }: Vector) {
  const average = averageBalance(
    input.balances!.map(({ balance, days }) => ({ balanceMinor: minor(balance), days: BigInt(days) })),
  );
  const inMajor = { ...average, denominator: average.denominator * 100n };
  const apy = annualYield(of(input.interestEarned!), inMajor, BigInt(input.days!));
  const shown = (Number(inMajor.numerator) / Number(inMajor.denominator)).toFixed(2);
  return { averageDailyBalance: shown.replace('.00', ''), apyEarnedPercent: percentText(apy, 2) };
}

function euros(amountMinor: bigint): string {
  const digits = amountMinor.toString().padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

for (const vector of VECTORS.apy_us_reg_dd) {
  test(`${vector.id} as published`, () => {
    assert.deepEqual(YIELDS[vector.id]?.(vector), vector.expected);
  });
}

test('rates that are worth the same, as published', { skip }, () => {
  const vectors = vectorsOf('equivalent_rates');
  const ratio = (value: bigint): string => (Number(roundFixed(value, 4, 'half_up')) / 10_000).toString();
  assert.equal(ratio(effectiveRate(of('0.08'), 4n)), vectors.get('EQ-1')?.expected.rate);
  assert.equal(ratio(effectiveOfContinuous(of('0.12'))), vectors.get('EQ-2')?.expected.rate);
  assert.equal(ratio(continuousOf(of('0.08'), 4n)), vectors.get('EQ-4')?.expected.rate);
  for (const [id, times] of [
    ['EQ-5', 1n],
    ['EQ-6', 12n],
  ] as const) {
    const gross = of('0.05');
    assert.deepEqual(
      {
        aerPercent: percentText(effectiveRate(gross, times), 2),
        interestHalfYear: euros(interestOf(10_000n, growthOf(gross, times, HALF))),
        balanceAfterYear: euros(
          10_000n + interestOf(10_000n, growthOf(gross, times, { numerator: 1n, denominator: 1n })),
        ),
      },
      vectors.get(id)?.expected,
    );
  }
});

test('yields of Regulation DD that stand beside the loans', { skip }, () => {
  const file = `${FOLDER}/loan-vectors.json`;
  assert.ok(existsSync(file));
  const { apy_us_reg_dd: vectors } = JSON.parse(readFileSync(file, 'utf8')) as {
    apy_us_reg_dd: { deposit: string; rate_pct: string; interest: string; apy_pct: string }[];
  };
  assert.equal(vectors.length, 3);
  for (const { deposit, rate_pct: rate, interest, apy_pct: apy } of vectors) {
    const { run, input } = quoted({
      balance: deposit,
      rate,
      compounding: 'daily',
      posting: 'maturity',
      days: 365,
    });
    assert.equal(euros(run.postings[0]!.creditMinor), interest);
    assert.equal(percentText(annualRatesOf(input.rates, input.from, minor(deposit), 365)!.apy, 2), apy);
  }
});

test('an effective rate goes back to the nominal rate that it came from', () => {
  const effective = effectiveRate(of('0.0525'), 365n);
  assert.equal(roundFixed(nominalOf(ofFixed(effective), 365n), 30, 'half_even'), 525n * 10n ** 26n);
});

test('annual rates of terms count the times a year that interest is added', () => {
  const rates = (terms: object, termDays = 365) => {
    const { input } = quoted({ balance: '1000', rate: '5', days: 365, ...terms });
    const annual = annualRatesOf(input.rates, input.from, 100_000n, termDays);
    return annual === undefined ? undefined : [percentText(annual.aer, 4), percentText(annual.apy, 4)];
  };
  assert.deepEqual(rates({ posting: 'monthly' }), ['5.1162', '5.1162']);
  assert.deepEqual(rates({ posting: 'yearly' }), ['5.0000', '5.0000']);
  assert.deepEqual(rates({ posting: 'monthly', compounding: 'daily' }), ['5.1267', '5.1267']);
  // Paid out, it earns nothing more, but the equivalent rate tells what it is worth.
  assert.deepEqual(rates({ posting: 'monthly', compounding: 'none' }), ['5.1162', '5.0000']);
  assert.deepEqual(rates({ posting: 'yearly', dayCount: 'actual/360' }), ['5.0000', '5.0694']);
  assert.deepEqual(rates({ posting: 'maturity' }, 182), ['5.0627', '5.0627']);
  assert.equal(rates({ minimumBalance: '1000.01' }), undefined);
  // A rate that takes all of it or more has no yearly equivalent.
  assert.equal(rates({ rate: '-100', posting: 'yearly' }), undefined);
});

test('annual rates know the promotions of the year, also of a quote of fewer days', () => {
  const promotions = [{ from: '2023-01-01', until: '2023-04-01', rate: '7' }];
  const { input } = quoted({ balance: '1000', rate: '5', promotions, compounding: 'daily', days: 31 });
  // 91 days at 7 %, and the others at 5 %.
  assert.equal(percentText(annualRatesOf(input.rates, input.from, 100_000n, 31)!.apy, 2), '5.65');
});
