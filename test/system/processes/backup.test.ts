import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fromTypeId } from '#lib/ids.ts';
import { TEST_DATA_KEY_TEXT } from '#test/support/data-key.ts';
import { createBareDatabase, createTestDatabase } from '#test/support/test-database.ts';
import { query } from '#test/system/embedded/embedded-server.ts';
import { createCustomer, send } from './bank-client.ts';
import { type FlorinProcess, Installation } from './florin-process.ts';
import { Clients } from './load.ts';
import { refusalHere } from './refusal.ts';

const bank = new Installation({ after });
mkdirSync(bank.dataDir);
const fileOf = (name: string): string => join(bank.dataDir, name);

const FLORIN = fileURLToPath(new URL('../../../bin/florin.mjs', import.meta.url));

/** Of 512 or 1,024 bytes, as shells differ: less than the backup takes. */
const MAX_BLOCKS = 1_000;

/** The backup begins the moment so many answers have come. */
const BACKUP_AT = 200;

async function succeeded(florin: FlorinProcess): Promise<Record<string, unknown>> {
  assert.deepEqual(await florin.ended(), { exitCode: 0, signal: null }, florin.stderr);
  return JSON.parse(florin.stdout);
}

async function refusalOf(florin: FlorinProcess): Promise<string> {
  assert.deepEqual(await florin.ended(), { exitCode: 1, signal: null }, florin.stdout);
  return florin.stderr;
}

async function transactionsOf(databaseUrl: string): Promise<Set<string>> {
  const rows = await query(databaseUrl, 'select transaction_id from transactions');
  return new Set(rows.map((row) => String(row.transaction_id)));
}

test('a backup of a bank under load holds all that was acknowledged before it, and restores to books that verify', async (t) => {
  const source = await createTestDatabase();
  const target = await createBareDatabase();
  t.after(async () => {
    await source.drop();
    await target.drop();
  });
  const file = fileOf('loaded.florin');
  const florin = bank.serve({ DATABASE_URL: source.databaseUrl });
  const clients = await Clients.open(await florin.ready());
  let before: readonly string[] = [];
  let backup: Promise<Record<string, unknown>> | undefined;
  await clients.work(await florin.ready(), (count) => {
    if (count !== BACKUP_AT) return;
    before = clients.acknowledged;
    backup = succeeded(bank.run(['backup', file, '--json'], { DATABASE_URL: source.databaseUrl }));
    void backup.catch(() => undefined).then(() => florin.signal('SIGTERM'));
  });
  const written = await backup;
  assert.deepEqual(await florin.ended(), { exitCode: 0, signal: null });

  const restored = await succeeded(
    bank.run(['restore', file, '--json'], { DATABASE_URL: target.databaseUrl }),
  );
  assert.equal(restored.rows, written?.rows);
  const inBackup = await transactionsOf(target.databaseUrl);
  const inBank = await transactionsOf(source.databaseUrl);
  assert.ok(before.length >= BACKUP_AT);
  assert.deepEqual(
    before.filter((id) => !inBackup.has(fromTypeId('transaction', id))),
    [],
  );
  assert.deepEqual(
    [...inBackup].filter((id) => !inBank.has(id)),
    [],
  );
  assert.ok(inBackup.size < inBank.size, 'the bank stood still meanwhile');
  t.diagnostic(`${before.length} before, ${inBackup.size} in the backup, ${inBank.size} in the end`);

  const again = bank.serve({ DATABASE_URL: target.databaseUrl });
  const account = await query(target.databaseUrl, 'select customer_id from accounts limit 1');
  assert.equal(account.length, 1);
  assert.equal((await send(`${await again.ready()}/v1/accounts`)).status, 200);
});

test('an embedded bank goes from one folder to another, with the data key and not without', async (t) => {
  const old = await Installation.prepared(t);
  const server = old.serve();
  const id = await createCustomer(await server.ready());
  const file = fileOf('embedded.florin');
  await succeeded(old.run(['backup', file, '--json']));
  await server.stop();

  const other = new Installation(t);
  assert.match(
    await refusalOf(other.run(['restore', file])),
    /data\.key is missing, .*\(embedded_database\)\n$/,
  );
  mkdirSync(other.dataDir, { recursive: true });
  copyFileSync(join(old.dataDir, 'data.key'), join(other.dataDir, 'data.key'));
  const { books } = await succeeded(other.run(['restore', file, '--json']));
  assert.ok(Array.isArray(books) && books.length === 1);
  const url = await other.serve().ready();
  assert.equal((await send(`${url}/v1/customers/${id}`)).status, 200);
  assert.match(
    await refusalOf(other.run(['restore', file])),
    /the database is not empty.*\(database_not_empty\)\n$/,
  );
});

test('a disk that is full leaves no file', { skip: process.platform === 'win32' }, async (t) => {
  const { databaseUrl, drop } = await createTestDatabase();
  t.after(drop);
  // Something that does not get smaller.
  await query(
    databaseUrl,
    `insert into books (book_id, name, country, bank_code, business_date) values (1, 'Bank', 'DE', '1', '2026-01-14')`,
    `insert into customers (book_id, customer_id, type, legal_name, registration_number, metadata)
     select 1, gen_random_uuid(), 'organisation', 'x', n::text, jsonb_build_object('noise',
       (select string_agg(md5(n::text || part), '') from generate_series(1, 100) as part))
     from generate_series(1, 1000) as n`,
  );
  const file = fileOf('full.florin');
  // No file may grow beyond this: to a program the same as a disk without room.
  const script = `ulimit -f ${MAX_BLOCKS}; exec "$0" "$@"`;
  const env = { PATH: process.env.PATH, DATABASE_URL: databaseUrl, FLORIN_DATA_KEY: TEST_DATA_KEY_TEXT };
  const args = ['-c', script, process.execPath, FLORIN, 'backup', file];
  await assert.rejects(promisify(execFile)('sh', args, { env }), {
    code: 1,
    stderr: /^writing the tables\nflorin: cannot write .*full\.florin: EFBIG.*\(backup_not_written\)\n$/,
  });
  assert.deepEqual(
    readdirSync(bank.dataDir).filter((name) => name.startsWith('full')),
    [],
  );
  await succeeded(bank.run(['backup', file, '--json'], { DATABASE_URL: databaseUrl }));
  assert.ok(statSync(file).size > 1024 * 1024);
});

test('a refused restore says why in one line with a code', async (t) => {
  const { databaseUrl, drop } = await createBareDatabase();
  t.after(drop);
  const file = fileOf('not-a-backup');
  writeFileSync(file, 'anything else');
  const refusal = await refusalHere(['restore', file], { DATABASE_URL: databaseUrl });
  assert.match(refusal, /^florin: the file is not a backup of florin \(not_a_backup\)$/m);
  const absent = await refusalHere(['restore', `${file}.absent`], { DATABASE_URL: databaseUrl });
  assert.match(absent, /there is no such file \(file_unusable\)$/m);
  assert.ok(existsSync(file));
});
