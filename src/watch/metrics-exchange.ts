import type { Worker } from 'node:cluster';

/** Less than a scrape waits; a worker that is held up for longer is left out of it. */
const PATIENCE_MS = 2_000;

/** Messages between workers and their primary about metrics; `values` is a worker's registry as JSON. */
export type MetricsMessage =
  | { readonly metrics: 'wanted'; readonly id: number }
  | { readonly metrics: 'asked'; readonly id: number }
  | { readonly metrics: 'told'; readonly id: number; readonly values: object }
  | { readonly metrics: 'gathered'; readonly id: number; readonly values: readonly object[] };

export function isMetricsMessage(message: unknown): message is MetricsMessage {
  return typeof message === 'object' && message !== null && 'metrics' in message && 'id' in message;
}

type Gathering = {
  readonly askedBy: Worker;
  readonly id: number;
  readonly missing: Set<Worker>;
  readonly values: object[];
  readonly timer: NodeJS.Timeout;
};

/** The primary's part: a worker that is asked for metrics needs those of all, and gets those that arrive in time. */
export class MetricsExchange {
  readonly #workers: () => ReadonlySet<Worker>;
  readonly #gatherings = new Map<number, Gathering>();
  #last = 0;

  constructor(workers: () => ReadonlySet<Worker>) {
    this.#workers = workers;
  }

  hear(worker: Worker, message: unknown): void {
    if (!isMetricsMessage(message)) return;
    if (message.metrics === 'wanted') this.#begin(worker, message.id);
    else if (message.metrics === 'told') this.#note(message.id, worker, message.values);
  }

  /** A worker that has ended reports nothing any more. */
  forget(worker: Worker): void {
    for (const id of this.#gatherings.keys()) this.#note(id, worker, undefined);
  }

  #begin(askedBy: Worker, askedId: number): void {
    this.#last += 1;
    const id = this.#last;
    const missing = new Set(this.#workers());
    const timer = setTimeout(() => this.#end(id), PATIENCE_MS);
    this.#gatherings.set(id, { askedBy, id: askedId, missing, values: [], timer });
    for (const worker of missing) send(worker, { metrics: 'asked', id });
  }

  #note(id: number, worker: Worker, values: object | undefined): void {
    const gathering = this.#gatherings.get(id);
    if (gathering === undefined || !gathering.missing.delete(worker)) return;
    if (values !== undefined) gathering.values.push(values);
    if (gathering.missing.size === 0) this.#end(id);
  }

  #end(id: number): void {
    const gathering = this.#gatherings.get(id);
    if (gathering === undefined) return;
    clearTimeout(gathering.timer);
    this.#gatherings.delete(id);
    send(gathering.askedBy, { metrics: 'gathered', id: gathering.id, values: gathering.values });
  }
}

/** A worker that has just died does not get it; its end is reported in another way. */
function send(worker: Worker, message: MetricsMessage): void {
  worker.send(message, () => undefined);
}
