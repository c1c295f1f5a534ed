import type pg from 'pg';
import { assert } from '#lib/assert.ts';
import { commonError } from '#lib/errors.ts';
import { asUnavailable, saysRolledBack } from './postgres-error.ts';

/**
 * Commits, and gives the connection back. Throws 503 `outcome_unknown` unless PostgreSQL said that it rolled back; then
 * its error, or 503 `database_unavailable` where the database could not go on.
 */
export async function commitOn(client: pg.PoolClient): Promise<void> {
  let command: string;
  try {
    ({ command } = await client.query('commit'));
  } catch (error) {
    const isAnswered = await rollBackOn(client);
    if (!isAnswered || !saysRolledBack(error)) throw commonError('outcome_unknown', { cause: error });
    throw asUnavailable(error) ?? error;
  }
  client.release();
  assert(command === 'COMMIT', 'a transaction that failed is not committed');
}

/** Gives the connection back clean, or not at all; returns whether the session has answered. */
export async function rollBackOn(client: pg.PoolClient): Promise<boolean> {
  try {
    await client.query('rollback');
    client.release();
    return true;
  } catch (error) {
    client.release(error instanceof Error ? error : true);
    return false;
  }
}
