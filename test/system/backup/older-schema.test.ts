import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restoreBank } from '#backup/backup-bank.ts';
import { readConfig } from '#config/config.ts';
import { migrate } from '#db/migrate.ts';
import { TEST_DATA_KEY_TEXT } from '#test/support/data-key.ts';
import { describeSchema } from '#test/support/describe-schema.ts';
import { createTestDatabase } from '#test/support/test-database.ts';
import { query } from '#test/system/embedded/embedded-server.ts';
import { backUp, bareDatabase, contentOf, namesOf, pathOf, restore } from './backup-file.ts';

/** The last migration before users, the trail, and data keys. */
const OLD_MIGRATIONS = 8;

const [CUSTOMER, ACCOUNT, CASH, ENTRY] = [1, 2, 3, 4].map((n) => `01900000-0000-7000-8000-00000000000${n}`);

/** A deposit of 100 euros in cash, in the tables of then. */
const OLD_BANK = [
  `insert into books (book_id, name, country, bank_code, business_date)
   values (1, 'Old bank', 'DE', '10010010', '2024-05-02')`,
  `insert into gl_accounts (book_id, gl_code, name, class)
   values (1, '1000', 'Cash', 'asset'), (1, '2000', 'Current accounts', 'liability')`,
  `insert into ledger_accounts (book_id, ledger_account_id, kind, gl_code, currency)
   values (1, '${CASH}', 'internal', '1000', 'EUR')`,
  `insert into ledger_accounts (book_id, ledger_account_id, kind, gl_code, currency, floor_minor, balance_minor,
     seq, last_business_date, last_posted_at)
   values (1, '${ACCOUNT}', 'customer', '2000', 'EUR', 0, 10000, 1, '2024-05-02', '2024-05-02T10:00Z')`,
  `insert into customers (book_id, customer_id, type, given_name, family_name, date_of_birth, national_id)
   values (1, '${CUSTOMER}', 'person', 'Ada', 'Lovelace', '1990-12-10', 'AB-1234')`,
  `insert into products (book_id, product_code, currency, kind, name, gl_code)
   values (1, 'current', 'EUR', 'current', 'Current account', '2000')`,
  `insert into account_numbers (book_id, next_number) values (1, 1000000002)`,
  `insert into accounts (book_id, account_id, customer_id, product_code, currency, number, iban, opened_on)
   values (1, '${ACCOUNT}', '${CUSTOMER}', 'current', 'EUR', '1000000001', 'DE61100100101000000001', '2024-05-02')`,
  `insert into account_holders (book_id, account_id, customer_id) values (1, '${ACCOUNT}', '${CUSTOMER}')`,
  `insert into journal_entries (book_id, entry_id, kind, business_date, value_date, posted_at, actor)
   values (1, '${ENTRY}', 'deposit', '2024-05-02', '2024-05-02', '2024-05-02T10:00Z', 'cli')`,
  `insert into postings (book_id, entry_id, debit_account_id, credit_account_id, currency, amount_minor,
     business_date, credit_seq, credit_balance_minor)
   values (1, '${ENTRY}', '${CASH}', '${ACCOUNT}', 'EUR', 10000, '2024-05-02', 1, 10000)`,
  `insert into transactions (book_id, transaction_id, account_id, type, mode, amount_minor)
   values (1, '${ENTRY}', '${ACCOUNT}', 'deposit', 'cash', 10000)`,
];

const oldBank = await bareDatabase();
await migrate(oldBank, { count: OLD_MIGRATIONS });
await query(oldBank, ...OLD_BANK);
const file = pathOf('old.florin');

test('a backup of an older version is restored at that version', async () => {
  const { manifest } = await backUp(oldBank, file);
  assert.equal(manifest.migrations.at(-1), '0008-transaction-batches');
  const restored = await bareDatabase();
  await restore(file, restored);
  assert.deepEqual(await contentOf(restored), await contentOf(oldBank));
  assert.equal(await describeSchema(restored), await describeSchema(oldBank));
  assert.deepEqual(await query(restored, 'select count(*)::int from schema_migrations'), [{ count: 8 }]);
});

test('… and then brought to this one, sealed with the data key, and verified', async () => {
  const restored = await bareDatabase();
  const config = readConfig({ DATABASE_URL: restored, FLORIN_DATA_KEY: TEST_DATA_KEY_TEXT });
  const signal = new AbortController().signal;
  const phases: string[] = [];
  const report = await restoreBank(config, { file, signal, onProgress: (phase) => phases.push(phase) });
  assert.equal(report.migrations[0], '0009-fewer-checks-a-transaction');
  const [book, ...others] = report.books;
  assert.equal(others.length, 0);
  assert.equal(book?.name, 'Old bank');
  assert.deepEqual(
    book?.laws.filter(({ brokenBy }) => brokenBy !== undefined),
    [],
  );
  assert.equal(book?.trail.finding, undefined);
  assert.equal(book?.trail.unsealedCount, 1);
  const current = await createTestDatabase();
  try {
    assert.equal(await describeSchema(restored), await describeSchema(current.databaseUrl));
  } finally {
    await current.drop();
  }
  const people = await query(restored, 'select national_id is null as gone, given_name from customers');
  assert.deepEqual(people, [{ gone: true, given_name: 'Ada' }]);
  assert.deepEqual(
    [...new Set(phases)],
    ['loading the tables', 'verifying the books', 'verifying the audit trail'],
  );
  assert.ok((await namesOf(restored)).includes('data_keys'));
});
