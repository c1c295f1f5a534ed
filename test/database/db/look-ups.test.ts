import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { uuids } from '#db/bulk-rows.ts';
import { type Db, poolsOf } from '#db/database.ts';
import { lookUp } from '#db/look-ups.ts';
import { BOOK } from '#db/row-with.ts';
import { inTransaction } from '#db/transaction.ts';
import { UnitOfWork } from '#db/unit-of-work.ts';
import type { AccountId } from '#lib/ids.ts';
import { openTestBank } from '#test/support/bank.ts';

const bank = await openTestBank();
const { db } = bank;

type Row = { readonly n: number; readonly id: AccountId; readonly seq: bigint };

/** The text says which statements are this one. */
const LOOK_UP = 'select asked.n::int, l.ledger_account_id as id, l.seq from';
const seqOf = lookUp<AccountId, Row>({
  asks: { id: uuids((id) => id) },
  select: (asked) =>
    sql`${sql.raw(LOOK_UP)} ${asked} join ledger_accounts l on l.book_id = ${BOOK} and l.ledger_account_id = asked.id`,
});
const fail = lookUp<AccountId, Row>({
  asks: { id: uuids((id) => id) },
  select: (asked) => sql`select (1 / 0) as n, asked.id from ${asked} where ${BOOK}::int = 1`,
});

/** How often the statement was sent meanwhile: the driver is watched, not replaced. */
async function countSent(work: () => Promise<unknown>): Promise<number> {
  const sent = mock.method(pg.Client.prototype, 'query');
  try {
    await work();
    return sent.mock.calls.filter(({ arguments: [config] }) => textOf(config).includes(LOOK_UP)).length;
  } finally {
    sent.mock.restore();
  }
}

function textOf(config: unknown): string {
  if (typeof config === 'string') return config;
  return typeof config === 'object' && config !== null && 'text' in config ? String(config.text) : '';
}

async function setSeq(tx: Db, id: AccountId, seq: bigint): Promise<void> {
  await tx
    .updateTable('ledger_accounts')
    .set({ seq })
    .where('book_id', '=', 1)
    .where('ledger_account_id', '=', id)
    .execute();
}

const missing = '01900000-0000-7000-8000-000000000000' as AccountId;

test('what is asked together is one statement, and each has its own answer', async () => {
  const [one, two] = [await bank.newAccount(), await bank.newAccount({ balanceMinor: 1n })];
  const asked = [one, two, missing, one];
  const sent = await countSent(async () => {
    const answers = await Promise.all(asked.map((id) => seqOf(db, 1, id)));
    assert.deepEqual(
      answers.map((rows) => rows.map(({ id, seq }) => [id, seq])),
      [[[one, 0n]], [[two, 1n]], [], [[one, 0n]]],
    );
  });
  assert.equal(sent, 1);
});

test('what is asked later is asked again', async () => {
  const id = await bank.newAccount();
  const sent = await countSent(async () => {
    await seqOf(db, 1, id);
    await setSeq(db, id, 5n);
    assert.equal((await seqOf(db, 1, id))[0]?.seq, 5n);
  });
  assert.equal(sent, 2);
});

test('what is asked while all connections are busy waits together', async () => {
  const id = await bank.newAccount();
  const { reading } = poolsOf(db);
  const connections = await Promise.all(Array.from({ length: reading.use.max }, () => reading.connect()));
  const sent = await countSent(async () => {
    const asks: Promise<unknown>[] = [];
    for (let turn = 0; turn < 30; turn++) {
      asks.push(seqOf(db, 1, id));
      await new Promise(setImmediate);
    }
    for (const connection of connections) connection.release();
    await Promise.all(asks);
  });
  assert.equal(sent, 1);
});

test('what is quick does not wait for statements that are slow', async () => {
  const slow = lookUp<AccountId, Row>({
    asks: { id: uuids((id) => id) },
    select: (asked) =>
      sql`select asked.n::int, pg_sleep(0.5)::text as id from ${asked} where ${BOOK}::int = 1`,
  });
  const id = await bank.newAccount();
  const ended: string[] = [];
  const slowOnes: Promise<unknown>[] = [];
  for (let turn = 0; turn < 2; turn++) {
    slowOnes.push(slow(db, 1, id).then(() => ended.push('slow')));
    await delay(5);
  }
  await seqOf(db, 1, id).then(() => ended.push('quick'));
  await Promise.all(slowOnes);
  assert.deepEqual(ended, ['quick', 'slow', 'slow']);
});

test('a statement takes no more than its bound', async () => {
  const id = await bank.newAccount();
  const asks = () => Promise.all(Array.from({ length: 65 }, () => seqOf(db, 1, id)));
  assert.equal(await countSent(asks), 2);
});

test('within a transaction it sees what the transaction did, in its place', async () => {
  const id = await bank.newAccount();
  await inTransaction(db, async (tx) => {
    await setSeq(tx, id, 7n);
    assert.equal((await seqOf(tx, 1, id))[0]?.seq, 7n);
    assert.equal((await seqOf(db, 1, id))[0]?.seq, 0n);
  });
  assert.equal((await seqOf(db, 1, id))[0]?.seq, 7n);
});

test('… and within a unit of work', async () => {
  const id = await bank.newAccount();
  const unit = await UnitOfWork.begin(db);
  await unit.within(async () => {
    await setSeq(db, id, 9n);
    assert.equal((await seqOf(db, 1, id))[0]?.seq, 9n);
  });
  assert.equal((await seqOf(db, 1, id))[0]?.seq, 0n);
  await unit.rollBack();
});

test('a failure is that of all who asked, and of nobody after them', async () => {
  const id = await bank.newAccount();
  const failures = await Promise.allSettled([fail(db, 1, id), fail(db, 1, id)]);
  assert.deepEqual(
    failures.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.equal((await seqOf(db, 1, id)).length, 1);
});

test('the connections of look-ups write nothing', async () => {
  const write = lookUp<AccountId, Row>({
    asks: { id: uuids((id) => id) },
    select: (asked) => sql`update ledger_accounts l set seq = 1 from ${asked}
      where l.book_id = ${BOOK} and l.ledger_account_id = asked.id returning asked.n::int`,
  });
  await assert.rejects(write(db, 1, await bank.newAccount()), { code: '25006' });
});
