import { readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { DatabaseStartError } from './check-server.ts';
import { urlOptions } from './database-url.ts';
import { listMigrations, MIGRATIONS_TABLE } from './list-migrations.ts';
import { loadMigrations } from './load-migrations.ts';
import { assertChecksums, recordChecksums } from './migration-checksums.ts';
import { takeMigrationLock } from './migration-lock.ts';
import { isLockRefused } from './postgres-error.ts';

const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../migrations', import.meta.url));

/**
 * How long a statement of a migration may wait for a lock. Later reads and postings of the table queue behind it: this
 * much is not noticed, and well below the time limits of requests.
 */
const LOCK_TIMEOUT_MS = 1_000;
/** Between two attempts waiting requests are served; a migration that waits behind a nightly report gets its turn. */
const PAUSE_MS = 1_000;
/** Two minutes, with the pauses: a lock held for longer will not be released soon. */
const MAX_ATTEMPTS = 60;

export type MigrateOptions = {
  readonly folder?: string;
  /** Runs only this many of the folder's migrations, from the first on. */
  readonly count?: number;
  readonly maxAttempts?: number;
  /** Hears of each migration before it runs: how many have run, of how many that are to run. */
  readonly onMigration?: (name: string, done: number, total: number) => void;
};

/**
 * Brings a database to this version's schema and returns the names of the migrations that ran. Several
 * processes may call it at once: one works and the others wait. Throws DatabaseStartError when somebody keeps a
 * lock that a migration needs: then nothing of that migration was done; `migration_edited` when one that ran is not
 * what its file says.
 */
export async function migrate(databaseUrl: string, options: MigrateOptions = {}): Promise<string[]> {
  return withMigrationLock(databaseUrl, (client) => runMigrations(client, options));
}

/** Runs work on a connection as the owner; nobody else can migrate until it is done. */
export async function withMigrationLock<Result>(
  databaseUrl: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({
    ...urlOptions(databaseUrl),
    application_name: 'florin migrate',
    lock_timeout: LOCK_TIMEOUT_MS,
  });
  // A lost connection fails its query; without a listener the event would also end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await takeMigrationLock(client);
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The same as `migrate`, on a connection of withMigrationLock. */
export async function runMigrations(client: pg.Client, options: MigrateOptions = {}): Promise<string[]> {
  const { folder = MIGRATIONS_FOLDER, count, maxAttempts = MAX_ATTEMPTS } = options;
  const before = await listMigrations(client);
  await assertChecksums(client, folder);
  const log = await progressLog(before, { ...options, folder });
  for (let attempt = 1; ; attempt++) {
    const ran = attempt === 1 ? before : await listMigrations(client);
    try {
      await runner({
        dbClient: client,
        dir: folder,
        direction: 'up',
        migrationsTable: MIGRATIONS_TABLE,
        migrationLoaderStrategies: [{ extensions: ['.sql'], loader: loadMigrations }],
        checkOrder: true,
        noLock: true,
        log,
        ...(count === undefined ? {} : { count: Math.max(0, count - ran.length) }),
      });
      await recordChecksums(client, folder);
      return (await listMigrations(client)).slice(before.length);
    } catch (error) {
      await client.query('rollback');
      if (!isLockRefused(error)) throw error;
      if (attempt >= maxAttempts) throw lockRefused(error);
    }
    await client.query('reset lock_timeout');
    await delay(PAUSE_MS);
  }
}

/** What the runner says before each migration: `### MIGRATION 0001-name (UP) ###`. */
const MIGRATION_LINE = /^### MIGRATION (.+) \(UP\) ###$/;

async function progressLog(
  before: readonly string[],
  { folder, onMigration }: MigrateOptions & { readonly folder: string },
): Promise<(line: string) => void> {
  if (onMigration === undefined) return () => undefined;
  const total = (await readdir(folder)).filter((file) => file.endsWith('.sql')).length - before.length;
  let done = 0;
  return (line) => {
    const name = MIGRATION_LINE.exec(line)?.[1];
    if (name === undefined) return;
    onMigration(name, done, total);
    done += 1;
  };
}

function lockRefused(cause: unknown): DatabaseStartError {
  return new DatabaseStartError(
    'the database cannot be migrated now: a long transaction, perhaps a backup, holds a table that changes; nothing of the migration was done',
    { cause },
  );
}

/**
 * Throws DatabaseStartError `schema_outdated` when the database lacks what this version needs, and `migration_edited`
 * when one that ran is not what its file says. Changes nothing.
 */
export async function assertMigrated(
  databaseUrl: string,
  { isReadOnly = false }: { readonly isReadOnly?: boolean } = {},
): Promise<void> {
  const files = await readdir(MIGRATIONS_FOLDER);
  const names = files.filter((file) => file.endsWith('.sql')).map((file) => file.replace(/\.sql$/, ''));
  const client = new pg.Client({ ...urlOptions(databaseUrl), application_name: 'florin migrate' });
  client.on('error', () => undefined);
  await client.connect();
  let done: string[];
  try {
    done = await listMigrations(client);
    await assertChecksums(client, MIGRATIONS_FOLDER);
  } finally {
    await client.end();
  }
  const missing = names.filter((name) => !done.includes(name));
  if (missing.length === 0) return;
  const advice = isReadOnly
    ? ', and FLORIN_READ_ONLY=on leaves it as it is: run `florin migrate` without it first'
    : ': run `florin migrate` first';
  throw new DatabaseStartError(
    `the database lacks ${missing.length} of ${names.length} migrations${advice}`,
    { code: 'schema_outdated' },
  );
}
