import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { createServices, LAWS } from '#bank/services.ts';
import { type Db, openDatabase } from '#db/database.ts';
import { SeededRandom } from '#demo/random.ts';
import { verifyLaws } from '#ledger/verify.ts';
import { isoDate } from '#lib/time/dates.ts';
import { TEST_DATA_KEY } from '#test/support/data-key.ts';
import { createTestDatabase } from '#test/support/test-database.ts';
import { withContext } from '../../../bench/host/with-context.ts';
import { createDueBank, hashState } from './due-bank.ts';
import { type FlorinProcess, Installation } from './florin-process.ts';

/** So many are enough to hit every step now and then; FLORIN_KILL_POINTS=50 takes its time. */
const POINTS = Number(process.env.FLORIN_KILL_POINTS ?? '8');
const UNTIL = isoDate('2026-01-20');
/** As the command line closes dates. */
const CALLER = { actor: 'cli', role: 'operator' } as const;
const AT_ONCE = 8;

const installation = new Installation({ after });
const bank = await createDueBank();
after(bank.drop);
const random = new SeededRandom(50);

/** Runs work on a copy of the bank, with a connection to look at it. */
async function onCopy<Result>(work: (databaseUrl: string, db: Db) => Promise<Result>): Promise<Result> {
  const { databaseUrl, drop } = await createTestDatabase(bank.databaseUrl);
  const { db, close } = openDatabase({ databaseUrl, poolSize: 2 });
  try {
    return await work(databaseUrl, db);
  } finally {
    await close();
    await drop();
  }
}

const closeDates = (databaseUrl: string) =>
  installation.run(['end-of-day', '--until', UNTIL], { DATABASE_URL: databaseUrl });

/** Long enough for eight processes that start on a machine with other work. */
const END_TIMEOUT_MS = 300_000;

async function assertEnds(...processes: readonly FlorinProcess[]): Promise<void> {
  const deadlineMs = performance.now() + END_TIMEOUT_MS;
  while (processes.some(({ isRunning }) => isRunning) && performance.now() < deadlineMs) await sleep(20);
  for (const florin of processes) {
    assert.deepEqual(await florin.ended(), { exitCode: 0, signal: null }, florin.stderr);
  }
}

/** Goes on where a process was cut off, in this one: that takes less than to start another. */
async function assertDone(databaseUrl: string): Promise<void> {
  await withContext({ databaseUrl, dataKey: TEST_DATA_KEY }, async (context) => {
    const services = createServices(context);
    const { isDone } = await services.endOfDay.closeThrough(CALLER, UNTIL);
    assert.ok(isDone);
    await services.drain();
  });
}

async function assertVerified(db: Db): Promise<void> {
  const broken = (await verifyLaws(db, 1, LAWS)).filter(({ brokenBy }) => brokenBy !== undefined);
  assert.deepEqual(broken, []);
}

/** How far the dates are: steps that are done and those that are begun. */
async function progressOf(db: Db): Promise<string> {
  const { rows } = await sql<{ at: string }>`
    select coalesce(string_agg(business_date || ' ' || name || ' ' || processed, ', '), 'nothing begun') as at
    from end_of_day_steps where status = 'running'
      or (business_date, step_number) in (select business_date, min(step_number) from end_of_day_steps
        where status <> 'completed' group by 1)`.execute(db);
  return rows[0]!.at;
}

/** How many units of work and steps are done: it grows alike on every machine, however fast that is. */
async function workDone(db: Db): Promise<number> {
  const { rows } = await sql<{ done: number }>`
    select (coalesce(sum(processed), 0) + count(*) filter (where status = 'completed'))::int as done
    from end_of_day_steps`.execute(db);
  return rows[0]!.done;
}

/** A clean run: what it leaves, and how much its process had to do. */
const clean = await onCopy(async (databaseUrl, db) => {
  const startedMs = performance.now();
  const florin = closeDates(databaseUrl);
  while ((await progressOf(db)) === 'nothing begun' && florin.isRunning) await sleep(5);
  const firstMs = performance.now() - startedMs;
  await assertEnds(florin);
  const { rows } = await sql<{ status: string; count: number }>`
    select status, count(*)::int as count from standing_order_executions group by 1 order by 1`.execute(db);
  console.log(
    `a clean run: first step after ${Math.round(firstMs)} ms, end after ${Math.round(performance.now() - startedMs)} ms`,
    rows,
  );
  assert.equal(rows.length, 3, 'some are paid, some tried again, some have failed');
  await assertVerified(db);
  return { state: await hashState(db), work: await workDone(db) };
});

test(`after kill -9 at any of ${POINTS} points the end of day goes on and leaves what a clean run leaves`, async (t) => {
  let cutOff = 0;
  for (let point = 1; point <= POINTS; point += 1) {
    const share = random.between(0, 900) / 1_000;
    await onCopy(async (databaseUrl, db) => {
      const florin = closeDates(databaseUrl);
      while ((await workDone(db)) < clean.work * share && florin.isRunning) await sleep(1);
      await florin.kill();
      const at = await progressOf(db);
      if (at !== 'nothing begun') cutOff += 1;
      await assertDone(databaseUrl);
      assert.deepEqual(await hashState(db), clean.state, `cut off at ${at}`);
      if (point % 4 === 0) await assertVerified(db);
      t.diagnostic(`cut off at ${at}`);
    });
  }
  assert.ok(cutOff * 2 > POINTS, `${cutOff} of ${POINTS} were cut off on the way`);
});

test('once more, and eight processes at once, leave what one clean run leaves', async () => {
  await onCopy(async (databaseUrl, db) => {
    const processes = Array.from({ length: AT_ONCE }, () => closeDates(databaseUrl));
    await assertEnds(...processes);
    assert.deepEqual(await hashState(db), clean.state);
    await assertDone(databaseUrl);
    assert.deepEqual(await hashState(db), clean.state);
    await assertVerified(db);
  });
});
