import { AsyncLocalStorage } from 'node:async_hooks';
import type pg from 'pg';

/** What gives code its connections while it runs within: a unit of work (unit-of-work.ts). */
export type ConnectionSource = {
  /** A connection in place of one of this pool; undefined for another pool, or once it is over. */
  readonly connectionFor: (pool: object) => pg.PoolClient | undefined;
};

const current = new AsyncLocalStorage<ConnectionSource>();

/** Runs work, and all that it starts, with the connections of a source. */
export function withConnectionsOf<Result>(source: ConnectionSource, work: () => Result): Result {
  return current.run(source, work);
}

/** The connection that the code which asks is to use in place of one of the pool, if there is one. */
export function ambientConnection(pool: object): pg.PoolClient | undefined {
  return current.getStore()?.connectionFor(pool);
}
