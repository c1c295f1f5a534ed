import type pg from 'pg';
import { withConnectionsOf } from './ambient-connection.ts';
import { commitOn, rollBackOn } from './commit.ts';
import { type Db, poolOf } from './database.ts';
import type { ConnectionPool } from './pool.ts';
import { pipelinedSession, type SqlSession } from './session.ts';
import { UnitConnection } from './unit-connection.ts';

/**
 * One database transaction around whatever is done within it, by however many use cases: each of their transactions is
 * a savepoint of it, and all they read they read on its connection. So a request and what is noted about the request
 * are committed together. For calls that do one thing after the other: their transactions must not overlap.
 */
export class UnitOfWork {
  readonly #pool: ConnectionPool;
  readonly #client: pg.PoolClient;
  readonly session: SqlSession;
  #savepoints = 0;
  #isOpen = true;

  private constructor(pool: ConnectionPool, client: pg.PoolClient) {
    this.#pool = pool;
    this.#client = client;
    this.session = pipelinedSession(client);
  }

  /** Throws as a connection of the pool does. */
  static async begin(db: Db): Promise<UnitOfWork> {
    const pool = poolOf(db);
    const client = await pool.connect();
    const unit = new UnitOfWork(pool, client);
    try {
      await client.query('begin');
    } catch (error) {
      await unit.rollBack();
      throw error;
    }
    return unit;
  }

  /** Runs work whose connections are this unit's, until it is committed or rolled back. */
  within<Result>(work: () => Result): Result {
    return withConnectionsOf(this, work);
  }

  /** Throws 503 `outcome_unknown`, or `database_unavailable` if PostgreSQL said that it rolled back. */
  async commit(): Promise<void> {
    if (!this.#isOpen) throw new TypeError('a unit of work ends once');
    this.#isOpen = false;
    await commitOn(this.#client);
  }

  async rollBack(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await rollBackOn(this.#client);
  }

  connectionFor(pool: object): pg.PoolClient | undefined {
    if (!this.#isOpen || pool !== this.#pool) return undefined;
    this.#savepoints += 1;
    return new UnitConnection(this.#client, `work_${this.#savepoints}`).asPoolClient();
  }
}
