import { assert } from '../assert.ts';

/**
 * An exact number, used for rates and fractions of a year, so that half a cent is half a cent. The denominator is above
 * zero.
 */
export type Fraction = { readonly numerator: bigint; readonly denominator: bigint };

/** How a half is rounded: to the even neighbour (IEEE 754, and the bank's default), or away from zero. */
export type Rounding = 'half_even' | 'half_up';
export const ROUNDINGS = ['half_even', 'half_up'] as const;
/** The same, or everything below a whole unit is cut off. */
export type RoundingOrCut = Rounding | 'down';
export const ROUNDINGS_AND_CUT = [...ROUNDINGS, 'down'] as const;

export const ZERO: Fraction = { numerator: 0n, denominator: 1n };

export function addFractions(left: Fraction, right: Fraction): Fraction {
  if (left.numerator === 0n) return right;
  if (right.numerator === 0n) return left;
  if (left.denominator === right.denominator) {
    return { numerator: left.numerator + right.numerator, denominator: left.denominator };
  }
  const divisor = greatestCommonDivisor(left.denominator, right.denominator);
  const scale = right.denominator / divisor;
  return {
    numerator: left.numerator * scale + right.numerator * (left.denominator / divisor),
    denominator: left.denominator * scale,
  };
}

export function multiplyFractions(left: Fraction, right: Fraction): Fraction {
  return {
    numerator: left.numerator * right.numerator,
    denominator: left.denominator * right.denominator,
  };
}

/** The whole number that a fraction is rounded to. */
export function roundFraction({ numerator, denominator }: Fraction, rounding: RoundingOrCut): bigint {
  return divideRounded(numerator, denominator, rounding);
}

/** The whole number that `numerator / denominator` is rounded to; the denominator must be above zero. */
export function divideRounded(numerator: bigint, denominator: bigint, rounding: RoundingOrCut): bigint {
  assert(denominator > 0n, 'a denominator is above zero');
  if (rounding === 'down') return numerator / denominator;
  const size = numerator < 0n ? -numerator : numerator;
  const quotient = size / denominator;
  const twice = (size % denominator) * 2n;
  const isUp = twice > denominator || (twice === denominator && (rounding === 'half_up' || isOdd(quotient)));
  const nearest = isUp ? quotient + 1n : quotient;
  return numerator < 0n ? -nearest : nearest;
}

/** Digits before and after the point that a percentage may have. */
const PERCENT = /^(0|[1-9]\d{0,3})(?:\.(\d{1,6}))?$/;
/** The same, as the pattern of a schema. */
export const PERCENT_PATTERN = '^(0|[1-9][0-9]{0,3})([.][0-9]{1,6})?$';

/** The fraction of a percentage like `9.4822`, which is 0.094822; undefined for any other text. */
export function parsePercent(text: string): Fraction | undefined {
  const [, whole, decimals = ''] = PERCENT.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return { numerator: BigInt(`${whole}${decimals}`), denominator: 100n * 10n ** BigInt(decimals.length) };
}

/** Compares two fractions: above zero, below zero or zero, as the first is greater, smaller or equal. */
export function compareFractions(left: Fraction, right: Fraction): number {
  const difference = left.numerator * right.denominator - right.numerator * left.denominator;
  if (difference === 0n) return 0;
  return difference > 0n ? 1 : -1;
}

function isOdd(value: bigint): boolean {
  return value % 2n === 1n;
}

function greatestCommonDivisor(left: bigint, right: bigint): bigint {
  let [a, b] = [left, right];
  // Euclid: each step at least halves the product, and denominators here have some dozens of digits.
  while (b > 0n) [a, b] = [b, a % b];
  return a;
}
