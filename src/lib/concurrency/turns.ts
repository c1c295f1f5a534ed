import { within } from './within.ts';

/** Runs work one after the other, in the order of arrival. */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  /** Does the work when all earlier work is done; throws `late` if that takes longer than `timeoutMs`. */
  async take<Result>(timeoutMs: number, work: () => Promise<Result>, late: () => Error): Promise<Result> {
    const before = this.#last;
    const { promise: done, resolve } = Promise.withResolvers<void>();
    // Work that gives up before its turn keeps its place: the next waits for all those before it.
    this.#last = before.then(() => done);
    try {
      await within(timeoutMs, before, late);
      return await work();
    } finally {
      resolve();
    }
  }
}
