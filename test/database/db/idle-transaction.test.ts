import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { inTransaction } from '#db/transaction.ts';
import { openTestBank } from '#test/support/bank.ts';

const bank = await openTestBank();

test('a transaction that falls silent is taken back with its locks after five seconds, and is told 503 when it goes on', async () => {
  const id = await bank.newAccount();
  const lock = sql`select 1 from ledger_accounts where book_id = 1 and ledger_account_id = ${id} for update`;
  let limit: unknown;
  let hasLetGo = false;
  const silent = inTransaction(bank.db, async (tx) => {
    const shown = await sql<{ limit: string }>`
      select current_setting('idle_in_transaction_session_timeout') as "limit"`.execute(tx);
    limit = shown.rows[0]?.limit;
    await sql`set local idle_in_transaction_session_timeout = 300`.execute(tx);
    await lock.execute(tx);
    // This waits until nobody holds the account any more.
    await bank.db.transaction().execute((other) => lock.execute(other));
    hasLetGo = true;
    await lock.execute(tx);
  });
  await assert.rejects(silent, { status: 503, code: 'database_unavailable' });
  assert.equal(limit, '5s');
  assert.ok(hasLetGo);
});
