import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openApi } from '#test/support/api.ts';

const api = await openApi();
const account = await api.newAccount({ balance: '10.00' });

/** One after the other: each starts from what the one before left. */
const LEFT: Readonly<Record<string, string>> = {
  'a row that is inserted into an empty table': `insert into holidays (book_id, holiday_on, name) values (1, '2026-05-01', 'Labour Day')`,
  'a row that is updated': `update holidays set name = 'Labour day' where book_id = 1`,
  'a row that is deleted': 'delete from holidays where book_id = 1',
  'a single letter of a customer': `update customers set given_name = 'Adb' where given_name = 'Ada'`,
};

for (const [what, statement] of Object.entries(LEFT)) {
  test(`${what} is something left behind`, async () => {
    await assert.rejects(
      api.leavesNothing(() => api.asOwner(statement)),
      /something was left behind/,
    );
  });
}

test('a read leaves nothing, and nor does what is rolled back', async () => {
  await api.leavesNothing(() => api.get(`/v1/accounts/${account.id}`));
  await api.leavesNothing(async () => {
    await api.asOwner('begin');
    await api.asOwner('delete from audit_log');
    await api.asOwner('rollback');
  });
});
