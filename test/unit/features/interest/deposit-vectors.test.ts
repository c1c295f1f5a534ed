import assert from 'node:assert/strict';
import { test } from 'node:test';
import { taxOn } from '#features/interest/accrual/tax.ts';
import { formatParts } from '#features/interest/accrual/text.ts';
import { interestOf } from '#features/interest/annual/annual-rates.ts';
import { closeEarly, type EarlyClosure } from '#features/interest/deposits/early-closure.ts';
import { maturityDate } from '#features/interest/deposits/maturity.ts';
import { type ChartRow, chartRate } from '#features/interest/deposits/rate-chart.ts';
import { quarterlyGrowth, recurringMaturity } from '#features/interest/deposits/recurring.ts';
import { depositAtMaturity } from '#features/interest/deposits/term-deposit.ts';
import type { InterestTermsInput } from '#features/interest/terms/schemas.ts';
import { divideRounded } from '#lib/money/fraction.ts';
import { daysBetween, monthsAfter } from '#lib/time/calendar.ts';
import { addDays, type IsoDate, isoDate } from '#lib/time/dates.ts';
import { depositTerms, minor, ppm } from './deposit-terms.ts';
import { type Section, VECTORS, type Vector, vectorsOf, withoutVectors } from './deposit-vectors.ts';

const skip = withoutVectors;
const each = (section: Section, check: (vector: Vector) => void): void => {
  for (const vector of VECTORS[section]) test(`${vector.id} as published`, { skip }, () => check(vector));
};

const BY_MONTHS = { interestPer: 'period' } as const;
const OPENED = isoDate('2023-01-15');

/** A deposit for months, by its months. */
function held(principal: string, months: number, input: InterestTermsInput, currency = 'EUR') {
  const terms = depositTerms({ ...BY_MONTHS, ...input }, currency);
  const maturesOn = monthsAfter(OPENED, months);
  return { principalMinor: minor(principal, currency), openedOn: OPENED, maturesOn, terms };
}

each('withholding_tax', ({ id, input, expected }) => {
  const currency = input.currency ?? 'EUR';
  const cut = currency === 'JPY' ? 'down' : 'half_even';
  const given = (input.taxes as { percent?: string; percentOfTax?: string }[] | undefined) ?? [
    { percent: input.taxPercent! },
  ];
  const { tax } = depositTerms({
    rounding: cut,
    tax: given.map(({ percent, percentOfTax }, index) => ({
      name: `tax ${index}`,
      rounding: cut,
      ...(percent === undefined ? { percentOfTax: percentOfTax! } : { percent }),
    })),
  });
  const grossMinor = grossOf(input, currency, cut);
  const [first = 0n, second = 0n] = taxOn(grossMinor, tax).map(({ amountMinor }) => amountMinor);
  const figures: Record<string, bigint> = {
    gross: grossMinor,
    tax: first,
    surcharge: second,
    national: first,
    local: second,
    taxTotal: first + second,
    net: grossMinor - first - second,
  };
  for (const [name, text] of Object.entries(expected)) {
    assert.equal(figures[name], minor(text as string, currency), `${id} ${name}`);
  }
});

/** The gross as it is given, or posted from a deposit. */
function grossOf(input: Vector['input'], currency: string, rounding: 'down' | 'half_even'): bigint {
  if (input.gross !== undefined) return minor(input.gross, currency);
  if (input.grossUnrounded !== undefined) {
    return divideRounded(BigInt(input.grossUnrounded.replace('.', '')), 100n, rounding);
  }
  const terms = depositTerms({ rate: input.annualRatePercent!, rounding }, currency);
  const days = input.days ?? 365;
  const maturesOn = addDays(OPENED, days);
  const deposit = { principalMinor: minor(input.deposit!, currency), openedOn: OPENED, maturesOn, terms };
  return depositAtMaturity(deposit).interestMinor;
}

each('term_deposits', ({ id, input, expected }) => {
  if (id === 'TD-2') {
    const dates: IsoDate[] = [isoDate(input.startDate as string)];
    for (let turn = 0; turn < Number(input.rollovers); turn++) {
      dates.push(maturityDate(dates.at(-1)!, { unit: 'month', count: input.termMonths! }));
    }
    const days = dates.slice(1).map((date, index) => daysBetween(dates[index]!, date));
    assert.deepEqual({ maturities: dates.slice(1), days }, expected);
    return;
  }
  if (input.termMonths === undefined) {
    // Days of months of thirty days, as they are given: of a year of 360.
    const terms = depositTerms({ rate: input.annualRatePercent!, dayCount: 'actual/360' });
    const maturesOn = addDays(OPENED, input.days!);
    const { interestMinor } = depositAtMaturity({
      principalMinor: minor(input.principal!),
      openedOn: OPENED,
      maturesOn,
      terms,
    });
    assert.equal(interestMinor, minor(expected.interest!));
    return;
  }
  const deposit = held(input.principal!, input.termMonths, {
    rate: input.annualRatePercent!,
    compounding: 'quarterly',
  });
  const { payoutMinor, run } = depositAtMaturity(deposit);
  if (expected.maturityAmount!.length < 10) {
    assert.equal(payoutMinor, minor(expected.maturityAmount!));
    return;
  }
  const parts = run.segments.reduce((sum, segment) => sum + segment.parts, 0n);
  assert.equal(`10${formatParts(parts, deposit.terms.currency)}`, expected.maturityAmount);
});

/** Rows of a chart as the file writes it: months by amounts, or amounts by months. */
function chartOf(rows: readonly Readonly<Record<string, string>>[]): ChartRow[] {
  return rows.flatMap(({ months, amount, ...rates }) =>
    Object.entries(rates).map(([column, rate]): ChartRow => {
      const [from = '1', to = ''] = (months ?? (column === 'from7' ? '7-' : '1-6')).split('-');
      const isLow = column === 'upTo5000' || amount?.startsWith('1-') === true;
      return {
        unit: 'month',
        fromCount: Number(from),
        toCount: to === '' ? undefined : Number(to),
        upToMinor: isLow ? 500_000n : undefined,
        ratePpm: ppm(rate),
      };
    }),
  );
}

each('rate_charts', ({ input, expected }) => {
  const chart = chartOf(input.chart as Readonly<Record<string, string>>[]);
  const rate = chartRate(chart, { unit: 'month', count: input.termMonths! }, minor(input.amount!));
  assert.equal(rate, ppm(expected.annualRatePercent!));
});

each('premature_closure', ({ id, input, expected }) => {
  const months = Number(input.heldMonths ?? Number(input.heldYears ?? 1) * 12);
  const principal = input.principal ?? (input.withdrawn as string);
  const booked = (input.bookedRatePercent ?? input.annualRatePercent) as string;
  const compounding = input.compounding === 'quarterly' ? 'quarterly' : 'none';
  const deposit = held(principal, 36, { rate: booked, compounding, rounding: 'half_even' });
  const asked: EarlyClosure = {
    ...deposit,
    ...(id === 'PRE-6' ? { terms: depositTerms({ rate: booked }) } : {}),
    closedOn: monthsAfter(OPENED, months),
    bookedPpm: ppm(booked),
    heldTermPpm:
      input.cardRateForHeldTermPercent === undefined ? undefined : ppm(input.cardRateForHeldTermPercent),
    paidMinor: minor(input.interestAlreadyPaid ?? '0'),
    closure: {
      rate: id === 'PRE-6' ? 'booked' : id === 'PRE-5' ? 'lower' : 'held_term',
      penaltyPpm: ppm(input.penaltyPercent ?? '0'),
      lostDays: Number(input.penaltyDays ?? 0),
      forfeitedPpm: 0n,
      reachesPrincipal: true,
    },
  };
  const result = closeEarly(asked);
  const atBooked = held(principal, Number(input.bookedYears ?? 1) * 12, { rate: booked, compounding });
  const figures: Record<string, bigint> = {
    interest: result.interestMinor,
    payout: result.payoutMinor,
    recovered: result.recoveredMinor,
    penalty: result.penaltyMinor,
  };
  for (const [name, text] of Object.entries(expected as Record<string, string>)) {
    if (name === 'effectiveRatePercent') assert.equal(result.ratePpm, ppm(text));
    // The year of the booked rate, to the whole rupee as the source shows it.
    else if (name === 'atBookedRate' || name === 'atMaturity') {
      const year = depositAtMaturity({ ...atBooked, maturesOn: monthsAfter(OPENED, 12) }).payoutMinor;
      assert.equal(divideRounded(year, 100n, 'half_up'), BigInt(text));
    } else assert.equal(figures[name], minor(text), name);
  }
});

test('recurring deposits as published', { skip }, () => {
  const vectors = vectorsOf('recurring_deposits');
  const plan = { monthlyMinor: 500_000n, months: 18, ratePpm: 75_000n, rounding: 'half_even' } as const;
  const amount = (id: string): bigint => minor(vectors.get(id)!.expected.maturityAmount!);
  assert.equal(recurringMaturity({ ...plan, formula: 'each_payment' }), amount('RD-1'));
  assert.equal(recurringMaturity({ ...plan, formula: 'simple_in_quarter' }), amount('RD-2'));
  const growth = [24, 23, 22].map(
    (months) => 4_700_000n + interestOf(4_700_000n, quarterlyGrowth(82_500n, months)),
  );
  assert.deepEqual(
    growth,
    vectors.get('RD-3')!.expected.growthOfPayments!.map((text) => minor(text)),
  );
  assert.equal(vectors.size, 3);
});
