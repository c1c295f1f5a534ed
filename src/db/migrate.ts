import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { DatabaseStartError } from './check-server.ts';
import { urlOptions } from './database-url.ts';

const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../migrations', import.meta.url));
const MIGRATIONS_TABLE = 'schema_migrations';

/**
 * Brings a database to this version's schema and returns the names of the migrations that ran. Several
 * processes may call it at once: an advisory lock lets one work and the others wait.
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ ...urlOptions(databaseUrl), application_name: 'florin migrate' });
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

/** Throws DatabaseStartError when the database is not at this version's schema. Changes nothing. */
export async function assertMigrated(databaseUrl: string): Promise<void> {
  const files = await readdir(MIGRATIONS_FOLDER);
  const names = files.filter((file) => file.endsWith('.sql')).map((file) => file.replace(/\.sql$/, ''));
  const done = new Set(await listMigrations(databaseUrl));
  const missing = names.filter((name) => !done.has(name));
  if (missing.length === 0) return;
  throw new DatabaseStartError(
    `the database lacks ${missing.length} of ${names.length} migrations, and FLORIN_READ_ONLY=on leaves it as it is: run \`florin migrate\` without it first`,
  );
}

async function listMigrations(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ ...urlOptions(databaseUrl), application_name: 'florin migrate' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows: tables } = await client.query(
      `select from pg_class where oid = to_regclass('${MIGRATIONS_TABLE}')`,
    );
    if (tables.length === 0) return [];
    const { rows } = await client.query<{ name: string }>(`select name from ${MIGRATIONS_TABLE}`);
    return rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
}
