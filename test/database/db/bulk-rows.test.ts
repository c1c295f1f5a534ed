import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bigints, bulkInsert, bulkUpdate, dates, integers, recordSet, texts, uuids } from '#db/bulk-rows.ts';
import { type AnyTx, run } from '#db/session.ts';
import { inPipelinedTransaction, inTransaction } from '#db/transaction.ts';
import type { CustomerId } from '#lib/ids.ts';
import { type IsoDate, isoDate } from '#lib/time/dates.ts';
import { openTestBank } from '#test/support/bank.ts';

const bank = await openTestBank();
const { bookId, db, postingPool } = bank.context;

type Day = { readonly date: IsoDate; readonly name: string };

const insertDays = bulkInsert('holidays').of<Day>({
  name: texts(({ name }) => name),
  holiday_on: dates(({ date }) => date),
});
const renameDays = bulkUpdate('holidays').of<Day & { readonly before: string }>({
  key: { holiday_on: dates(({ date }) => date), name: texts(({ before }) => before) },
  set: { name: texts(({ name }) => name) },
});

const DAYS: readonly Day[] = [
  { date: isoDate('2027-01-01'), name: 'New Year' },
  { date: isoDate('2027-01-06'), name: 'Epiphany' },
];

/** Both kinds of transaction, each of them undone. */
async function undone(work: (tx: AnyTx) => Promise<void>): Promise<void> {
  const enough = new Error('enough');
  const thenStop = async (tx: AnyTx) => {
    await work(tx);
    throw enough;
  };
  await assert.rejects(inTransaction(db, thenStop), enough);
  const pipelined = inPipelinedTransaction(postingPool, thenStop, { untilMs: performance.now() + 9_000 });
  await assert.rejects(pipelined, enough);
}

async function holidays(tx: AnyTx): Promise<unknown[][]> {
  const text = 'select holiday_on, name from holidays where book_id = $1 order by holiday_on';
  const { rows } = await run<{ holiday_on: IsoDate; name: string }>(tx, text, [bookId]);
  return rows.map(({ holiday_on: date, name }) => [date, name]);
}

test('each value reaches its own column, whatever the order in which they are named', async () => {
  await undone(async (tx) => {
    await insertDays(tx, { book_id: bookId }, DAYS);
    assert.deepEqual(await holidays(tx), [
      ['2027-01-01', 'New Year'],
      ['2027-01-06', 'Epiphany'],
    ]);
  });
});

test('rows are found by what they were, and changed', async () => {
  await undone(async (tx) => {
    await insertDays(tx, { book_id: bookId }, DAYS);
    const changes = [{ date: isoDate('2027-01-06'), before: 'Epiphany', name: 'Three Kings' }];
    await renameDays(tx, { book_id: bookId }, changes);
    assert.deepEqual(await holidays(tx), [
      ['2027-01-01', 'New Year'],
      ['2027-01-06', 'Three Kings'],
    ]);
  });
});

test('a row that is no longer what it was is a bug', async () => {
  await undone(async (tx) => {
    await insertDays(tx, { book_id: bookId }, DAYS);
    const changes = DAYS.map(({ date }) => ({ date, before: 'Epiphany', name: 'Three Kings' }));
    await assert.rejects(
      renameDays(tx, { book_id: bookId }, changes),
      /expected 2 rows of holidays, wrote 1/,
    );
  });
});

test('what all rows share is said once, and what is left out keeps its default', async () => {
  const insertCustomers = bulkInsert('customers', { same: ['type', 'legal_name'] }).of<{ id: CustomerId }>({
    customer_id: uuids(({ id }) => id),
    registration_number: texts(({ id }) => id),
    email: texts(() => undefined),
  });
  const ids = [bank.context.ids.next(), bank.context.ids.next()] as CustomerId[];
  await undone(async (tx) => {
    const same = { book_id: bookId, type: 'organisation', legal_name: 'Twins' } as const;
    await insertCustomers(
      tx,
      same,
      ids.map((id) => ({ id })),
    );
    const text = `select customer_id, type, legal_name, registration_number, email, status, version from customers
      where book_id = $1 and legal_name = 'Twins' order by customer_id`;
    const { rows } = await run(tx, text, [bookId]);
    const others = { type: 'organisation', legal_name: 'Twins', email: null, status: 'active', version: 1 };
    assert.deepEqual(
      rows,
      ids.map((id) => ({ customer_id: id, registration_number: id, ...others })),
    );
  });
});

test('a conflict that is left alone is a row not written', async () => {
  const insertNew = bulkInsert('holidays', { onConflict: '(book_id, holiday_on) do nothing' }).of<Day>({
    holiday_on: dates(({ date }) => date),
    name: texts(({ name }) => name),
  });
  await undone(async (tx) => {
    await insertNew(tx, { book_id: bookId }, DAYS);
    await assert.rejects(insertNew(tx, { book_id: bookId }, DAYS), /expected 2 rows of holidays, wrote 0/);
  });
});

test('no rows are no statement', async () => {
  await insertDays({ run: () => assert.fail('nothing is sent') }, { book_id: bookId }, []);
});

test('rows are a table in a statement of one’s own', async () => {
  const PAIRS = recordSet<readonly [number, bigint]>({
    factor: integers(([factor]) => factor),
    amount: bigints(([, amount]) => amount),
  });
  await undone(async (tx) => {
    const text = `select sum(r.factor * r.amount + $1)::int8 as total from ${PAIRS.from}`;
    const pairs = [[2, 10n] as const, [3, 100n] as const];
    const { rows } = await run<{ total: bigint }>(tx, text, [1, ...PAIRS.values(pairs)]);
    assert.equal(rows[0]?.total, 322n);
  });
});
