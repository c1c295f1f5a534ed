import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import type { EmbeddedPostgres } from '#embedded/embedded-postgres.ts';
import { POSTMASTER_VARIABLE, TIMES_VARIABLE } from '#test/runner/processor-time.ts';
import { provideTemplates } from './templates.ts';
import { DATABASE_PREFIX, tellTestProcesses, urlOfDatabase } from './test-database.ts';

/** How a run shows among the server's sessions for as long as it lasts. */
const SESSION_PREFIX = 'florin test run ';

let embedded: EmbeddedPostgres | undefined;
let session: pg.Client | undefined;
let ownTemplates: readonly string[] = [];

/**
 * One server for all runs: an embedded one whose cluster is kept, or the one DATABASE_URL names, on which a run
 * leaves nothing. Databases of runs that were killed are dropped.
 */
export async function globalSetup(): Promise<void> {
  const external = process.env.DATABASE_URL;
  const serverUrl = external ?? (await startEmbedded());
  const run = randomBytes(4).toString('hex');
  session = new pg.Client({ connectionString: serverUrl, application_name: `${SESSION_PREFIX}${run}` });
  session.on('error', () => undefined);
  await session.connect();
  const others = await dropLeftovers(session, run);
  const templates = await provideTemplates(session, (database) => urlOfDatabase(serverUrl, database), {
    ...(external === undefined ? {} : { name: run }),
    isAlone: others.length === 0,
  });
  if (external !== undefined) ownTemplates = [templates.empty, templates.withBook];
  tellTestProcesses({ serverUrl, run, templates, strategy: await chooseStrategy(session) });
  if (process.env[TIMES_VARIABLE] !== undefined) await tellPostmaster(session);
  // Tests that start a server of their own decide for themselves which database it uses.
  delete process.env.DATABASE_URL;
}

export async function globalTeardown(): Promise<void> {
  for (const database of ownTemplates)
    await session?.query(`drop database if exists ${database} with (force)`);
  await session?.end();
  await embedded?.close();
}

async function startEmbedded(): Promise<string> {
  const { openTestServer } = await import('./test-server.ts');
  embedded = await openTestServer();
  return embedded.databaseUrl;
}

/** The parent of the process that serves a session, if the server is on this machine. */
async function tellPostmaster(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  try {
    const stat = readFileSync(`/proc/${rows[0]?.pid}/stat`, 'utf8');
    if (stat.includes('(postgres)')) process.env[POSTMASTER_VARIABLE] = stat.split(' ')[3];
  } catch {
    // The server is elsewhere: the report says nothing of it.
  }
}

/**
 * Copying files takes a sixth of the processor time that logging every page takes, and a checkpoint before and after,
 * which only a server without fsync does at once.
 */
async function chooseStrategy(client: pg.Client): Promise<'file_copy' | 'wal_log'> {
  const { rows } = await client.query<{ fsync: string }>("select current_setting('fsync') as fsync");
  return rows[0]?.fsync === 'off' ? 'file_copy' : 'wal_log';
}

/** Drops the test databases whose run is over, and returns the runs that go on beside this one. */
async function dropLeftovers(client: pg.Client, run: string): Promise<string[]> {
  // First the databases: a run whose database is listed shows its session, unless it is over.
  const databases = await client.query<{ name: string }>(
    'select datname as name from pg_database where starts_with(datname, $1)',
    [DATABASE_PREFIX],
  );
  const sessions = await client.query<{ name: string }>(
    'select application_name as name from pg_stat_activity where starts_with(application_name, $1)',
    [SESSION_PREFIX],
  );
  const runs = sessions.rows
    .map(({ name }) => name.slice(SESSION_PREFIX.length))
    .filter((one) => one !== run);
  for (const { name } of databases.rows) {
    const isInUse = runs.some((one) => name.startsWith(`${DATABASE_PREFIX}${one}_`));
    if (!isInUse) await client.query(`drop database if exists ${name} with (force)`);
  }
  return runs;
}
