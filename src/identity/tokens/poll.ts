import type { Clock } from '#lib/time/clock.ts';
import { tokenError } from './errors.ts';

/** A small indexed read every two seconds: what it finds is in force well within the five that are promised. */
const INTERVAL_MS = 2_000;
/** Older than this, what was read is not relied on. */
const MAX_AGE_MS = 4_500;

/**
 * Keeps what a process remembers of the database up to date. Once started it reads every two seconds; not
 * started, whoever asks for what is too old reads first.
 */
export class Poll {
  readonly #clock: Clock;
  readonly #read: () => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> | undefined;
  #readAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, read: () => Promise<void>) {
    this.#clock = clock;
    this.#read = read;
  }

  /** Reads for the first time, and from then on by itself. */
  async start(): Promise<void> {
    await this.readNow();
    // A read that fails shows by its absence: what was read before grows too old, and isFresh says so.
    this.#timer ??= setInterval(() => void this.readNow().catch(() => undefined), INTERVAL_MS).unref();
  }

  /** Ends it, after the read that is under way. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#reading?.catch(() => undefined);
  }

  isFresh(): boolean {
    return this.#clock.monotonicMs() - this.#readAtMs <= MAX_AGE_MS;
  }

  /** Throws 503 `authentication_unavailable` when what is too old cannot be read anew. */
  async assertFresh(): Promise<void> {
    if (this.isFresh()) return;
    try {
      await this.readNow();
    } catch (cause) {
      throw tokenError('authentication_unavailable', { cause });
    }
  }

  /** Reads, or joins the read that is under way. */
  readNow(): Promise<void> {
    this.#reading ??= this.#readOnce();
    return this.#reading;
  }

  async #readOnce(): Promise<void> {
    // What is read is as of the beginning.
    const startedMs = this.#clock.monotonicMs();
    try {
      await this.#read();
      this.#readAtMs = startedMs;
    } finally {
      this.#reading = undefined;
    }
  }
}
