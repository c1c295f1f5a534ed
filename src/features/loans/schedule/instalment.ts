import {
  addFractions,
  divideRounded,
  type Fraction,
  type Rounding,
  roundFraction,
} from '#lib/money/fraction.ts';

/**
 * Growth is kept in binary fixed point with this many digits after the point: after 600 periods an instalment is right
 * to 70 decimal places. A decimal library took twelve times as long, and most of a quote's time.
 */
const GROWTH_BITS = 256n;
const ONE = 1n << GROWTH_BITS;

/** An annuity to solve: a balance, disbursements within its first period, and the interest on 1 of each period. */
export type Annuity = {
  readonly openingMinor: bigint;
  /** Each with the interest on 1 until the end of the first period. */
  readonly additions: readonly { readonly amountMinor: bigint; readonly factor: Fraction }[];
  readonly factors: readonly Fraction[];
};

/**
 * The equal instalment that leaves nothing after the last period: all disbursements grown to the end, divided by the
 * same value of a payment of 1 per instalment. Without additions it is the usual `principal / sum of 1 / ((1 + f1) … (1
 * + fk))`. In minor units, not rounded.
 */
export function solveInstalment({ openingMinor, additions, factors }: Annuity): Fraction {
  const [first = ONE, ...later] = factors.map(growthOf);
  let value = openingMinor * first;
  for (const { amountMinor, factor } of additions) value += amountMinor * growthOf(factor);
  let payments = ONE;
  for (const growth of later) {
    value = (value * growth) >> GROWTH_BITS;
    payments = ((payments * growth) >> GROWTH_BITS) + ONE;
  }
  return { numerator: value, denominator: payments };
}

/** 1 and its interest, in fixed point. */
function growthOf({ numerator, denominator }: Fraction): bigint {
  return ONE + divideRounded(numerator << GROWTH_BITS, denominator, 'half_even');
}

/** To the nearest multiple, in minor units. */
export function roundToMultiple(
  { numerator, denominator }: Fraction,
  multipleMinor: bigint,
  rounding: Rounding,
): bigint {
  return divideRounded(numerator, denominator * multipleMinor, rounding) * multipleMinor;
}

/**
 * The one-cent nudge. The last instalment differs from the others by their rounding. A difference of half a minor unit
 * or more per instalment is spread over all of them. The new instalment is taken only if its last one differs by less.
 */
export function nudge(annuity: Annuity, instalmentMinor: bigint, rounding: Rounding): bigint {
  const count = BigInt(annuity.factors.length);
  const excess = lastExcess(annuity, instalmentMinor, rounding);
  if (2n * absolute(excess) < count) return instalmentMinor;
  const nudgedMinor = divideRounded(instalmentMinor * count + excess, count, rounding);
  const left = lastExcess(annuity, nudgedMinor, rounding);
  return absolute(left) < absolute(excess) ? nudgedMinor : instalmentMinor;
}

/** The excess of the last instalment over the others. */
function lastExcess(annuity: Annuity, instalmentMinor: bigint, rounding: Rounding): bigint {
  const { openingMinor, additions, factors } = annuity;
  let balanceMinor = openingMinor;
  let dueMinor = 0n;
  for (const [index, factor] of factors.entries()) {
    const first = index === 0 ? additions : [];
    const interestMinor = roundFraction(interestOn(balanceMinor, factor, first), rounding);
    for (const { amountMinor } of first) balanceMinor += amountMinor;
    dueMinor = balanceMinor + interestMinor;
    balanceMinor = dueMinor - instalmentMinor;
  }
  return dueMinor - instalmentMinor;
}

/** The interest of a period on its opening balance and on disbursements within it. Minor units, not rounded. */
export function interestOn(
  openingMinor: bigint,
  factor: Fraction,
  additions: Annuity['additions'],
): Fraction {
  let sum = timesFraction(openingMinor, factor);
  for (const addition of additions) {
    sum = addFractions(sum, timesFraction(addition.amountMinor, addition.factor));
  }
  return sum;
}

function timesFraction(amountMinor: bigint, { numerator, denominator }: Fraction): Fraction {
  return { numerator: amountMinor * numerator, denominator };
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
