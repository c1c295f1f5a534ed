import { type Clock, systemClock } from '../time/clock.ts';

export type RepeaterOptions = {
  /** How long to rest before the first run, and after one that took `tookMs`. */
  readonly restMs: (tookMs: number) => number;
  /** Called when a run fails; the next one runs all the same. */
  readonly onError: (error: unknown) => void;
  /** Measures the runs; the machine's unless given. */
  readonly clock?: Clock;
};

/** Does its work again and again, never twice at once, until it is stopped. It keeps no process alive. */
export class Repeater {
  readonly #work: () => Promise<void>;
  readonly #options: RepeaterOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(work: () => Promise<void>, options: RepeaterOptions) {
    this.#work = work;
    this.#options = options;
  }

  /** Whether work that takes long should come to its end. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Runs the work once. */
  start(): void {
    this.#restAfter(0);
  }

  /** Starts no further run; resolves when the current one is over. */
  stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    return this.#running;
  }

  #restAfter(tookMs: number): void {
    if (this.#isStopped) return;
    const run = (): void => {
      this.#running = this.#run();
    };
    this.#timer = setTimeout(run, this.#options.restMs(tookMs)).unref();
  }

  async #run(): Promise<void> {
    const { clock = systemClock, onError } = this.#options;
    const startedMs = clock.monotonicMs();
    try {
      await this.#work();
    } catch (error) {
      onError(error);
    }
    this.#restAfter(clock.monotonicMs() - startedMs);
  }
}
