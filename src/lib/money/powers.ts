import { assert } from '../assert.ts';
import { divideRounded, type Fraction, type RoundingOrCut } from './fraction.ts';

/**
 * Powers, logarithms and roots to forty decimals, for annual rates: more than any of them is shown with, so that rounding
 * them is the same as rounding the exact number. Whole numbers and no floats.
 */
const ONE = 10n ** 40n;
/** A series gains a digit a term or more: each ends when a term is nothing, well before this. */
const MAX_TERMS = 400;
const LN_2 = lnNearOne(2n * ONE);

/** A number in units of 10⁻⁴⁰. */
export type Fixed = bigint & { readonly fixed?: true };

export const FIXED_ONE: Fixed = ONE;

export function toFixed({ numerator, denominator }: Fraction): Fixed {
  return divideRounded(numerator * ONE, denominator, 'half_even');
}

export function multiplyFixed(left: Fixed, right: Fixed): Fixed {
  return divideRounded(left * right, ONE, 'half_even');
}

/** A fixed number as a fraction. */
export function ofFixed(value: Fixed): Fraction {
  return { numerator: value, denominator: ONE };
}

/** A fixed number, rounded to a whole number of units of 10^-decimals. */
export function roundFixed(value: Fixed, decimals: number, rounding: RoundingOrCut): bigint {
  return divideRounded(value * 10n ** BigInt(decimals), ONE, rounding);
}

/** `base` to the power of `exponent`; the base must be above zero. */
export function powerOf(base: Fraction, exponent: Fraction): Fixed {
  if (exponent.numerator % exponent.denominator === 0n) {
    return wholePower(toFixed(base), exponent.numerator / exponent.denominator);
  }
  const exact = (lnOf(toFixed(base)) * exponent.numerator) / exponent.denominator;
  return expOf(exact);
}

function wholePower(base: Fixed, exponent: bigint): Fixed {
  if (exponent < 0n) return divideRounded(ONE * ONE, wholePower(base, -exponent), 'half_even');
  let [result, square, left] = [ONE, base, exponent];
  // A step for each bit of the exponent.
  while (left > 0n) {
    if (left % 2n === 1n) result = multiplyFixed(result, square);
    square = multiplyFixed(square, square);
    left /= 2n;
  }
  return result;
}

/** The natural logarithm of a number above zero. */
export function lnOf(value: Fixed): Fixed {
  assert(value > 0n, 'a logarithm is of a number above zero');
  let [reduced, doublings] = [value, 0n];
  // Rates are between a millionth and a million: forty halvings at most.
  while (reduced > (3n * ONE) / 2n) [reduced, doublings] = [reduced / 2n, doublings + 1n];
  while (reduced < (3n * ONE) / 4n) [reduced, doublings] = [reduced * 2n, doublings - 1n];
  return lnNearOne(reduced) + doublings * LN_2;
}

/** ln x = 2 artanh((x-1)/(x+1)), as a series. */
function lnNearOne(value: Fixed): Fixed {
  const ratio = ((value - ONE) * ONE) / (value + ONE);
  const square = (ratio * ratio) / ONE;
  let [power, sum] = [ratio, 0n];
  for (let term = 0; term < MAX_TERMS && power !== 0n; term++) {
    sum += power / BigInt(2 * term + 1);
    power = (power * square) / ONE;
  }
  return 2n * sum;
}

/** e to the power of a number. */
export function expOf(value: Fixed): Fixed {
  const doublings = divideRounded(value, LN_2, 'half_even');
  const reduced = value - doublings * LN_2;
  let [term, sum] = [ONE, ONE];
  for (let index = 1; index < MAX_TERMS && term !== 0n; index++) {
    term = (term * reduced) / (ONE * BigInt(index));
    sum += term;
  }
  return doublings >= 0n ? sum << doublings : sum >> -doublings;
}
