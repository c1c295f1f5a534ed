import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import pg from 'pg';
import { openDatabase } from '#db/database.ts';
import { inTransaction } from '#db/transaction.ts';
import { recordAudits, Sealer, sealAll } from '#features/audit/contract.ts';
import { TEST_CALLER } from '#test/support/bank.ts';
import { propertyRuns } from '#test/support/property-runs.ts';
import { openTrail } from './trail.ts';

const trail = await openTrail();
const { bank, owner } = trail;

async function count(query: string): Promise<number> {
  return Number((await owner.query<{ count: string }>(query)).rows[0]?.count);
}

const UNSEALED = `select (select count(*) from audit_log) + (select count(*) from journal_entries)
  - (select coalesce(sum(cardinality(audit_ids) + cardinality(entry_ids)), 0) from audit_blocks) as count`;

test('what was there before sealing began is sealed', async () => {
  await trail.deposit();
  await trail.deposit();
  const rows = await count(UNSEALED);
  assert.equal(rows, 6, 'a customer, an account, and two deposits with who made them');
  assert.equal(await trail.seal(), rows);
  assert.equal(await trail.seal(), 0);
  assert.deepEqual(await trail.verify(), {
    blockCount: 1,
    rowCount: rows,
    fingerprintCount: 0,
    unsealedCount: 0,
    finding: undefined,
    findings: [],
  });
});

test('rows whose transaction was open while later ones were sealed are sealed once it is over', async () => {
  const written = Promise.withResolvers<void>();
  const mayCommit = Promise.withResolvers<void>();
  const slow = inTransaction(bank.db, async (tx) => {
    await recordAudits(tx, bank.context, [ACT, ACT]);
    written.resolve();
    await mayCommit.promise;
  });
  await written.promise;
  await trail.deposit();
  await trail.act();
  assert.equal(await trail.seal(), 3);
  const sealed = await rowsOf('audit_log');
  mayCommit.resolve();
  await slow;
  assert.equal(await trail.seal(), 2);
  assert.equal(await trail.seal(), 0);
  assert.equal(
    await rowsOf(`audit_log where audit_id in (select unnest(audit_ids) from audit_blocks where
    block_number < (select max(block_number) from audit_blocks))`),
    sealed,
    'sealing touches no row',
  );
  assert.equal((await trail.verify()).finding, undefined);
});

const ACT = { caller: TEST_CALLER, operation: 'createApiKey', resourceType: 'api_key' } as const;

/** A hash over rows and who last wrote them. */
function rowsOf(table: string): Promise<number> {
  return count(
    `select sum(hashtextextended(a::text || a.xmin::text, 0)) as count from (select *, xmin from ${table}) a`,
  );
}

test('a transaction that is taken back leaves nothing that waits', async () => {
  await assert.rejects(
    inTransaction(bank.db, async (tx) => {
      await recordAudits(tx, bank.context, [ACT]);
      throw new Error('taken back');
    }),
    /taken back/,
  );
  assert.equal(await count('select count(*) from unsealed_rows'), 0);
  assert.equal(await trail.seal(), 0);
});

test('more rows than a block takes go into several, those that wait longest first', async () => {
  await trail.act(4_500);
  await trail.act(1);
  const before = await count('select count(*) from audit_blocks');
  assert.equal(await trail.seal(), 4_501);
  const { rows } = await owner.query<{ rows: number }>(
    'select cardinality(audit_ids) as rows from audit_blocks where block_number > $1 order by block_number',
    [before],
  );
  assert.deepEqual(
    rows.map((row) => row.rows),
    [4_000, 501],
  );
  assert.equal((await trail.verify()).finding, undefined);
});

test('many sealers over several connections seal every row once, and none waits', async () => {
  const databases = Array.from({ length: 3 }, () => openDatabase({ databaseUrl: bank.databaseUrl }));
  const contexts = databases.map(({ db, postingPool }) => ({ ...bank.context, db, postingPool }));
  for (let round = 0; round < 10; round++) {
    await Promise.all([trail.deposit(), trail.act(20), ...contexts.map((context) => sealAll(context))]);
  }
  await trail.seal();
  for (const { close } of databases) await close();
  const report = await trail.verify();
  assert.deepEqual([report.finding, report.unsealedCount], [undefined, 0]);
});

test('a sealer that finds another one at work leaves it alone', async () => {
  await trail.act();
  await owner.query('begin');
  await owner.query('select * from audit_sealing for update');
  assert.equal(await trail.seal(), 0);
  await owner.query('rollback');
  assert.equal(await trail.seal(), 1);
});

test('a sealing that is cut off leaves nothing, and the next one goes on', async () => {
  await trail.act(5);
  const blocks = await count('select count(*) from audit_blocks');
  // The block is the last thing it writes: refused there, all that came before is taken back.
  await owner.query('alter table audit_blocks add constraint not_now check (block_number <= 0) not valid');
  const errors: unknown[] = [];
  const sealer = new Sealer(bank.context, (error) => errors.push(error));
  await sealer.close();
  assert.match(String(errors[0]), /not_now/);
  assert.equal(await count('select count(*) from audit_blocks'), blocks);
  assert.equal(await count(UNSEALED), 5);
  await owner.query('alter table audit_blocks drop constraint not_now');
  await sealer.close();
  assert.equal(await count(UNSEALED), 0);
  assert.equal((await trail.verify()).finding, undefined);
});

test('the connection of a sealer is killed between its steps, and the next one goes on', async () => {
  await trail.act(5);
  await owner.query('begin');
  // It waits for the blocks, with its rows written.
  await owner.query('lock table audit_blocks in share row exclusive mode');
  const sealing = trail.seal();
  const outcome = sealing.then(
    () => 'sealed',
    () => 'killed',
  );
  const waiting = `select count(pg_terminate_backend(pid)) as count from pg_locks
    where relation = 'audit_blocks'::regclass and not granted`;
  while ((await count(waiting)) === 0) await delay(5);
  await owner.query('commit');
  assert.equal(await outcome, 'killed');
  assert.equal(await trail.seal(), 5);
  assert.equal((await trail.verify()).finding, undefined);
});

test('the application can add to the trail, and neither change nor delete what is in it', async () => {
  const app = new pg.Client({
    connectionString: bank.databaseUrl,
    options: '-c role=florin_app -c florin.book_id=1',
  });
  await app.connect();
  for (const table of ['audit_log', 'audit_blocks']) {
    await assert.rejects(app.query(`delete from ${table}`), { code: '42501' });
    await assert.rejects(app.query(`update ${table} set book_id = 1`), { code: '42501' });
    await assert.rejects(app.query(`truncate ${table}`), { code: '42501' });
  }
  await assert.rejects(app.query('update unsealed_rows set row_ids = row_ids'), { code: '42501' });
  await app.end();
});

test('whatever is done between sealings, the trail verifies and nothing is left out', async () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.constant('deposit' as const) },
    { weight: 3, arbitrary: fc.constant('act' as const) },
    { weight: 2, arbitrary: fc.constant('seal' as const) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
      for (const name of steps) await trail[name]();
      await trail.seal();
      const report = await trail.verify();
      assert.deepEqual([report.finding, report.unsealedCount], [undefined, 0]);
    }),
    { numRuns: propertyRuns(15) },
  );
});
