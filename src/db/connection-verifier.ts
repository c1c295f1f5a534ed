import type pg from 'pg';
import type { DataKey } from '#lib/data-key.ts';
import { DatabaseStartError } from './check-server.ts';

/**
 * Checks each new connection of a process against the book's data key: one that comes back after a rotation, and knows
 * only the former key, writes nothing more. Where the book is not open yet, there is nothing to compare.
 */
export function connectionVerifier(
  bookId: number,
  dataKey: DataKey,
): (client: pg.PoolClient, done: (error?: Error) => void) => void {
  const { checkValue } = dataKey;
  const text = 'select check_value from data_keys where book_id = $1';
  return (client, done) => {
    client.query<{ check_value: Buffer }>(text, [bookId]).then(
      ({ rows: [row] }) =>
        row === undefined || row.check_value.equals(checkValue) ? done() : done(anotherDataKey()),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
    );
  };
}

/** The one line about a key that is not the book's. */
export function anotherDataKey(): DatabaseStartError {
  return new DatabaseStartError(
    'the database was encrypted with another data key than this: use its own (FLORIN_DATA_KEY, or data.key in the data folder); a rotation that was cut off is finished by `florin data-key rotate`',
  );
}
