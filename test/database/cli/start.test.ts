import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import pg from 'pg';
import { openDatabase } from '#db/database.ts';
import { migrate } from '#db/migrate.ts';
import { createBareDatabase, createTestDatabase } from '#test/support/test-database.ts';
import { ADA, assertRefused, florinAt, openAccounts, openFlorin, runFlorin } from './florin.ts';

const florin = await openFlorin();

test('a database that cannot be reached is one line and exit 1', async () => {
  const result = await runFlorin(['customers', 'list'], {
    DATABASE_URL: 'postgres://u:secret@127.0.0.1:1/none',
  });
  assertRefused(
    result,
    1,
    /^florin: cannot use the database at 127\.0\.0\.1:1\/none: .*\(database_unavailable\)$/m,
  );
  assert.ok(!result.stderr.includes('secret'));
});

test('a wrong variable is one line that names it, and exit 1', async () => {
  const DATABASE_URL = florin.databaseUrl;
  const wrong: [Record<string, string>, RegExp][] = [
    [{ DATABASE_URL: 'mysql://x' }, /^florin: DATABASE_URL takes .*\(configuration\)$/m],
    [{ DATABASE_URL, PORT: '70000' }, /^florin: PORT takes a port .*\(configuration\)$/m],
    [{ DATABASE_URL, FLORIN_COUNTRY: 'Germany' }, /^florin: FLORIN_COUNTRY takes .*\(configuration\)$/m],
  ];
  for (const [env, says] of wrong) assertRefused(await runFlorin(['verify'], env), 1, says);
});

test('migrate names what it ran, and does it once', async () => {
  const { databaseUrl, drop } = await createBareDatabase();
  after(drop);
  const bare = florinAt(databaseUrl);
  const { migrations } = await bare.json('migrate');
  assert.deepEqual((migrations as string[]).slice(0, 2), [
    '0001-roles-and-currencies',
    '0002-books-and-chart-of-accounts',
  ]);
  const again = await bare.run('migrate');
  assert.equal(again.stdout, 'The database has this version’s schema already.\n');
});

test('a database with an older schema is left as it is, and the command says what to run', async () => {
  const { databaseUrl, drop } = await createBareDatabase();
  after(drop);
  await migrate(databaseUrl, { count: 5 });
  const old = florinAt(databaseUrl);
  for (const args of [
    ['customers', 'list'],
    ['transfer', 'acc_01h455vb4pex5vsknk084sn02q', 'acc_01h455vb4pex5vsknk084sn02r', '1'],
    ['verify'],
    ['statement', 'acc_01h455vb4pex5vsknk084sn02q'],
    ['end-of-day'],
    ['keys', 'rotate'],
    ['holidays', 'load', '/dev/null'],
    ['audit', 'verify'],
  ]) {
    const said =
      /^florin: the database lacks \d+ of \d+ migrations: run `florin migrate` first \(schema_outdated\)$/m;
    assertRefused(await old.run(...args), 1, said);
  }
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query('select count(*)::int as count from schema_migrations');
  await client.end();
  assert.deepEqual(rows, [{ count: 5 }]);
  assert.ok(((await old.json('migrate')).migrations as string[]).length > 5);
  assertRefused(await old.run('customers', 'list'), 1, /^florin: no bank in this database: .*\(no_bank\)$/m);
});

test('a newer schema is taken as it is', async () => {
  const newer = await openFlorin();
  const client = new pg.Client({ connectionString: newer.databaseUrl });
  await client.connect();
  await client.query(
    "insert into schema_migrations (name, run_on) values ('9999-of-a-later-version', now())",
  );
  await client.end();
  assert.deepEqual((await newer.json('customers', 'list')).data, []);
});

test('only serve, demo and restore make a bank: every other command says where there is none', async () => {
  const FLORIN_DATA_DIR = join(tmpdir(), `florin-never-${process.pid}`);
  for (const args of [
    ['accounts', 'list'],
    ['audit', 'verify'],
    ['backup', join(tmpdir(), `florin-never-${process.pid}.backup`)],
    ['balance', '1000000001'],
    ['customers', 'create', '--type', 'person', '--given-name', 'Ada', '--family-name', 'Byron'],
    ['end-of-day'],
    ['holidays', 'load', '/dev/null'],
    ['keys', 'rotate'],
    ['migrate'],
    ['statement', '1000000001'],
    ['users', 'list'],
    ['verify'],
  ]) {
    assertRefused(
      await runFlorin(args, { FLORIN_DATA_DIR }),
      1,
      /^florin: no bank in .*florin-never-\d+: `florin serve` makes one, as do demo and restore \(no_bank\)$/m,
    );
  }
  assert.equal(existsSync(FLORIN_DATA_DIR), false);
});

test('no command opens the book of a migrated database', async () => {
  const { databaseUrl, drop } = await createTestDatabase();
  after(drop);
  const closed = florinAt(databaseUrl);
  for (const args of [['customers', 'list'], ['verify'], ['end-of-day'], ['users', 'list']]) {
    assertRefused(await closed.run(...args), 1, /^florin: no bank in this database: .*\(no_bank\)$/m);
  }
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query('select count(*)::int as books from books');
  await client.end();
  assert.deepEqual(rows, [{ books: 0 }]);
});

test('a mistyped variable is named, with the one that was meant', async () => {
  assertRefused(
    await runFlorin(['config'], { FLORIN_DEMOO: 'off' }),
    1,
    /^florin: FLORIN_DEMOO is not a variable of Florin's; FLORIN_DEMO is one \(configuration\)$/m,
  );
});

test('verify names the first bad row of a law that is broken, and exits 1', async () => {
  const [id = ''] = await openAccounts(florin, '10');
  const { db, pool } = openDatabase({ databaseUrl: florin.databaseUrl, asApplication: false });
  const change = (amounts: Record<string, bigint>) =>
    db.updateTable('ledger_accounts').set(amounts).where('kind', '=', 'customer').execute();
  await change({ held_minor: 1n });
  const { stderr: one } = await florin.run('verify');
  await change({ held_minor: 0n, balance_minor: 1_001n });
  await pool.end();
  assert.match(one, /^florin: 1 of \d+ laws is broken \(books_broken\)\n$/);
  const { stdout, stderr, exitCode } = await florin.run('verify');
  assert.match(
    stdout,
    /^BROKEN {2}every account stands where its postings leave it\n +\{.*"balanceMinor": ?1001/m,
  );
  assert.match(stderr, /^florin: \d+ of \d+ laws are broken \(books_broken\)\n$/);
  assert.equal(exitCode, 1);
  const result = await florin.run('verify', '--json');
  const { ok, laws } = JSON.parse(result.stdout);
  assert.equal(ok, false);
  assert.ok(
    laws.some(({ holds }: { holds: boolean }) => holds) &&
      laws.some(({ holds }: { holds: boolean }) => !holds),
  );
  assert.equal(result.exitCode, 1);
  assert.match(id, /^acc_/);
});

test('the demo refuses a bank that is in use', async () => {
  await florin.json('customers', 'create', ...ADA);
  assertRefused(await florin.run('demo'), 1, /\(book_exists\)$/m);
});
