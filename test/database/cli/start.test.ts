import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, test } from 'node:test';
import { openDatabase } from '#db/database.ts';
import { createBareDatabase } from '#test/support/test-database.ts';
import { ADA, assertRefused, florinAt, openAccounts, openFlorin, runFlorin, spawnFlorin } from './florin.ts';

const florin = await openFlorin();

test('a database that cannot be reached is one line and exit 1', async () => {
  const result = await runFlorin(['customer', 'list'], {
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

test('serve ends with 0 at SIGTERM', async () => {
  const env = { DATABASE_URL: florin.databaseUrl, PORT: '0', LOG_LEVEL: 'silent' };
  const child = spawnFlorin(['serve'], env);
  const exited = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), exited]);
  child.kill('SIGTERM');
  assert.deepEqual(await exited, [0, null]);
});

test('a port in use is one line and exit 1', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  after(() => other.close());
  await once(other, 'listening');
  const address = other.address();
  assert.ok(address !== null && typeof address === 'object');
  const result = await runFlorin(['serve'], { DATABASE_URL: florin.databaseUrl, PORT: String(address.port) });
  assertRefused(result, 1, /^florin: port \d+ on 127\.0\.0\.1 is in use; set PORT .*\(address_unusable\)$/m);
});

test('verify names the first bad row of a law that is broken, and exits 1', async () => {
  const [id = ''] = await openAccounts(florin, '10');
  const { db, pool } = openDatabase({ databaseUrl: florin.databaseUrl, asApplication: false });
  await db
    .updateTable('ledger_accounts')
    .set({ balance_minor: 1_001n })
    .where('kind', '=', 'customer')
    .execute();
  await pool.end();
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
  await florin.json('customer', 'create', ...ADA);
  assertRefused(await florin.run('demo'), 1, /\(book_exists\)$/m);
});
