import { Gauge, type Registry } from 'prom-client';
import type { Context } from '#db/context.ts';
import type { PoolUse } from '#db/pool.ts';
import type { PostingLoad } from '#ledger/posting-queue.ts';
import { within } from '#lib/concurrency/within.ts';
import { type Lag, readLag } from './lag.ts';

/** A scrape is not held up by a database that does not answer; ten seconds later there is another. */
const DATABASE_TIMEOUT_MS = 1_000;

/** The sources of these metrics. */
export type State = {
  readonly context: Context;
  readonly poolUse: () => Readonly<Record<string, PoolUse>>;
  readonly postingLoad: () => PostingLoad;
};

/** Adds metrics that are read on demand, and cost nothing until then. */
export function addStateMetrics(registry: Registry, { context, poolUse, postingLoad }: State): void {
  const registers = [registry];
  const readOnly = new Gauge({
    name: 'florin_read_only',
    help: '1 while it takes no changes, else 0.',
    registers,
  });
  readOnly.set(context.isReadOnly === true ? 1 : 0);
  new Gauge({
    name: 'florin_posting_queue_depth',
    help: 'Requests that wait for a batch.',
    registers,
    collect() {
      this.set(postingLoad().waiting);
    },
  });
  new Gauge({
    name: 'florin_posting_batches_running',
    help: 'Batches that are being posted.',
    registers,
    collect() {
      this.set(postingLoad().batches);
    },
  });
  addPoolMetrics(registers, poolUse);
  addLagMetrics(registers, context);
}

function addPoolMetrics(registers: Registry[], poolUse: State['poolUse']): void {
  new Gauge({
    name: 'florin_database_connections',
    help: 'Connections to the database, by pool: used, idle, and the most there may be.',
    labelNames: ['pool', 'state'],
    registers,
    collect() {
      for (const [pool, { used, idle, max }] of Object.entries(poolUse())) {
        this.set({ pool, state: 'used' }, used);
        this.set({ pool, state: 'idle' }, idle);
        this.set({ pool, state: 'max' }, max);
      }
    },
  });
  new Gauge({
    name: 'florin_database_waiting',
    help: 'Callers that wait for a connection, by pool.',
    labelNames: ['pool'],
    registers,
    collect() {
      for (const [pool, { waiting }] of Object.entries(poolUse())) this.set({ pool }, waiting);
    },
  });
}

/** One query for all of them: prom-client collects each separately, at the same time. */
function addLagMetrics(registers: Registry[], context: Context): void {
  let reading: Promise<Lag | undefined> | undefined;
  const read = (): Promise<Lag | undefined> => {
    reading ??= within(DATABASE_TIMEOUT_MS, readLag(context), () => new Error('late'))
      .catch(() => undefined)
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };
  new Gauge({
    name: 'florin_database_up',
    help: '1 if the database answered within a second when this was asked, else 0.',
    aggregator: 'min',
    registers,
    async collect() {
      this.set((await read()) === undefined ? 0 : 1);
    },
  });
  for (const [name, help, pick] of LAGS) {
    new Gauge({
      name,
      help,
      aggregator: 'max',
      registers,
      async collect() {
        const lag = await read();
        const value = lag === undefined ? undefined : pick(lag);
        // Unknown values are left out, rather than shown as they were.
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  }
}

const LAGS: readonly (readonly [string, string, (lag: Lag) => number | undefined])[] = [
  [
    'florin_sealing_lag_seconds',
    'Age of the oldest audit row or journal entry that is not sealed yet; 0 when all are.',
    ({ sealingSeconds }) => sealingSeconds,
  ],
  [
    'florin_business_date_lag_days',
    'Days from the business date that is booked on to today in the book’s time zone.',
    ({ businessDateDays }) => businessDateDays,
  ],
  [
    'florin_end_of_day_lag_days',
    'Days from the last date that was closed to today; absent before the first end of day.',
    ({ closedDays }) => closedDays,
  ],
];
