/** Where every instant and every duration comes from; a test or the demo puts its own in the context. */
export type Clock = {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  nowMs(): number;
  /** Milliseconds since an instant of its own, which setting the machine's time does not move: for durations. */
  monotonicMs(): number;
  /** Whether its instants are made up, and are not to be compared with those of another machine. */
  readonly isSimulated?: boolean;
};

/** The machine's clock. */
export const systemClock: Clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };

/** A clock whose instant stands until it is set: for tests, the demo and imports. Durations are real ones. */
export class ManualClock implements Clock {
  readonly isSimulated = true;
  #nowMs: number;
  #skippedMs = 0;

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  setMs(nowMs: number): void {
    this.#nowMs = nowMs;
  }

  monotonicMs(): number {
    return systemClock.monotonicMs() + this.#skippedMs;
  }

  /** Makes everything that measures durations find this much time passed. The instant stays, and timers do not fire. */
  skip(durationMs: number): void {
    this.#skippedMs += durationMs;
  }
}

/** The instant as ISO 8601 in UTC with milliseconds: `2026-01-31T23:59:59.000Z`. */
export function toIsoInstant(instantMs: number): string {
  return new Date(instantMs).toISOString();
}
