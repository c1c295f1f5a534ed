import type { Context } from '#db/context.ts';
import { Repeater } from '#lib/concurrency/repeater.ts';
import { sealBlock } from './seal-block.ts';
import { sealStates } from './seal-states.ts';

/** From one sealing to the next, where little is to be sealed: what a tamperer has before a row is sealed. */
const INTERVAL_MS = 1_000;
/** Blocks in one go: 20,000 rows, twice what a second brings on two cores. */
const MAX_BLOCKS_AT_ONCE = 5;
/**
 * A sealing is followed by a rest of this many times its length, so that it takes no more than a tenth of a processor
 * from the postings. A row takes 19 µs (Node 7, PostgreSQL 12, measured on two shared cores). Some 5,000 rows a second
 * are therefore sealed as they come, and faster bursts are sealed after them.
 */
const REST_FACTOR = 9;
/** Sheets in one go: a new book's rows, or 20,000 of an old one's. */
const MAX_SHEETS_AT_ONCE = 5;
/** Few rows are worth no second block in the same second: with a block this full there is likely more to seal. */
const WORTH_ANOTHER = 1_000;
/** Blocks or sheets that `sealAll` makes at most: 40 million rows. */
const MAX_IN_ALL = 10_000;

/** Seals audit rows and journal entries about every second, off the way of those who write them. */
export class Sealer {
  readonly #context: Context;
  readonly #onError: (error: unknown) => void;
  readonly #repeater: Repeater;

  /** `onError` hears of a sealing that failed; the next one makes up for it. */
  constructor(context: Context, onError: (error: unknown) => void) {
    this.#context = context;
    this.#onError = onError;
    const restMs = (tookMs: number): number => Math.max(INTERVAL_MS, REST_FACTOR * tookMs);
    this.#repeater = new Repeater(() => this.#seal(), { restMs, onError });
  }

  start(): void {
    this.#repeater.start();
  }

  /** Stops, and seals what was committed up to now. */
  async close(): Promise<void> {
    await this.#repeater.stop();
    await this.#seal().catch(this.#onError);
  }

  async #seal(): Promise<void> {
    await this.#sealStates();
    for (let block = 0; block < MAX_BLOCKS_AT_ONCE; block++) {
      const rowCount = await sealBlock(this.#context);
      if (rowCount === undefined || rowCount < WORTH_ANOTHER) return;
    }
  }

  /** Before the blocks, so that the rows of the trail which these leave are sealed at once. */
  async #sealStates(): Promise<void> {
    for (let sheet = 0; sheet < MAX_SHEETS_AT_ONCE; sheet++) {
      const rowCount = await sealStates(this.#context);
      if (rowCount === undefined || rowCount === 0) return;
    }
  }
}

/** Takes the fingerprints of all rows that have none, seals everything that is committed, and returns how many rows of the trail that were. */
export async function sealAll(context: Context): Promise<number> {
  for (let sheet = 0; sheet < MAX_IN_ALL; sheet++) {
    const rowCount = await sealStates(context);
    if (rowCount === undefined || rowCount === 0) break;
  }
  return sealAllRows(context);
}

/** Seals everything that is committed of the trail and the journal, and returns how many rows that were. */
export async function sealAllRows(context: Context): Promise<number> {
  let sealed = 0;
  for (let block = 0; block < MAX_IN_ALL; block++) {
    const rowCount = await sealBlock(context);
    if (rowCount === undefined || rowCount === 0) break;
    sealed += rowCount;
  }
  return sealed;
}
