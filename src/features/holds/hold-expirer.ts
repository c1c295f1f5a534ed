import type { ExpiryContext } from './expire-holds.ts';
import { expireHolds } from './expire-holds.ts';

/** How long the money of an overdue hold may be missing from what is available; the query behind it is one look. */
const INTERVAL_MS = 10_000;

/** Lets go of overdue holds every few seconds while a server runs; the end of day does what is left. */
export class HoldExpirer {
  readonly #context: ExpiryContext;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #isClosed = false;

  /** `onError` hears of a run that failed; the next one makes up for it. */
  constructor(context: ExpiryContext, onError: (error: unknown) => void) {
    this.#context = context;
    this.#onError = onError;
  }

  start(): void {
    this.#timer ??= setTimeout(() => void this.#tick(), INTERVAL_MS).unref();
  }

  /** Stops; a chunk that is under way is finished. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #tick(): Promise<void> {
    this.#running = this.#expire().catch(this.#onError);
    await this.#running;
    if (!this.#isClosed) this.#timer = setTimeout(() => void this.#tick(), INTERVAL_MS).unref();
  }

  async #expire(): Promise<void> {
    for await (const _ of expireHolds(this.#context)) if (this.#isClosed) return;
  }
}
