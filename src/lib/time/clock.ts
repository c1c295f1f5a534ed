/** Where every instant comes from; a test or the demo puts its own in the context. */
export type Clock = {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  nowMs(): number;
};

/** The machine's clock. */
export const systemClock: Clock = { nowMs: () => Date.now() };

/** A clock that stands until it is set: for tests, the demo and imports. */
export class ManualClock implements Clock {
  #nowMs: number;

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  setMs(nowMs: number): void {
    this.#nowMs = nowMs;
  }
}

/** The instant as ISO 8601 in UTC with milliseconds: `2026-01-31T23:59:59.000Z`. */
export function toIsoInstant(instantMs: number): string {
  return new Date(instantMs).toISOString();
}
