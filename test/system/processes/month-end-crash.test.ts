import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from 'kysely';
import { isoDate } from '#lib/time/dates.ts';
import { CutOffClosing } from './cut-off-closing.ts';
import { createEarningBank, EARNING_ACCOUNTS } from './earning-bank.ts';

/** A handful, to see that it holds; FLORIN_KILL_POINTS=50 takes its time. */
const POINTS = Number(process.env.FLORIN_KILL_POINTS ?? '5');

const closing = new CutOffClosing(await createEarningBank(), isoDate('2026-02-01'), { after });
await closing.runClean(async (db) => {
  const { rows } = await sql`
    select
      (select count(*) > 0 from interest_postings where credit_minor > 0) as earned,
      (select count(*) > 0 from interest_postings where arranged_minor > 0 and unarranged_minor > 0) as owed,
      (select count(*) > 0 from interest_postings where tax_entry_id is not null) as taxed,
      (select count(*) > 0 from account_fees where status = 'charged' and tax_minor > 0) as charged,
      (select count(*) > 0 from account_fees where status = 'due') as due,
      (select count(*) > 0 from account_fees where status = 'not_charged') as waived,
      (select count(*)::int from account_statements) as statements`.execute(db);
  const all = { earned: true, owed: true, taxed: true, charged: true, due: true, waived: true };
  assert.deepEqual(rows, [{ ...all, statements: EARNING_ACCOUNTS }]);
});

test(`after kill -9 at any of ${POINTS} points a month's end goes on, with its interest, taxes, fees and statements`, async (t) => {
  await closing.cutOffAt(POINTS, (line) => t.diagnostic(line));
});

test('four processes at once make the end of a month once', async () => {
  await closing.closeAtOnce(4);
});
