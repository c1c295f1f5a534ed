import pg from 'pg';
import { commonError } from '#lib/errors.ts';
import { FlightQuery, type FlightStatement } from './flight-query.ts';
import { isChecked, saysRolledBack } from './postgres-error.ts';
import type { SqlResult, SqlSession } from './session.ts';

/**
 * How a flight ended: all of it happened; nothing of it did, and why; or nobody can tell. `isStale`: one of its own
 * checks refused it.
 */
export type Landing =
  | { readonly status: 'landed' }
  | { readonly status: 'failed'; readonly error: unknown; readonly isStale: boolean }
  | { readonly status: 'unknown'; readonly error: unknown };

/**
 * A database transaction that is sent whole: `run` puts a statement in, `send` sends all of them with one Sync behind
 * the last. PostgreSQL makes one transaction of what comes before a Sync, commits it there, and skips the rest after an
 * error (PostgreSQL manual, 54.2.3 and 54.2.4). So there is no `begin` that could fail alone and no answer to wait for,
 * and a flight that is cut short is not committed. What only an answer can tell is said in SQL: see `failUnless`.
 *
 * Statements return rows of text, read by `run`; nothing describes them, so that columns have no names.
 */
export class Flight implements SqlSession {
  readonly #statements: FlightStatement[] = [];
  #hasLeft = false;

  /** Puts a statement in. Its result comes when the flight has landed; it rejects if it does not. */
  readonly run = <Row>(text: string, values: readonly unknown[]): Promise<SqlResult<Row>> => {
    const { promise, resolve, reject } = Promise.withResolvers<SqlResult<never>>();
    // Whoever sends the flight hears of its failure; not everybody who put something in does.
    promise.catch(() => undefined);
    if (this.#hasLeft) reject(new TypeError('a statement missed its flight'));
    this.#statements.push({ text, values, resolve, reject });
    return promise;
  };

  /** Sends it, behind what was sent on this connection before. Never rejects. */
  async send(client: pg.ClientBase): Promise<Landing> {
    this.#hasLeft = true;
    const query = new FlightQuery(this.#statements);
    client.query(query);
    const { error, completed, wasSent } = await query.ending;
    if (error === undefined) return { status: 'landed' };
    for (const { reject } of this.#statements) reject(error);
    if (!wasSent) return { status: 'failed', error, isStale: false };
    // PostgreSQL answers in order: an error of a statement comes before the commit, whatever becomes of the session.
    const isBeforeCommit = error instanceof pg.DatabaseError && completed < this.#statements.length;
    if (isBeforeCommit || (await isRolledBack(client, error))) {
      return { status: 'failed', error, isStale: isChecked(error) };
    }
    return { status: 'unknown', error: commonError('outcome_unknown', { cause: error }) };
  }
}

/** Whether the commit itself was refused: with an error after which the session goes on. */
async function isRolledBack(client: pg.ClientBase, error: unknown): Promise<boolean> {
  if (!saysRolledBack(error)) return false;
  try {
    await client.query('rollback');
    return true;
  } catch {
    return false;
  }
}

/**
 * A statement that fails, and its transaction with it, unless a condition holds: `isChecked` knows the error. The
 * condition may ask about locked rows of `from`.
 */
export function failUnless(condition: string): string {
  return `1 / (case when ${condition} then 1 else 0 end)`;
}
