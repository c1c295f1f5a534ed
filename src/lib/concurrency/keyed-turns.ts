import { overloaded } from './admission.ts';
import { Turns } from './turns.ts';

/** In a longer queue the last would not have its turn in time. */
const MAX_WAITING = 1_000;

type Queue = { readonly turns: Turns; waiting: number };

/**
 * Separate turns for each key: work that would wait for the same lock in the database waits here instead, where it
 * takes no connection from others.
 */
export class KeyedTurns {
  readonly #queues = new Map<string, Queue>();

  /** Does the work when all earlier work with this key is done. Throws 503 `overloaded` if it is too late. */
  async take<Result>(key: string, timeoutMs: number, work: () => Promise<Result>): Promise<Result> {
    const queue = this.#queues.get(key) ?? { turns: new Turns(), waiting: 0 };
    if (queue.waiting >= MAX_WAITING) throw overloaded();
    this.#queues.set(key, queue);
    queue.waiting += 1;
    try {
      return await queue.turns.take(timeoutMs, work, overloaded);
    } finally {
      queue.waiting -= 1;
      // Work that gave up may still be in the queue; the next queue of the key meets it at the lock.
      if (queue.waiting === 0) this.#queues.delete(key);
    }
  }
}
