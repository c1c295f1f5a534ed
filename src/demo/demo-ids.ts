import { AsyncLocalStorage } from 'node:async_hooks';
import { hash } from 'node:crypto';
import { assert } from '#lib/assert.ts';
import type { IdSource } from '#lib/ids.ts';

/** The instant in the ids of customers and accounts, so that they are the same whenever the demo is made. */
export const FIRST_ID_MS = Date.UTC(2024, 0, 2, 8);

/** The ids of an instant, by the bits of the counter. */
const IDS_PER_MS = 4096;
/** Where those of an instant begin that nobody decided: behind the steps of a round. */
const FIRST_UNDECIDED = 2048;

/**
 * A UUIDv7 (RFC 9562) made of an instant, a counter (0 to 4095) that orders ids of the same instant, and the digest of
 * a name instead of random bits. The same name gives the same id on every machine.
 */
export function namedUuid(name: string, atMs: number, counter: number): string {
  assert(counter >= 0 && counter < IDS_PER_MS, 'the counter of a UUIDv7 has 12 bits');
  const digest = hash('sha256', `florin demo ${name}`);
  const variant = (8 + (Number.parseInt(digest.slice(0, 1), 16) & 3)).toString(16);
  const time = atMs.toString(16).padStart(12, '0');
  const parts = [
    time.slice(0, 8),
    time.slice(8),
    `7${counter.toString(16).padStart(3, '0')}`,
    `${variant}${digest.slice(1, 4)}`,
    digest.slice(4, 16),
  ];
  return parts.join('-');
}

/**
 * Gives out ids that were decided beforehand. A service draws its id somewhere between its awaits, so with many calls
 * under way the order of draws is random; the id travels with the call instead.
 */
export class DemoIds implements IdSource {
  readonly #decided = new AsyncLocalStorage<{ id: string | undefined }>();
  #internal = 0;
  #atMs = FIRST_ID_MS;
  #ofInstant = 0;

  /** From now on ids that nobody decided are of this instant, ascending in the order in which they are drawn. */
  moveTo(atMs: number): void {
    this.#atMs = atMs;
    this.#ofInstant = FIRST_UNDECIDED;
  }

  /** Runs a call of a service that draws exactly this one id. */
  async giving<Result>(id: string, call: () => Promise<Result>): Promise<Result> {
    const decided: { id: string | undefined } = { id };
    const result = await this.#decided.run(decided, call);
    assert(decided.id === undefined, 'the call drew the id that was decided for it');
    return result;
  }

  /** The id that was decided for this call; outside of one (what the bank does by itself), the next of a sequence. */
  next(): string {
    const decided = this.#decided.getStore();
    if (decided === undefined) {
      this.#internal += 1;
      this.#ofInstant += 1;
      const atMs = this.#atMs + Math.trunc(this.#ofInstant / IDS_PER_MS);
      return namedUuid(`internal ${this.#internal}`, atMs, this.#ofInstant % IDS_PER_MS);
    }
    assert(decided.id !== undefined, 'a call draws one id');
    const { id } = decided;
    decided.id = undefined;
    return id;
  }
}
