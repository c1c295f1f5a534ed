/**
 * Marsaglia's xorshift32 (Journal of Statistical Software 8/14, 2003): three shifts a number, since the load
 * generator must not be what is measured. Seeded, so that every run asks for the same.
 */
export class Random {
  #state: number;

  constructor(seed: number) {
    // Neighbouring seeds would begin alike, and zero would stay zero.
    this.#state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  }

  /** A whole number from 0 to `end` - 1. */
  below(end: number): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return (state >>> 0) % end;
  }

  /** Two different numbers from 1 to `count`. */
  pair(count: number): [number, number] {
    const first = this.below(count);
    const second = (first + 1 + this.below(count - 1)) % count;
    return [first + 1, second + 1];
  }
}
