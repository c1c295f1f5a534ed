/**
 * Numbers that look random and are the same on every machine for the same seed: Mulberry32 (Tommy Ettinger,
 * public domain). Good enough for prices and names; never for secrets.
 */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return Number(this.amount(BigInt(low), BigInt(high)));
  }

  /** An amount in minor units from `low` to `high`, both included, which are less than 2^32 apart. */
  amount(lowMinor: bigint, highMinor: bigint): bigint {
    return lowMinor + ((BigInt(this.#next()) * (highMinor - lowMinor + 1n)) >> 32n);
  }

  /** True in `permille` of a thousand cases. */
  chance(permille: number): boolean {
    return this.between(1, 1000) <= permille;
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.between(0, items.length - 1)];
    if (item === undefined) throw new RangeError('there is nothing to pick from');
    return item;
  }

  /** The next 32 bits. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
}
