import { CompiledQuery, Transaction } from 'kysely';
import type pg from 'pg';
import type { Db, Tx } from './database.ts';
import { holdWrites } from './driver-quirks.ts';

/**
 * A database transaction on one of the posting queue's connections: text and values in, rows and their count out.
 * Statements sent without waiting travel together and run in the order in which they were sent.
 */
export type SqlSession = {
  readonly run: <Row>(text: string, values: readonly unknown[]) => Promise<SqlResult<Row>>;
};

export type SqlResult<Row> = { readonly rows: readonly Row[]; readonly affectedRows: number };

/** A database transaction of either kind. Code that posts takes this, and uses it through `run`. */
export type AnyTx = Tx | SqlSession;

const sessions = new WeakMap<Tx, SqlSession>();

/**
 * Runs one statement, in a transaction or on its own, with a text that never changes and its values as `$1`, `$2`. In a Kysely
 * transaction statements follow one after the other, and none is sent after one that failed.
 */
export function run<Row>(
  tx: Db | SqlSession,
  text: string,
  values: readonly unknown[],
): Promise<SqlResult<Row>> {
  if ('run' in tx) return tx.run(text, values);
  if (tx instanceof Transaction) return sessions.getOrInsertComputed(tx, kyselySession).run(text, values);
  return execute(tx, text, values);
}

function kyselySession(tx: Tx): SqlSession {
  let before: Promise<unknown> = Promise.resolve();
  return {
    run: <Row>(text: string, values: readonly unknown[]) => {
      const result = before.then(() => execute<Row>(tx, text, values));
      before = result;
      return result;
    },
  };
}

async function execute<Row>(tx: Db, text: string, values: readonly unknown[]): Promise<SqlResult<Row>> {
  const query = CompiledQuery.raw(text, [...values]) as CompiledQuery<Row>;
  const { rows, numAffectedRows } = await tx.executeQuery(query);
  return { rows, affectedRows: Number(numAffectedRows ?? 0n) };
}

/**
 * The session of a connection: statements follow one another on the wire without waiting. Those behind a failed one
 * fail with it, with its error. PostgreSQL's own, "current transaction is aborted", would hide a deadlock from the code
 * that retries it, and a full disk from the code that answers 503.
 */
export function pipelinedSession(client: pg.ClientBase): SqlSession {
  const hold = holdWrites(client);
  let failure: { readonly reason: unknown } | undefined;
  return {
    run: async <Row>(text: string, values: readonly unknown[]) => {
      hold();
      try {
        const { rows, rowCount } = await client.query(text, [...values]);
        return { rows: rows as Row[], affectedRows: rowCount ?? 0 };
      } catch (reason) {
        // Answers come in the order of the statements.
        failure ??= { reason };
        throw failure.reason;
      }
    },
  };
}
