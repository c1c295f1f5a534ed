import fc from 'fast-check';

/** Takes one value from an arbitrary. */
export type Draw = <Value>(arbitrary: fc.Arbitrary<Value>) => Value;

/** Draws that are the same for the same seed. */
export function drawFrom(seed: number): Draw {
  const [generate] = fc.sample(fc.gen(), { seed, numRuns: 1 });
  if (generate === undefined) throw new TypeError('a sample of one holds one');
  return (arbitrary) => generate(() => arbitrary);
}

/** True in `percent` of a hundred draws. */
export function chance(draw: Draw, percent: number): boolean {
  // Without noBias, small numbers are drawn more often than others.
  return draw(fc.noBias(fc.nat(99))) < percent;
}

export function pick<Item>(draw: Draw, items: readonly Item[]): Item {
  return draw(fc.noBias(fc.constantFrom(...items)));
}
