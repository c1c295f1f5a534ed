import { commonError, type FlorinError } from '../errors.ts';
import type { Clock } from '../time/clock.ts';

/**
 * Up to this many are always admitted. They are answered within a tenth of a second, or all wait for the same slow
 * commit or batch, which would not get faster by refusing some.
 */
const ALWAYS_ADMITTED = 256;

/**
 * The last request admitted waits about this long. Even four times that, on a machine that falters, is under a second.
 */
const WAIT_MS = 200;

/** A measurement of this age counts 1/e as much as a new one. */
const MEMORY_MS = 1_000;

/** Answers a second on two cores with other work: a guess for the first load, before anything is measured. */
const FIRST_GUESS = 2_500;

/**
 * Admits as many requests at once as are answered in WAIT_MS. By Little's law, a request waits their number divided by
 * the rate of answers. Requests above that are refused at once, rather than late.
 *
 * The rate is measured while there are ALWAYS_ADMITTED or more: fewer share too few commits to show what is possible. A
 * time without answers counts when it is over, so a slow commit refuses only requests that would have had to wait for
 * it.
 */
export class Admission {
  readonly #clock: Clock;
  #unanswered = 0;
  /** The last answer, or the first request after an idle time; by the clock's `monotonicMs`. */
  #sinceMs = 0;
  /** Answers and the time they took, with old ones fading. */
  #answered = FIRST_GUESS;
  #elapsedMs = 1_000;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether a request that arrives now should be refused. */
  get isClosed(): boolean {
    if (this.#unanswered < ALWAYS_ADMITTED) return false;
    return this.#unanswered >= (this.#answered / this.#elapsedMs) * WAIT_MS;
  }

  /** Counts one in, to be counted out by `leave`. */
  enter(): void {
    if (this.#unanswered === 0) this.#sinceMs = this.#clock.monotonicMs();
    this.#unanswered += 1;
  }

  /** Counts out a number that were answered together. */
  leave(count: number): void {
    const nowMs = this.#clock.monotonicMs();
    const passedMs = nowMs - this.#sinceMs;
    this.#sinceMs = nowMs;
    if (this.#unanswered >= ALWAYS_ADMITTED) {
      const kept = Math.exp(-passedMs / MEMORY_MS);
      this.#answered = this.#answered * kept + count;
      this.#elapsedMs = this.#elapsedMs * kept + passedMs;
    }
    this.#unanswered -= count;
  }
}

/** 503 `overloaded`: nothing was done, and the same request may soon succeed. */
export function overloaded(cause?: unknown): FlorinError<'overloaded'> {
  return commonError('overloaded', { cause });
}
