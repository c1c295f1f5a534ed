import type { Fraction } from '#lib/money/fraction.ts';

/** A ratio as a percentage: 0.126825 is `12.6825`. */
export function formatPercent(ratio: number, decimals: number): string {
  const text = (ratio * 100).toFixed(decimals);
  // A root that is zero may come out as a little less.
  return Number(text) === 0 ? (0).toFixed(decimals) : text;
}

/** As many decimals of a percentage as rates may have. */
const GIVEN_RATE_DECIMALS = 6;

/** An exact rate as the percentage that it was given as: 95/1000 is `9.5`. */
export function formatRate({ numerator, denominator }: Fraction): string {
  const scaled = (numerator * 100n * 10n ** BigInt(GIVEN_RATE_DECIMALS)) / denominator;
  const digits = scaled.toString().padStart(GIVEN_RATE_DECIMALS + 1, '0');
  const decimals = digits.slice(-GIVEN_RATE_DECIMALS).replace(/0+$/, '');
  return `${digits.slice(0, -GIVEN_RATE_DECIMALS)}${decimals === '' ? '' : `.${decimals}`}`;
}
