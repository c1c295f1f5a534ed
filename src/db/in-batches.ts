import { type RawBuilder, sql } from 'kysely';
import type { Tx } from './database.ts';

/** Some hundred kilobytes in memory. */
const BATCH = 1_000;

/**
 * Hears the rows of a query, however many, some at a time and as they were at its beginning: what the work changes
 * does not come again. One at a time in a transaction. Returns how many there were.
 */
export async function inBatches<Row>(
  tx: Tx,
  query: RawBuilder<Row>,
  work: (rows: readonly Row[]) => Promise<void>,
): Promise<number> {
  await sql`declare batches no scroll cursor for ${query}`.execute(tx);
  let count = 0;
  for (;;) {
    const { rows } = await sql<Row>`fetch ${sql.lit(BATCH)} from batches`.execute(tx);
    if (rows.length === 0) break;
    await work(rows);
    count += rows.length;
  }
  await sql`close batches`.execute(tx);
  return count;
}
