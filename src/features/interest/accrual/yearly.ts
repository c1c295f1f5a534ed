import type { DayRates } from '../terms/day-rates.ts';
import type { Tier } from '../terms/terms.ts';

/** A part of a balance that earns at one rate. */
export type RatedPart = { readonly amount: bigint; readonly ratePpm: bigint };

/**
 * The parts of a balance above zero, by tier: as many as there are tiers, or one where a rate is of the whole balance.
 * `scale` is how many units of the balance make a minor unit. Tiers include their upper end (12 CFR 1030, appendix A).
 */
export function ratedParts({ tiers, terms }: DayRates, balance: bigint, scale: bigint): RatedPart[] {
  const [first] = tiers;
  if (first !== undefined && tiers.length === 1) return [{ amount: balance, ratePpm: first.ratePpm }];
  if (terms.tierMode === 'whole') return [{ amount: balance, ratePpm: rateOfWhole(tiers, balance, scale) }];
  let below = 0n;
  return tiers.map(({ upToMinor, ratePpm }, index) => {
    const isLast = index === tiers.length - 1 || upToMinor === undefined;
    const end = isLast || upToMinor * scale > balance ? balance : upToMinor * scale;
    const amount = end - below;
    below = end;
    return { amount, ratePpm };
  });
}

function rateOfWhole(tiers: readonly Tier[], balance: bigint, scale: bigint): bigint {
  const within = tiers.find(({ upToMinor }) => upToMinor !== undefined && balance <= upToMinor * scale);
  return (within ?? tiers.at(-1))?.ratePpm ?? 0n;
}
