import type { Client } from 'pg';
import { hashOfSources } from './hash-of-sources.ts';

/** The databases that test databases are copies of: without a book, and with the test bank's book opened. */
export type Templates = { readonly empty: string; readonly withBook: string };

/** Everything that decides what is in a template: the schema, what opens a book, and this folder's part in it. */
const SOURCES = [
  'migrations/*.sql',
  'src/db/*.ts',
  'src/features/{books,products}/*.ts',
  'src/ledger/*.ts',
  'src/lib/**/*.ts',
  'test/support/{make-template,test-book,templates}.ts',
  'package-lock.json',
];

const PREFIX = 'florin_template_';
/** Two runs that begin together make the templates once. Any number that nobody else uses on the test server. */
const TEMPLATES_LOCK = 1_703_227_601;

/**
 * Makes the templates unless an earlier run left them. They are made under another name and renamed once they are
 * complete, so that a run that was killed leaves nothing that looks whole. Templates of other versions of the
 * sources are dropped when nobody else runs tests. `name` tells apart what must not be shared.
 */
export async function provideTemplates(
  server: Client,
  urlOf: (database: string) => string,
  { name = hashOfSources(SOURCES), isAlone }: { name?: string; isAlone: boolean },
): Promise<Templates> {
  const templates = { empty: `${PREFIX}${name}`, withBook: `${PREFIX}${name}_book` };
  await server.query('select pg_advisory_lock($1)', [TEMPLATES_LOCK]);
  try {
    const found = await listTemplates(server);
    if (!found.includes(templates.withBook)) {
      const { migrateTemplate, openTemplateBook } = await import('./make-template.ts');
      await make(server, templates.empty, undefined, (unfinished) => migrateTemplate(urlOf(unfinished)));
      await make(server, templates.withBook, templates.empty, (unfinished) =>
        openTemplateBook(urlOf(unfinished)),
      );
    }
    if (isAlone) await dropOthers(server, templates);
  } finally {
    await server.query('select pg_advisory_unlock($1)', [TEMPLATES_LOCK]);
  }
  return templates;
}

async function make(
  server: Client,
  name: string,
  copyOf: string | undefined,
  fill: (unfinished: string) => Promise<void>,
): Promise<void> {
  const unfinished = `${name}_unfinished`;
  for (const database of [unfinished, name]) {
    await server.query(`drop database if exists ${database} with (force)`);
  }
  await server.query(`create database ${unfinished}${copyOf === undefined ? '' : ` template ${copyOf}`}`);
  await fill(unfinished);
  await server.query(`alter database ${unfinished} rename to ${name}`);
}

async function listTemplates(server: Client): Promise<string[]> {
  const { rows } = await server.query<{ datname: string }>(
    `select datname from pg_database where starts_with(datname, '${PREFIX}')`,
  );
  return rows.map(({ datname }) => datname);
}

async function dropOthers(server: Client, { empty, withBook }: Templates): Promise<void> {
  for (const database of await listTemplates(server)) {
    if (database !== empty && database !== withBook) {
      await server.query(`drop database if exists ${database} with (force)`);
    }
  }
}
