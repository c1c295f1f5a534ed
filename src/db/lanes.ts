/** Statements on their way at once, as long as they are quick: more of them would be smaller, and cost more. */
const LANES = 2;
/** A look-up takes one or two milliseconds. One that takes longer waits for a disk, where others can wait beside it. */
const PATIENCE_MS = 3;

/** The ways of look-ups to the database: few while they are quick, as many as there are connections when they are not. */
export class Lanes {
  #busy = 0;
  readonly #waiting = new Set<() => void>();

  /** Resolves once a lane is free, or after PATIENCE_MS; to be followed by `leave`. */
  async enter(): Promise<void> {
    if (this.#busy >= LANES) await this.#wait();
    this.#busy += 1;
  }

  leave(): void {
    this.#busy -= 1;
    const [next] = this.#waiting;
    if (this.#busy < LANES) next?.();
  }

  #wait(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const go = (): void => {
      clearTimeout(timer);
      this.#waiting.delete(go);
      resolve();
    };
    const timer = setTimeout(go, PATIENCE_MS);
    this.#waiting.add(go);
    return promise;
  }
}
