import pg from 'pg';
import { urlOptions } from '#db/database-url.ts';

/**
 * Values must be written and read in the same way wherever the two servers are and however they are set up. With
 * row_security off, a role that would not see all rows gets an error instead of some rows.
 */
const SETTINGS = {
  statement_timeout: '0',
  lock_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  TimeZone: 'UTC',
  DateStyle: 'ISO',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
  client_encoding: 'UTF8',
  row_security: 'off',
  // Reads from the first row on, not from the position of another reader of the table.
  synchronize_seqscans: 'off',
  search_path: 'public',
};

/** Runs work on a connection as the owner of the database; an abort drops the connection with its work. */
export async function withOwnerClient<Result>(
  databaseUrl: string,
  signal: AbortSignal,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const client = new pg.Client({
    ...urlOptions(databaseUrl),
    application_name: 'florin backup',
    options: Object.entries(SETTINGS)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  });
  // A lost connection fails its query; without a listener the event would also end the process.
  client.on('error', () => undefined);
  await client.connect();
  // A client that is busy when it is ended drops its connection.
  const drop = (): void => void client.end().catch(() => undefined);
  signal.addEventListener('abort', drop, { once: true });
  try {
    return await work(client);
  } catch (error) {
    // The reason for the drop says more than the drop itself.
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', drop);
    await client.end().catch(() => undefined);
  }
}
