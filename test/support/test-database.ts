import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Templates } from './templates.ts';

/** What the global setup tells every test process of the run. */
type Run = {
  readonly serverUrl: string;
  readonly run: string;
  readonly templates: Templates;
  /** How databases are copied. */
  readonly strategy: 'file_copy' | 'wal_log';
};

const RUN_VARIABLE = 'FLORIN_TEST_RUN';

/** Test databases are called `florin_test_<run>_<random>`, so that those of a run that was killed can be told. */
export const DATABASE_PREFIX = 'florin_test_';

const INSUFFICIENT_PRIVILEGE = '42501';
const MAX_DROP_ATTEMPTS = 50;
const DROP_PAUSE_MS = 100;

/** Leaves word for the processes that this one starts. */
export function tellTestProcesses(run: Run): void {
  process.env[RUN_VARIABLE] = JSON.stringify(run);
}

/** A database of one test file. */
export type TestDatabase = { readonly databaseUrl: string; readonly drop: () => Promise<void> };

/** A database of its own, migrated and empty; or a copy of another one, to which nobody may be connected. */
export async function createTestDatabase(copyOf?: string): Promise<TestDatabase> {
  const run = currentRun();
  return create(run, copyOf === undefined ? run.templates.empty : new URL(copyOf).pathname.slice(1));
}

/** A database of its own in which the book of the test bank is open. */
export async function createDatabaseWithBook(): Promise<TestDatabase> {
  const run = currentRun();
  return create(run, run.templates.withBook);
}

/** An empty database without even the schema. */
export async function createBareDatabase(): Promise<TestDatabase> {
  return create(currentRun());
}

async function create({ serverUrl, run, strategy }: Run, template?: string): Promise<TestDatabase> {
  const name = `${DATABASE_PREFIX}${run}_${randomBytes(6).toString('hex')}`;
  const copy = template === undefined ? '' : ` template ${template} strategy ${strategy}`;
  await onServer(serverUrl, `create database ${name}${copy}`);
  return { databaseUrl: urlOfDatabase(serverUrl, name), drop: () => dropDatabase(serverUrl, name) };
}

function currentRun(): Run {
  const run = process.env[RUN_VARIABLE];
  if (run === undefined) throw new Error('run tests with npm test -- FILE: it starts the database they need');
  return JSON.parse(run) as Run;
}

/** The address of another database of the same server. */
export function urlOfDatabase(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** An autovacuum that is at work in a database is not ours to end: tried again until it is done. */
async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await onServer(serverUrl, `drop database if exists ${name} with (force)`);
      return;
    } catch (error) {
      const isAutovacuum = error instanceof pg.DatabaseError && error.code === INSUFFICIENT_PRIVILEGE;
      if (!isAutovacuum || attempt >= MAX_DROP_ATTEMPTS) throw error;
      await sleep(DROP_PAUSE_MS);
    }
  }
}

async function onServer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
