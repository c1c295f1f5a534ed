import type { Use } from './repository.ts';

/** The uses added up, one for each actor and currency; without those that come to nothing. */
export function sumOfUses(uses: readonly Use[]): Use[] {
  const sums = new Map<string, Use>();
  for (const { actor, currency, usedMinor } of uses) {
    const key = `${actor}\n${currency}`;
    sums.set(key, { actor, currency, usedMinor: (sums.get(key)?.usedMinor ?? 0n) + usedMinor });
  }
  return [...sums.values()].filter(({ usedMinor }) => usedMinor !== 0n);
}
