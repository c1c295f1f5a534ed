import { commonError, type FlorinError } from '../errors.ts';
import type { Clock } from '../time/clock.ts';

/**
 * So many are never too many: they are answered within a tenth of a second, or all of them wait for the one slow
 * commit or batch that stands before them, and sending some away would not make it faster.
 */
const ALWAYS_ADMITTED = 256;

/** Who is let in last has about this long to wait. Four times as long, when the machine falters, is no second. */
const WAIT_MS = 200;

/** Of what was measured, what is this old counts 1/e as much as what is new. */
const MEMORY_MS = 1_000;

/** Answers in a second of two cores with other work: a guess, for the first load before anything is measured. */
const FIRST_GUESS = 2_500;

/**
 * Lets in as many at once as are answered in WAIT_MS: by Little's law, the time that one waits is their number
 * over the rate at which they are answered. Whoever comes above that is refused at once, rather than late.
 *
 * The rate is measured while there are ALWAYS_ADMITTED or more: fewer share too few commits to show what they
 * could be. A time in which nobody is answered counts when it is over, so a slow commit sends nobody away that
 * would not have had to wait for it.
 */
export class Admission {
  readonly #clock: Clock;
  #unanswered = 0;
  /** The last answer, or when somebody came after there was nobody; by the clock's `monotonicMs`. */
  #sinceMs = 0;
  /** Answers, and the time they took, with those long past fading. */
  #answered = FIRST_GUESS;
  #elapsedMs = 1_000;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether whoever comes now is to be refused. */
  get isClosed(): boolean {
    if (this.#unanswered < ALWAYS_ADMITTED) return false;
    return this.#unanswered >= (this.#answered / this.#elapsedMs) * WAIT_MS;
  }

  /** Counts one in, to be counted out by `leave`. */
  enter(): void {
    if (this.#unanswered === 0) this.#sinceMs = this.#clock.monotonicMs();
    this.#unanswered += 1;
  }

  /** Counts so many out that were answered together. */
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

/** 503 `overloaded`: nothing was done, and soon the same request may be answered. */
export function overloaded(cause?: unknown): FlorinError<'overloaded'> {
  return commonError('overloaded', { cause });
}
