import { setTimeout as delay } from 'node:timers/promises';
import { percentile } from '../statistics.ts';
import type { LoadResult, OnWindow, Window } from './protocol.ts';

/** Latencies kept of one window: 100,000 operations a second for 20 s. More is a mistake in the plan. */
const MAX_SAMPLES = 2_000_000;

/** Half a minute: by then something is stuck. */
const EXTRA_WAIT_MS = 10;
const MAX_EXTRA_WAITS = 3_000;

/** Allocated once a process: what a window measures must not include this. */
const samplesUs = new Float32Array(MAX_SAMPLES);

/** Counts what is done while its window is open. One at a time. */
export class Recorder {
  readonly #onWindow: OnWindow;
  #isOpen = false;
  #samples = 0;
  #operations = 0;
  #openedMs = 0;
  #closedMs = 0;
  /** When something ended last, or all began: before the window opened, and so far. */
  #endedBeforeMs = 0;
  #endedMs = 0;
  #lastCountedMs = 0;
  #cpu = process.cpuUsage();

  constructor(onWindow: OnWindow) {
    this.#onWindow = onWindow;
  }

  /** Whether nothing was done in the window so far. */
  get isEmpty(): boolean {
    return this.#samples === 0;
  }

  /** The clients start now. */
  begin(): void {
    this.#endedMs = performance.now();
  }

  open(): void {
    this.#isOpen = true;
    this.#cpu = process.cpuUsage();
    this.#openedMs = performance.now();
    this.#endedBeforeMs = this.#endedMs;
    this.#onWindow('opened');
  }

  close(): void {
    this.#isOpen = false;
    this.#closedMs = performance.now();
    this.#cpu = process.cpuUsage(this.#cpu);
    this.#onWindow('closed');
  }

  /** Something that began at `startedMs` (performance.now) ends now; it did `operations` in one. */
  record(startedMs: number, operations: number): void {
    this.#endedMs = performance.now();
    if (!this.#isOpen) return;
    if (this.#samples === MAX_SAMPLES) throw new RangeError('a window holds at most 2,000,000 operations');
    samplesUs[this.#samples++] = (this.#endedMs - startedMs) * 1_000;
    this.#lastCountedMs = this.#endedMs;
    this.#operations += operations;
  }

  /** The counts, once the window is closed. */
  result(): LoadResult {
    const ascending = samplesUs.subarray(0, this.#samples).sort();
    return {
      operations: this.#operations,
      // From an end to an end: of what takes long, a window's edges would cut off or add a good part.
      elapsedSeconds: (this.#lastCountedMs - this.#endedBeforeMs) / 1_000,
      windowSeconds: (this.#closedMs - this.#openedMs) / 1_000,
      latency: {
        p50Ms: percentile(ascending, 50) / 1_000,
        p95Ms: percentile(ascending, 95) / 1_000,
        p99Ms: percentile(ascending, 99) / 1_000,
      },
      cpuSeconds: (this.#cpu.user + this.#cpu.system) / 1e6,
    };
  }
}

/**
 * Opens the recorder's window after the warm-up and closes it; resolves then. A window in which nothing was done
 * yet, a second's on a busy machine, stays open a while longer.
 */
export async function passWindow(recorder: Recorder, { warmupMs, measureMs }: Window): Promise<void> {
  await delay(warmupMs);
  recorder.open();
  await delay(measureMs);
  for (let waits = 0; recorder.isEmpty && waits < MAX_EXTRA_WAITS; waits++) await delay(EXTRA_WAIT_MS);
  recorder.close();
}

/** A window around work that is done once, which returns how much it did. */
export async function measureOnce(onWindow: OnWindow, work: () => Promise<number>): Promise<LoadResult> {
  const recorder = new Recorder(onWindow);
  recorder.begin();
  recorder.open();
  const startedMs = performance.now();
  recorder.record(startedMs, await work());
  recorder.close();
  return recorder.result();
}

/**
 * Lets each client repeat its operation, which returns how much it did, until the window has closed. The first
 * failure of any ends them all and is thrown.
 */
export async function runClients(
  window: Window,
  operations: readonly (() => Promise<number>)[],
  onWindow: OnWindow,
): Promise<LoadResult> {
  const recorder = new Recorder(onWindow);
  recorder.begin();
  let isOver = false;
  const repeat = async (operation: () => Promise<number>): Promise<void> => {
    while (!isOver) {
      const startedMs = performance.now();
      recorder.record(startedMs, await operation());
    }
  };
  const clients = Promise.all(operations.map(repeat));
  try {
    await Promise.race([passWindow(recorder, window), clients]);
  } finally {
    isOver = true;
  }
  await clients;
  return recorder.result();
}
