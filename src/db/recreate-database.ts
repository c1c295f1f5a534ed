import { PG_MIGRATE_LOCK_ID } from 'node-pg-migrate';
import pg from 'pg';
import { urlOptions } from './database-url.ts';
import { migrate } from './migrate.ts';

/**
 * Throws away everything in a database, and makes it anew at this version's schema. The database itself stays: a
 * process that starts at the same moment and is connected to it already waits, as for any migration.
 */
export async function recreateDatabase(databaseUrl: string): Promise<void> {
  const client = new pg.Client(urlOptions(databaseUrl));
  // A connection that is lost fails its query; unheard, the event would end the process besides.
  client.on('error', () => undefined);
  await client.connect();
  try {
    // The lock of migrations, of the session: it ends with the connection.
    await client.query('select pg_advisory_lock($1)', [PG_MIGRATE_LOCK_ID]);
    await client.query('drop schema public cascade; create schema public');
  } finally {
    await client.end();
  }
  await migrate(databaseUrl);
}
