import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { type Act, commitActs } from '#test/database/api/commit-acts.ts';
import { type Answer, created, openApi, type Problem, refused } from '#test/support/api.ts';
import { FailingDisk, withoutFailingDisk } from '#test/support/failing-disk/failing-disk.ts';
import { assertVerified } from './assert-verified.ts';

const skip = withoutFailingDisk();
if (skip === false) await testFailures();
else test('a flush of the disk that fails at commit', { skip }, () => undefined);

async function testFailures(): Promise<void> {
  const disk = await FailingDisk.open({ after });
  const { databaseUrl } = disk;
  const api = await openApi({ name: 'Bank on a bad disk', through: async () => databaseUrl });
  const { db } = api.bank.context;
  const { keyed, unkeyed } = await commitActs(api);
  let undone = 0;
  for (const [name, prepare] of Object.entries({ ...keyed, ...unkeyed })) {
    test(`${name}: whoever is told that nothing was done finds nothing when the flush of a commit has failed`, async () => {
      const act = await prepare();
      const before = await countRows(db);
      await disk.failNext();
      const answer = await act();
      assert.ok(disk.isSpent, answer.text);
      await disk.recovered();
      const done = await countRows(db);
      if (isUndone(answer)) {
        undone += 1;
        assert.deepEqual(done, before);
      } else if (answer.status >= 300) refused(answer, 503, 'outcome_unknown');
      if (name in keyed) await assertKeySettles(act, answer);
    });
  }

  test('most of them had been done', () => {
    assert.ok(undone * 2 < Object.keys({ ...keyed, ...unkeyed }).length, `${undone} were not done`);
  });

  test('the laws hold after all of it', () => assertVerified(databaseUrl));
}

const NOTHING_DONE = ['authentication_unavailable', 'database_unavailable'];

/** Whether an answer says that nothing was done. */
function isUndone({ status, body }: Answer): boolean {
  return status === 503 && NOTHING_DONE.includes((body as Problem).code);
}

/** Repeated under its key, what was done is answered again, and what was not is done, once. */
async function assertKeySettles(act: Act, first: Answer): Promise<void> {
  const again = await act();
  created(again);
  if (isUndone(first)) assert.equal(again.headers.get('idempotent-replayed'), null);
  if (first.status < 300) assert.equal(again.text, first.text);
  const third = await act();
  assert.equal(third.headers.get('idempotent-replayed'), 'true');
  assert.equal(third.text, again.text);
}

const TABLES = [
  'accounts',
  'audit_log',
  'customers',
  'holds',
  'idempotency_keys',
  'journal_entries',
  'loan_events',
];

/** The rows of what acts leave. */
async function countRows(db: Db): Promise<unknown> {
  const counts = TABLES.map(
    (table) => sql`(select count(*)::int from ${sql.table(table)}) as ${sql.ref(table)}`,
  );
  return (await sql`select ${sql.join(counts)}`.execute(db)).rows;
}
