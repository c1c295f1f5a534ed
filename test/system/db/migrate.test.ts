import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import pg from 'pg';
import { migrate } from '#db/migrate.ts';
import { createBareDatabase } from '#test/support/test-database.ts';
import { query } from '#test/system/embedded/embedded-server.ts';
import { untilTrue } from '#test/system/processes/florin-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'florin-migrations-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const { databaseUrl, drop } = await createBareDatabase();
after(drop);

let count = 0;

/** Adds a migration; its name. */
function write(sql: string): string {
  count += 1;
  const name = `${String(count).padStart(4, '0')}-step`;
  writeFileSync(join(folder, `${name}.sql`), sql);
  return name;
}

async function names(): Promise<unknown[]> {
  return (await query(databaseUrl, 'select name from schema_migrations order by id')).map(({ name }) => name);
}

/** A transaction that has read from a table and goes on: a report, or a backup. */
async function beginReport(t: TestContext, table: string): Promise<{ end: () => Promise<unknown> }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  t.after(() => client.end());
  await client.query('begin isolation level repeatable read');
  await client.query(`select count(*) from ${table}`);
  return { end: () => client.query('commit') };
}

async function someoneWaits(): Promise<boolean> {
  const waiting = await query(
    databaseUrl,
    `select 1 from pg_locks where not granted and relation = 'notes'::regclass`,
  );
  return waiting.length > 0;
}

test('migrations run once and in order, and who comes to a migrated database is told of none', async () => {
  const one = write('create table notes (id int primary key, note text)');
  const two = write("insert into notes select n, 'note ' || n from generate_series(1, 100) as n");
  assert.deepEqual(await migrate(databaseUrl, { folder, count: 1 }), [one]);
  assert.deepEqual(await migrate(databaseUrl, { folder }), [two]);
  assert.deepEqual(await migrate(databaseUrl, { folder }), []);
  assert.deepEqual(await names(), [one, two]);
});

test('a migration that waits behind a report lets those pass who come after it, and is done when that ends', async (t) => {
  const name = write('alter table notes add column author text');
  const report = await beginReport(t, 'notes');
  const migrating = migrate(databaseUrl, { folder });
  await untilTrue(someoneWaits);
  // The migration gives up for the moment after one second; a busy machine adds some.
  await query(databaseUrl, "set statement_timeout = '4s'", 'select count(*) from notes');
  assert.ok(!(await names()).includes(name));
  await report.end();
  assert.deepEqual(await migrating, [name]);
});

test('a migration that never gets its lock ends with one line, and nothing of it is done', async (t) => {
  const name = write('insert into notes (id) values (0); alter table notes add column year int');
  const report = await beginReport(t, 'notes');
  await assert.rejects(migrate(databaseUrl, { folder, maxAttempts: 1 }), {
    name: 'DatabaseStartError',
    message: /cannot be migrated now: a long transaction, perhaps a backup/,
  });
  assert.ok(!(await names()).includes(name));
  assert.deepEqual(await query(databaseUrl, 'select 1 from notes where id = 0'), []);
  await report.end();
  assert.deepEqual(await migrate(databaseUrl, { folder }), [name]);
});

const MAKE_INDEX = `-- Outside a transaction.
-- Each note is there once; it may be long.
drop index concurrently if exists notes_note;
create unique index concurrently notes_note
  on notes (note);
`;

test('an index is made beside those who write, by one of two processes, while a report goes on', async (t) => {
  const name = write(MAKE_INDEX);
  const report = await beginReport(t, 'notes');
  const both = [migrate(databaseUrl, { folder }), migrate(databaseUrl, { folder })];
  const building = `select 1 from pg_stat_progress_create_index where phase like 'waiting for%'`;
  await untilTrue(async () => (await query(databaseUrl, building)).length > 0);
  await query(databaseUrl, "insert into notes (id, note) values (1000, 'meanwhile')");
  await report.end();
  assert.deepEqual((await Promise.all(both)).flat(), [name]);
  assert.deepEqual(await validity(), [{ indisvalid: true }]);
});

test('an index that was cut off in the making is dropped and made again', async () => {
  await query(databaseUrl, "insert into notes (id, note) values (1001, 'twice')", 'drop index notes_note');
  await query(databaseUrl, "insert into notes (id, note) values (1002, 'twice')");
  const name = write(MAKE_INDEX);
  await assert.rejects(migrate(databaseUrl, { folder }), /could not create unique index/);
  assert.deepEqual(await validity(), [{ indisvalid: false }]);
  await query(databaseUrl, 'delete from notes where id = 1002');
  assert.deepEqual(await migrate(databaseUrl, { folder }), [name]);
  assert.deepEqual(await validity(), [{ indisvalid: true }]);
});

function validity(): Promise<readonly Record<string, unknown>[]> {
  return query(databaseUrl, "select indisvalid from pg_index where indexrelid = to_regclass('notes_note')");
}

test('a migration that was edited after it ran is refused by name, and nothing is run', async (t) => {
  const edited = mkdtempSync(join(tmpdir(), 'florin-edited-'));
  t.after(() => rmSync(edited, { recursive: true, force: true }));
  const bare = await createBareDatabase();
  t.after(bare.drop);
  const file = (name: string, sql: string): void => writeFileSync(join(edited, `${name}.sql`), sql);
  file('0001-first', 'create table first (id int);\r\n');
  file('0002-checksums', 'alter table schema_migrations add column checksum text;');
  await migrate(bare.databaseUrl, { folder: edited });
  file('0001-first', 'create table first (id int);\n');
  file('0003-third', 'create table third (id int);');
  assert.deepEqual(await migrate(bare.databaseUrl, { folder: edited }), ['0003-third']);

  file('0003-third', 'create table third (id bigint);');
  file('0004-fourth', 'create table fourth (id int);');
  await assert.rejects(migrate(bare.databaseUrl, { folder: edited }), {
    name: 'DatabaseStartError',
    code: 'migration_edited',
    message: /^the migration 0003-third was edited after it ran/,
  });
  const [row] = await query(bare.databaseUrl, "select to_regclass('fourth') as fourth");
  assert.equal(row?.fourth, null);
});
