import type pg from 'pg';
import { Admission, overloaded } from '#lib/concurrency/admission.ts';
import { commonError, type FlorinError } from '#lib/errors.ts';
import type { Clock } from '#lib/time/clock.ts';
import { ambientConnection } from './ambient-connection.ts';
import { cutConnection, isPoolExhausted, watchSilence } from './driver-quirks.ts';
import { CONNECT_TIMEOUT_MS, SILENCE_TIMEOUT_MS } from './time-limits.ts';

/** Numbers of connections in use and idle, and of callers that wait for one. */
export type PoolUse = {
  readonly max: number;
  readonly used: number;
  readonly idle: number;
  readonly waiting: number;
};

/**
 * The driver's pool with bounds: few callers wait for a connection, none of them for long, and no connection is held
 * for long. A connection that is held too long is cut off, so that PostgreSQL rolls back uncommitted work; work on it
 * rejects as when a connection breaks.
 */
export class ConnectionPool {
  readonly options: object;
  readonly #pool: pg.Pool;
  readonly #holdTimeoutMs: number;
  readonly #cutOffs = new WeakMap<pg.PoolClient, NodeJS.Timeout>();
  readonly #watches = new WeakMap<pg.PoolClient, () => void>();
  readonly #clock: Clock;
  readonly #admission: Admission;

  /** `holdTimeoutMs`: how long a connection may be waited for and held unless the caller gives another limit; 0 for no
   * limit. */
  constructor(pool: pg.Pool, holdTimeoutMs: number, clock: Clock) {
    this.options = pool.options;
    this.#clock = clock;
    this.#admission = new Admission(clock);
    this.#pool = pool;
    this.#holdTimeoutMs = holdTimeoutMs;
    pool.on('release', (_error, client) => this.#release(client));
  }

  /**
   * A connection, that of the unit of work in which this is asked or one of its own, which is cut off at `untilMs` (of the clock's `monotonicMs`) if that is given. Throws 503 `overloaded`
   * when too many wait or none comes free, 503 `database_unavailable` when no time is left to open one, and as the
   * driver does when that fails.
   */
  async connect(untilMs?: number): Promise<pg.PoolClient> {
    const ofUnit = ambientConnection(this);
    if (ofUnit !== undefined) return ofUnit;
    if (this.#holdTimeoutMs === 0) return this.#pool.connect();
    if (untilMs !== undefined && untilMs - this.#clock.monotonicMs() < CONNECT_TIMEOUT_MS) throw noTimeLeft();
    const endsMs = untilMs ?? this.#clock.monotonicMs() + this.#holdTimeoutMs;
    const client = await this.#acquire();
    this.#cutOffIn(client, endsMs - this.#clock.monotonicMs());
    this.#watches.set(
      client,
      watchSilence(client, SILENCE_TIMEOUT_MS, () => cutConnection(client)),
    );
    return client;
  }

  /** Lets a connection that is held go on until another instant. */
  holdUntil(client: pg.PoolClient, untilMs: number): void {
    const cutOff = this.#cutOffs.get(client);
    if (cutOff === undefined) return;
    clearTimeout(cutOff);
    this.#cutOffIn(client, untilMs - this.#clock.monotonicMs());
  }

  /** The current use of the pool. */
  get use(): PoolUse {
    const { totalCount: open, idleCount: idle, waitingCount: waiting, options } = this.#pool;
    return { max: options.max, used: open - idle, idle, waiting };
  }

  end(): Promise<void> {
    return this.#pool.end();
  }

  #cutOffIn(client: pg.PoolClient, holdMs: number): void {
    this.#cutOffs.set(
      client,
      setTimeout(() => cutConnection(client), holdMs),
    );
  }

  async #acquire(): Promise<pg.PoolClient> {
    if (this.#admission.isClosed) throw overloaded();
    this.#admission.enter();
    try {
      return await this.#pool.connect();
    } catch (error) {
      this.#admission.leave(1);
      throw isPoolExhausted(error) ? overloaded(error) : error;
    }
  }

  #release(client: pg.PoolClient): void {
    const cutOff = this.#cutOffs.get(client);
    // A connection that the driver's pool takes back on its own was not requested here.
    if (cutOff === undefined) return;
    clearTimeout(cutOff);
    this.#cutOffs.delete(client);
    this.#watches.get(client)?.();
    this.#watches.delete(client);
    this.#admission.leave(1);
  }
}

function noTimeLeft(): FlorinError<'database_unavailable'> {
  return commonError('database_unavailable');
}
