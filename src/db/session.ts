import { CompiledQuery } from 'kysely';
import type pg from 'pg';
import type { Tx } from './database.ts';

/**
 * A database transaction as the ledger's statements see it: text and values in, rows and their count out. Where
 * the connection allows it, statements that are sent without waiting are on their way together and run in the
 * order in which they were sent.
 */
export type SqlSession = {
  readonly run: <Row>(text: string, values: readonly unknown[]) => Promise<SqlResult<Row>>;
};

export type SqlResult<Row> = { readonly rows: readonly Row[]; readonly affectedRows: number };

/** The session of a Kysely transaction: one statement after the other. */
export function sessionOf(tx: Tx): SqlSession {
  return {
    run: async <Row>(text: string, values: readonly unknown[]) => {
      const query = CompiledQuery.raw(text, [...values]) as CompiledQuery<Row>;
      const { rows, numAffectedRows } = await tx.executeQuery(query);
      return { rows, affectedRows: Number(numAffectedRows ?? 0n) };
    },
  };
}

/** The session of a connection: statements follow one another on the wire without waiting. */
export function pipelinedSession(client: pg.ClientBase): SqlSession {
  return {
    run: async <Row>(text: string, values: readonly unknown[]) => {
      const { rows, rowCount } = await client.query(text, [...values]);
      return { rows: rows as Row[], affectedRows: rowCount ?? 0 };
    },
  };
}
