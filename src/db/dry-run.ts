import type pg from 'pg';
import { commonError, FlorinError } from '#lib/errors.ts';
import { withConnectionsOf } from './ambient-connection.ts';
import { rollBackOn } from './commit.ts';
import { type Db, poolOf } from './database.ts';
import { asUnavailable } from './postgres-error.ts';
import { UnitConnection } from './unit-connection.ts';

/** What work has done within a dry run, before that is rolled back: its result, and what was noted about it. */
export type DryRun<Result> = { readonly result: Result; readonly notes: readonly unknown[] };

/**
 * Runs work as it is always run, in one transaction that is rolled back: each of its own transactions is a savepoint.
 * `look` sees what the work has left, on the same connection, and its answer is returned. The locks that the work takes
 * are held until then, so that what it reads is what it would have found. For work that does one thing after the other:
 * its transactions must not overlap. What is remembered beyond a transaction must not be changed by it: `dryRunNotes`
 * (ambient-connection.ts) tells that code is a part of a dry run.
 *
 * Throws what the work throws, and 503 `database_unavailable` in place of `outcome_unknown`: nothing was done.
 */
export async function dryRun<Result, Seen>(
  db: Db,
  work: () => Promise<Result>,
  look: (run: DryRun<Result>) => Promise<Seen>,
): Promise<Seen> {
  const client = await poolOf(db).connect();
  const source = new DryRunSource(client);
  try {
    await client.query('begin');
    return await withConnectionsOf(source, async () => look({ result: await work(), notes: source.notes }));
  } catch (error) {
    if (error instanceof FlorinError && error.code === 'outcome_unknown') {
      throw commonError('database_unavailable', { cause: error });
    }
    throw asUnavailable(error) ?? error;
  } finally {
    source.end();
    await rollBackOn(client);
  }
}

class DryRunSource {
  readonly notes: unknown[] = [];
  readonly #client: pg.PoolClient;
  #uses = 0;
  #isOver = false;

  constructor(client: pg.PoolClient) {
    this.#client = client;
  }

  end(): void {
    this.#isOver = true;
  }

  /** In place of one of any pool. What was begun and is not over with the dry run gets none: what it does would stay. */
  connectionFor(): pg.PoolClient {
    if (this.#isOver) throw new TypeError('a dry run is over');
    this.#uses += 1;
    // What is rolled back within, such as an attempt that is repeated, was not done.
    let notesBefore = this.notes.length;
    const follow = (text: string): void => {
      if (text === 'begin' || text.startsWith('start transaction')) notesBefore = this.notes.length;
      if (text === 'rollback') this.notes.length = notesBefore;
    };
    return new UnitConnection(this.#client, `work_${this.#uses}`, follow).asPoolClient();
  }
}
