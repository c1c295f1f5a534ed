import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { migrate } from '#db/migrate.ts';

/** Where the run's server and its template database are; set by the global setup for every test process. */
const SERVER_URL = 'FLORIN_TEST_SERVER_URL';
const TEMPLATE = 'FLORIN_TEST_TEMPLATE';

const INSUFFICIENT_PRIVILEGE = '42501';
const MAX_DROP_ATTEMPTS = 50;
const DROP_PAUSE_MS = 100;

/** Makes the migrated template that every test database is a copy of, and tells test processes of it. */
export async function createTemplate(serverUrl: string): Promise<void> {
  const template = `florin_template_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, `create database ${template}`);
  await migrate(urlOf(serverUrl, template));
  process.env[SERVER_URL] = serverUrl;
  process.env[TEMPLATE] = template;
}

/** Drops the template: an external server keeps nothing of the run. */
export async function dropTemplate(): Promise<void> {
  const { serverUrl, template } = environment();
  await dropDatabase(serverUrl, template);
}

/** A database of its own, migrated and empty; or a copy of another one, to which nobody may be connected. */
export async function createTestDatabase(
  copyOf?: string,
): Promise<{ databaseUrl: string; drop: () => Promise<void> }> {
  const { serverUrl, template: empty } = environment();
  const template = copyOf === undefined ? empty : new URL(copyOf).pathname.slice(1);
  const name = `florin_test_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, `create database ${name} template ${template}`);
  return {
    databaseUrl: urlOf(serverUrl, name),
    drop: () => dropDatabase(serverUrl, name),
  };
}

/** An empty database without even the schema. */
export async function createBareDatabase(): Promise<{ databaseUrl: string; drop: () => Promise<void> }> {
  const { serverUrl } = environment();
  const name = `florin_test_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, `create database ${name}`);
  return {
    databaseUrl: urlOf(serverUrl, name),
    drop: () => dropDatabase(serverUrl, name),
  };
}

function environment(): { serverUrl: string; template: string } {
  const serverUrl = process.env[SERVER_URL];
  const template = process.env[TEMPLATE];
  if (serverUrl === undefined || template === undefined) {
    throw new Error('run tests with npm test -- FILE: it starts the database they need');
  }
  return { serverUrl, template };
}

function urlOf(serverUrl: string, database: string): string {
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
