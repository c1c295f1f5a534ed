import type { Clock } from '#lib/time/clock.ts';
import { tokenError } from './errors.ts';

/** A small indexed read every two seconds: changes take effect well within the promised five. */
const INTERVAL_MS = 2_000;
/** Data older than this is not relied on. */
const MAX_AGE_MS = 4_500;

/**
 * Keeps a process's copy of database rows up to date. Once started it reads every two seconds; otherwise a call that
 * finds the copy too old reads first.
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

  /** Reads for the first time, and periodically from then on. */
  async start(): Promise<void> {
    await this.readNow();
    // A failed read needs no handling: the copy grows too old, and isFresh reports it.
    this.#timer ??= setInterval(() => void this.readNow().catch(() => undefined), INTERVAL_MS).unref();
  }

  /** Stops, after the read under way. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#reading?.catch(() => undefined);
  }

  isFresh(): boolean {
    return this.#clock.monotonicMs() - this.#readAtMs <= MAX_AGE_MS;
  }

  /** Throws 503 `authentication_unavailable` when an outdated copy cannot be read again. */
  async assertFresh(): Promise<void> {
    if (this.isFresh()) return;
    try {
      await this.readNow();
    } catch (cause) {
      throw tokenError('authentication_unavailable', { cause });
    }
  }

  /** Reads, or joins the read under way. */
  readNow(): Promise<void> {
    this.#reading ??= this.#readOnce();
    return this.#reading;
  }

  async #readOnce(): Promise<void> {
    // The data is as of the start of the read.
    const startedMs = this.#clock.monotonicMs();
    try {
      await this.#read();
      this.#readAtMs = startedMs;
    } finally {
      this.#reading = undefined;
    }
  }
}
