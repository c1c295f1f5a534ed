import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import pg from 'pg';
import { createServices } from '#bank/services.ts';
import { type Database, openDatabase } from '#db/database.ts';
import { openBook } from '#features/books/contract.ts';
import { newKey, openTestBank, TEST_CALLER } from '#test/support/bank.ts';

/** A query of a table that asks for no book. */
type Rows = { readonly rows: readonly Record<string, unknown>[]; readonly rowCount: number | null };

const bank = await openTestBank();
const other = openDatabase({ databaseUrl: bank.databaseUrl, bookId: 2 });
const owner = new pg.Client({ connectionString: bank.databaseUrl });
// The bank's end drops the database under it.
owner.on('error', () => undefined);
await owner.connect();
after(async () => {
  await owner.end();
  await other.close();
});

const otherContext = { ...bank.context, db: other.db, postingPool: other.postingPool, bookId: 2 };
await openBook(otherContext, {
  name: 'Other bank',
  country: 'DE',
  bankCode: '10010010',
  timeZone: 'Europe/Berlin',
});
const otherBank = createServices(otherContext);
await bank.newAccount({ balanceMinor: 100n });
const own = openDatabase({ databaseUrl: bank.databaseUrl });
after(() => own.close());

const query = ({ pool }: Database, text: string, values: unknown[] = []): Promise<Rows> =>
  pool.query(text, values);

/** Tables that have rows in both books by now. */
const FILLED = [
  'books',
  'gl_accounts',
  'account_numbers',
  'products',
  'ledger_accounts',
  'customers',
  'accounts',
  'account_holders',
  'journal_entries',
  'postings',
  'transactions',
  'data_keys',
];

test('a second book works beside the first', async () => {
  const identity = { type: 'organisation', legalName: 'Other Ltd', registrationNumber: 'HRB 1' } as const;
  const customer = await otherBank.customers.create(TEST_CALLER, identity, { metadata: {} });
  const currency = (await bank.products.list()).map(({ state }) => state.currency)[0]!;
  const account = await otherBank.accounts.open(TEST_CALLER, {
    customerId: customer.id,
    product: 'current',
    currency,
    overdraftLimitMinor: 0n,
  });
  await otherBank.transactions.deposit({
    caller: TEST_CALLER,
    idempotencyKey: newKey(),
    accountId: account.id,
    amountMinor: 700n,
    currency,
    mode: 'cash',
  });
});

test('a query that asks for no book sees its own alone, in every table', async () => {
  for (const table of FILLED) {
    const books = async (database: Database) =>
      (await query(database, `select distinct book_id from ${table}`)).rows;
    assert.deepEqual(await books(own), [{ book_id: 1 }], table);
    assert.deepEqual(await books(other), [{ book_id: 2 }], table);
    const { rows } = await owner.query(`select count(distinct book_id)::int as books from ${table}`);
    assert.deepEqual(rows, [{ books: 2 }], `${table}: the owner sees both`);
  }
});

test('a query that asks for the other book finds nothing', async () => {
  for (const table of FILLED) {
    const { rows } = await query(own, `select 1 from ${table} where book_id = 2`);
    assert.deepEqual(rows, [], table);
  }
});

test('nothing is written into the other book: no insert, update or delete', async () => {
  const before = await owner.query('select * from customers where book_id = 2');
  const insert = query(own, `insert into gl_accounts values (2, '9999', 'Stolen', 'asset')`);
  await assert.rejects(insert, /row-level security policy for table "gl_accounts"/);
  for (const statement of [
    `update customers set legal_name = 'Stolen' where book_id = 2`,
    'delete from customers where book_id = 2',
    'update ledger_accounts set balance_minor = 0 where book_id = 2',
    `update books set name = 'Stolen' where book_id = 2`,
  ]) {
    assert.equal((await query(own, statement)).rowCount, 0, statement);
  }
  const move = query(own, 'update customers set book_id = 2');
  await assert.rejects(move, /row-level security policy for table "customers"/);
  assert.deepEqual((await owner.query('select * from customers where book_id = 2')).rows, before.rows);
});

test('a session of the application without a book sees nothing and writes nothing', async () => {
  const client = new pg.Client({ connectionString: bank.databaseUrl, options: '-c role=florin_app' });
  await client.connect();
  try {
    for (const state of ['unset', 'empty']) {
      if (state === 'empty') await client.query(`set florin.book_id = ''`);
      for (const table of FILLED) {
        assert.deepEqual((await client.query(`select 1 from ${table}`)).rows, [], `${table}, ${state}`);
      }
      await assert.rejects(
        client.query(`insert into gl_accounts values (1, '9999', 'Nobody’s', 'asset')`),
        /row-level security policy/,
      );
    }
  } finally {
    await client.end();
  }
});

test('RESET comes back to the book that the connection was opened with', async () => {
  const client = await own.pool.connect();
  try {
    await client.query('set florin.book_id = 2');
    await client.query('reset all');
    assert.deepEqual((await client.query('select book_id from books')).rows, [{ book_id: 1 }]);
  } finally {
    client.release();
  }
});
