import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SqlSession } from '#db/session.ts';
import { inPipelinedTransaction } from '#db/transaction.ts';
import { openTestBank } from '#test/support/bank.ts';

const bank = await openTestBank();

/** Sends a statement that fails with the SQLSTATE and one behind it, and hears of the one behind first. */
async function failBehind(session: SqlSession, state: string): Promise<void> {
  const failing = session.run(`do $$ begin raise exception using errcode = '${state}'; end $$`, []);
  failing.catch(() => undefined);
  await session.run('select 1', []);
}

function inTime<Result>(work: (session: SqlSession) => Promise<Result>): Promise<Result> {
  return inPipelinedTransaction(bank.context.postingPool, work, { untilMs: performance.now() + 9_000 });
}

test('a full disk is 503 whichever of the statements on their way together is heard first', async () => {
  const work = inTime((session) => failBehind(session, '53100'));
  await assert.rejects(work, { status: 503, code: 'database_unavailable' });
});

test('a deadlock is tried again whichever of the statements on their way together is heard first', async () => {
  let attempts = 0;
  await inTime(async (session) => {
    attempts += 1;
    if (attempts === 1) await failBehind(session, '40P01');
  });
  assert.equal(attempts, 2);
});
