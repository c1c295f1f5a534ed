import type { Context } from '#db/context.ts';
import { Repeater } from '#lib/concurrency/repeater.ts';
import { sequenceEntries } from './sequence-entries.ts';

/** From one look to the next: what somebody who reads in the order of commits waits for, a tenth of a second on average. */
const INTERVAL_MS = 200;
/** A rest as long as the work: half of one processor at most, while a long past gets its numbers. */
const REST_FACTOR = 1;
/** Rounds that `sequenceAll` makes at most: hundreds of millions of entries. */
const MAX_ROUNDS = 20_000;

/** Numbers entries in the order of their commits, five times a second, off the way of those who post them. */
export class Sequencer {
  readonly #context: Context;
  readonly #repeater: Repeater;

  /** `onError` hears of a round that failed; the next one makes up for it. */
  constructor(context: Context, onError: (error: unknown) => void) {
    this.#context = context;
    const restMs = (tookMs: number): number => Math.max(INTERVAL_MS, REST_FACTOR * tookMs);
    this.#repeater = new Repeater(() => this.#sequence(), { restMs, onError });
  }

  start(): void {
    this.#repeater.start();
  }

  /** Stops. What has no number yet gets one when a server runs again. */
  stop(): Promise<void> {
    return this.#repeater.stop();
  }

  async #sequence(): Promise<void> {
    await sequenceEntries(this.#context);
  }
}

/** Numbers everything that is committed, and returns how many entries that were. */
export async function sequenceAll(context: Context): Promise<number> {
  let sequenced = 0;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const count = await sequenceEntries(context);
    if (count === undefined) break;
    sequenced += count;
  }
  return sequenced;
}
