import { divideRounded } from '#lib/money/fraction.ts';
import type { TaxPart } from '../terms/terms.ts';

/** A part of the tax, in minor units. */
export type TaxedPart = { readonly name: string; readonly amountMinor: bigint };

const MILLION = 1_000_000n;

/**
 * The tax on interest in minor units, part by part: each is rounded by itself, because the law cuts or rounds each. A part
 * that is of the tax is of the one before it, as rounded. Nothing is taxed that is not above zero.
 */
export function taxOn(taxableMinor: bigint, parts: readonly TaxPart[]): TaxedPart[] {
  let before = 0n;
  return parts.map(({ name, ppm, of, rounding }) => {
    const base = of === 'tax' ? before : taxableMinor;
    const amountMinor = base > 0n ? divideRounded(base * ppm, MILLION, rounding) : 0n;
    if (of === 'interest') before = amountMinor;
    return { name, amountMinor };
  });
}
