import { addFractions, divideRounded, type Fraction, multiplyFractions } from '#lib/money/fraction.ts';
import {
  expOf,
  FIXED_ONE,
  type Fixed,
  lnOf,
  multiplyFixed,
  ofFixed,
  powerOf,
  roundFixed,
  toFixed,
} from '#lib/money/powers.ts';

/** A year's interest on 1 at a nominal rate that compounds n times a year: (1 + r/n)ⁿ - 1. */
export function effectiveRate(nominal: Fraction, timesAYear: bigint): Fixed {
  return growthOf(nominal, timesAYear, { numerator: 1n, denominator: 1n }) - FIXED_ONE;
}

/** What 1 becomes in a part of a year. */
export function growthOf(nominal: Fraction, timesAYear: bigint, years: Fraction): Fixed {
  const base = addFractions(
    { numerator: 1n, denominator: 1n },
    { numerator: nominal.numerator, denominator: nominal.denominator * timesAYear },
  );
  return powerOf(base, multiplyFractions(years, { numerator: timesAYear, denominator: 1n }));
}

/** The yearly rate that is worth the same as a nominal rate that compounds without end: e^r - 1. */
export function effectiveOfContinuous(nominal: Fraction): Fixed {
  return expOf(toFixed(nominal)) - FIXED_ONE;
}

/** The rate that compounds without end and is worth the same as a nominal one: n ln(1 + r/n). */
export function continuousOf(nominal: Fraction, timesAYear: bigint): Fixed {
  const base = { numerator: nominal.numerator, denominator: nominal.denominator * timesAYear };
  return lnOf(FIXED_ONE + toFixed(base)) * timesAYear;
}

/** The nominal rate that compounds n times a year and is worth the same as an effective one. */
export function nominalOf(effective: Fraction, timesAYear: bigint): Fixed {
  const base = addFractions({ numerator: 1n, denominator: 1n }, effective);
  return (powerOf(base, { numerator: 1n, denominator: timesAYear }) - FIXED_ONE) * timesAYear;
}

/** A rate for some days. */
export type RateStep = { readonly days: bigint; readonly nominal: Fraction };

/** What 1 becomes when rates follow one another, each compounding n times a year of 365 days. */
export function growthInSteps(steps: readonly RateStep[], timesAYear: bigint): Fixed {
  return steps.reduce<Fixed>(
    (growth, { days, nominal }) =>
      multiplyFixed(growth, growthOf(nominal, timesAYear, { numerator: days, denominator: 365n })),
    FIXED_ONE,
  );
}

/**
 * The annual percentage yield: 100 ((1 + interest / principal)^(365 / days) - 1), as a ratio. Of interest earned, the
 * principal is the average daily balance. 12 CFR 1030, appendix A, parts I.A and II.A.
 */
export function annualYield(interest: Fraction, principal: Fraction, days: bigint): Fixed {
  const ratio = {
    numerator: interest.numerator * principal.denominator,
    denominator: interest.denominator * principal.numerator,
  };
  const growth = addFractions({ numerator: 1n, denominator: 1n }, ratio);
  return powerOf(growth, { numerator: 365n, denominator: days }) - FIXED_ONE;
}

/** The average of balances at the end of days. */
export function averageBalance(
  balances: readonly { readonly balanceMinor: bigint; readonly days: bigint }[],
): Fraction {
  return balances.reduce<Fraction>(
    (sum, { balanceMinor, days }) => ({
      numerator: sum.numerator + balanceMinor * days,
      denominator: sum.denominator + days,
    }),
    { numerator: 0n, denominator: 0n },
  );
}

/** A ratio as a percentage: 0.0511618 is `5.12`. Rounded to the nearest, as 12 CFR 1030.3(f) has it. */
export function percentText(ratio: Fixed, decimals: number): string {
  const scaled = roundFixed(ratio * 100n, decimals, 'half_up');
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(decimals + 1, '0');
  return `${scaled < 0n ? '-' : ''}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** A principal in minor units after it grew, less itself, rounded. */
export function interestOf(principalMinor: bigint, growth: Fixed): bigint {
  const { numerator, denominator } = ofFixed(growth - FIXED_ONE);
  return divideRounded(principalMinor * numerator, denominator, 'half_even');
}
