import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type {
  Answer,
  EndOfDayObserver,
  PostingObserver,
  RequestObserver,
  WaitingPosting,
} from '#lib/observer.ts';
import { systemClock } from '#lib/time/clock.ts';

/** Seconds: from a read of a row to the deadline of a request. */
const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Requests: up to the posting queue's largest batch. */
const SIZE_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_000];

/** Metrics counted as events happen. Those read on demand are in state-metrics.ts. */
export class Metrics {
  readonly registry = new Registry();
  readonly requests: RequestObserver = { route: (method, pattern) => this.#route(method, pattern) };
  readonly postings: PostingObserver = { batch: (requests, work) => this.#batch(requests, work) };
  readonly endOfDay: EndOfDayObserver;

  readonly #durations = new Histogram({
    name: 'florin_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last of its answer, by route pattern and status class.',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATION_BUCKETS,
    registers: [this.registry],
  });
  readonly #refusals = this.#counter(
    'florin_refusals_total',
    'Requests refused, by the code of the problem.',
    ['code'],
  );
  readonly #replays = this.#counter(
    'florin_idempotent_replays_total',
    'Requests answered by what an earlier one with the same Idempotency-Key did.',
  );
  readonly #batchSizes = new Histogram({
    name: 'florin_posting_batch_requests',
    help: 'Requests posted together in one database transaction.',
    buckets: SIZE_BUCKETS,
    registers: [this.registry],
  });
  readonly #batchDurations = this.#histogram(
    'florin_posting_batch_duration_seconds',
    'Time from a batch setting out to its last answer.',
  );
  readonly #waits = this.#histogram(
    'florin_posting_wait_seconds',
    'Time that the oldest request of a batch waited before it set out.',
  );

  constructor(version: string) {
    collectDefaultMetrics({ register: this.registry });
    const build = new Gauge({
      name: 'florin_build_info',
      help: 'Always 1, with the version that runs.',
      labelNames: ['version'],
      aggregator: 'first',
      registers: [this.registry],
    });
    build.set({ version }, 1);
    const seconds = this.#counter(
      'florin_end_of_day_step_seconds_total',
      'Time that this process has worked on steps of ends of day.',
      ['step'],
    );
    const processed = this.#counter('florin_end_of_day_processed_total', 'What it has processed, by step.', [
      'step',
    ]);
    const runs = this.#counter(
      'florin_end_of_day_runs_total',
      'Ends of day that it has worked on, by outcome.',
      ['outcome'],
    );
    this.endOfDay = {
      chunk: (step, count, durationMs) => {
        processed.inc({ step }, count);
        seconds.inc({ step }, durationMs / 1000);
      },
      ended: (outcome) => runs.inc({ outcome }),
    };
  }

  /** The series of a route are found at its first answer of a class, and never again. */
  #route(method: string, route: string): (answer: Answer) => void {
    const byClass: Histogram.Internal<string>[] = [];
    return ({ status, durationMs, code, isReplay }) => {
      const statusClass = Math.trunc(status / 100);
      byClass[statusClass] ??= this.#durations.labels(method, route, `${statusClass}xx`);
      byClass[statusClass].observe(durationMs / 1000);
      if (code !== undefined) this.#refusals.inc({ code });
      if (isReplay) this.#replays.inc();
    };
  }

  async #batch(requests: readonly WaitingPosting[], work: () => Promise<void>): Promise<void> {
    const startedMs = systemClock.monotonicMs();
    const [oldest] = requests;
    if (oldest !== undefined) this.#waits.observe((startedMs - oldest.sinceMs) / 1000);
    this.#batchSizes.observe(requests.length);
    await work();
    this.#batchDurations.observe((systemClock.monotonicMs() - startedMs) / 1000);
  }

  #histogram(name: string, help: string): Histogram {
    return new Histogram({ name, help, buckets: DURATION_BUCKETS, registers: [this.registry] });
  }

  #counter(name: string, help: string, labelNames: string[] = []): Counter {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }
}
