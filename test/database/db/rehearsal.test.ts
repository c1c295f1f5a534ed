import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RawBuilder, sql } from 'kysely';
import { rehearse } from '#db/rehearsal.ts';
import { inTransaction } from '#db/transaction.ts';
import { EUR, newKey, openTestBank, TEST_CALLER } from '#test/support/bank.ts';

const bank = await openTestBank();
const { db, postingPool } = bank.context;
const UNJUDGED = { name: 'UnjudgedError' };
const LOCK = sql`select 1 from books where book_id = 1 for no key update`;

test('a rehearsal reads and locks, and lets go of what it locked', async () => {
  let locked = 0;
  await rehearse(db, () =>
    inTransaction(db, async (tx) => {
      locked = (await LOCK.execute(tx)).rows.length;
      await sql`select 1 from books where book_id = 1 for update`.execute(tx);
    }),
  );
  assert.equal(locked, 1);
  await inTransaction(db, (tx) => sql`select 1 from books for update nowait`.execute(tx));
});

test('what writes is not sent, within a transaction or without', async () => {
  const writes: RawBuilder<unknown>[] = [
    sql`insert into currencies (currency) values ('XXX')`,
    sql`update books set name = 'x'`,
    sql`delete  from books`,
    sql`MERGE INTO books using books b on false when matched then do nothing`,
    sql`with x as (update books set name = 'x' returning 1) select 1`,
  ];
  for (const write of writes) {
    await assert.rejects(
      rehearse(db, () => write.execute(db)),
      UNJUDGED,
    );
    await assert.rejects(
      rehearse(db, () => inTransaction(db, (tx) => write.execute(tx))),
      UNJUDGED,
    );
  }
});

test('nothing is posted, and the connections of the queue are not given', async () => {
  const accountId = await bank.newAccount();
  const cash = { caller: TEST_CALLER, idempotencyKey: newKey(), accountId, amountMinor: 1n, currency: EUR };
  await assert.rejects(
    rehearse(db, () => bank.transactions.deposit({ ...cash, mode: 'cash' })),
    UNJUDGED,
  );
  assert.equal(await bank.balanceOf(accountId), 0n);
  await assert.rejects(
    rehearse(db, () => postingPool.connect()),
    UNJUDGED,
  );
});

test('what the work left running gets no connection after it', async () => {
  const { promise: isOver, resolve } = Promise.withResolvers<void>();
  let late: Promise<unknown> | undefined;
  await rehearse(db, async () => {
    late = isOver.then(() => LOCK.execute(db));
    await LOCK.execute(db);
  });
  resolve();
  await assert.rejects(late!, UNJUDGED);
});

test('what the work throws is thrown, and the connection is free again', async () => {
  for (let time = 0; time < 20; time += 1) {
    await assert.rejects(
      rehearse(db, () => sql`select 1 / 0`.execute(db)),
      { code: '22012' },
    );
  }
  assert.equal((await LOCK.execute(db)).rows.length, 1);
});
