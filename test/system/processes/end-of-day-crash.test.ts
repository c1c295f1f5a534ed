import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from 'kysely';
import { isoDate } from '#lib/time/dates.ts';
import { CutOffClosing } from './cut-off-closing.ts';
import { createDueBank } from './due-bank.ts';

/** So many are enough to hit every step now and then; FLORIN_KILL_POINTS=50 takes its time. */
const POINTS = Number(process.env.FLORIN_KILL_POINTS ?? '8');

/** A day after instalments of deposits fall due, on which those that were not paid are missed. */
const UNTIL = isoDate('2026-01-22');

const closing = new CutOffClosing(await createDueBank(), UNTIL, { after });
await closing.runClean(async (db) => {
  const { rows } = await sql<{ status: string; count: number }>`
    select status, count(*)::int as count from standing_order_executions group by 1 order by 1`.execute(db);
  assert.equal(rows.length, 3, 'some are paid, some tried again, some have failed');
});

test(`after kill -9 at any of ${POINTS} points the end of day goes on and leaves what a clean run leaves`, async (t) => {
  await closing.cutOffAt(POINTS, (line) => t.diagnostic(line));
});

test('once more, and eight processes at once, leave what one clean run leaves', async () => {
  await closing.closeAtOnce(8);
});
