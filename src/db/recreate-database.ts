import pg from 'pg';
import { migrate } from './migrate.ts';

/** Throws a database away with everything in it, and makes it anew at this version's schema. */
export async function recreateDatabase(databaseUrl: string): Promise<void> {
  const url = new URL(databaseUrl);
  const name = pg.escapeIdentifier(decodeURIComponent(url.pathname.slice(1)));
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  // A connection that is lost fails its query; unheard, the event would end the process besides.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(`drop database if exists ${name} with (force)`);
    await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  await migrate(databaseUrl);
}
