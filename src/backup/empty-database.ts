import pg from 'pg';
import { listMigrations } from '#db/list-migrations.ts';
import { BackupError } from './backup-error.ts';
import { listTables } from './catalog.ts';

/** Tables that migrations fill themselves. */
const FILLED_BY_MIGRATIONS = ['currencies'];

const RELATIONS = `
  select relname as name from pg_class
  where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')`;

/**
 * Drops a schema in which no bank was opened: of `florin migrate`, or of an unfinished restore. Throws BackupError
 * `database_not_empty` when anything else is there. The caller holds the lock of migrations.
 */
export async function emptyDatabase(client: pg.Client): Promise<void> {
  const relations = (await client.query<{ name: string }>(RELATIONS)).rows.map(({ name }) => name);
  if (relations.length === 0) return;
  // Tables that are not Florin's.
  if ((await listMigrations(client)).length === 0) throw notEmpty();
  for (const { name } of await listTables(client)) {
    if (FILLED_BY_MIGRATIONS.includes(name)) continue;
    const { rows } = await client.query(`select 1 from ${pg.escapeIdentifier(name)} limit 1`);
    if (rows.length > 0) throw notEmpty();
  }
  await client.query(`drop table ${relations.map((name) => pg.escapeIdentifier(name)).join(', ')} cascade`);
}

function notEmpty(): BackupError {
  return new BackupError(
    'database_not_empty',
    'the database is not empty: a backup is restored into a new one, and nothing is written over',
  );
}
