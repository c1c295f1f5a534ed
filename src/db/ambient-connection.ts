import { AsyncLocalStorage } from 'node:async_hooks';
import type pg from 'pg';

/**
 * What gives code its connections while it runs within: a unit of work (unit-of-work.ts), a rehearsal (rehearsal.ts) or
 * a dry run (dry-run.ts).
 */
export type ConnectionSource = {
  readonly isRehearsal?: true;
  /** Of a dry run: what its code noted about what it did, in order. */
  readonly notes?: unknown[];
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

/** Whether the code that asks is rehearsed: it must do nothing that a rollback does not undo. */
export function isRehearsed(): boolean {
  return current.getStore()?.isRehearsal === true;
}

/** The notes of the dry run that the code which asks is a part of; undefined where what it does stays. */
export function dryRunNotes(): unknown[] | undefined {
  return current.getStore()?.notes;
}
