import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';

const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../migrations', import.meta.url));
const MIGRATIONS_TABLE = 'schema_migrations';

/**
 * Brings a database to this version's schema and returns the names of the migrations that ran. Several
 * processes may call it at once: an advisory lock lets one work and the others wait.
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'florin migrate' });
  // A connection that is lost fails its query; unheard, the event would end the process besides.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const done = await runner({
      dbClient: client,
      dir: MIGRATIONS_FOLDER,
      direction: 'up',
      migrationsTable: MIGRATIONS_TABLE,
      checkOrder: true,
      advisoryLockMode: 'wait',
      log: () => undefined,
    });
    return done.map((migration) => migration.name);
  } finally {
    await client.end();
  }
}
