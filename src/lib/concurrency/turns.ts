import { within } from './within.ts';

/** Lets one after the other do its work, in the order in which they came. */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  /** Does the work when all those before have done theirs; throws `late` if that takes longer than `timeoutMs`. */
  async take<Result>(timeoutMs: number, work: () => Promise<Result>, late: () => Error): Promise<Result> {
    const before = this.#last;
    const { promise: done, resolve } = Promise.withResolvers<void>();
    // Who goes before its turn still stands behind those before it: the next waits for them all.
    this.#last = before.then(() => done);
    try {
      await within(timeoutMs, before, late);
      return await work();
    } finally {
      resolve();
    }
  }
}
