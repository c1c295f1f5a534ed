import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { BackupError } from '#backup/backup-error.ts';
import { checkBackup } from '#backup/check-backup.ts';
import type { Manifest } from '#backup/manifest.ts';
import { restoreBackup } from '#backup/restore-backup.ts';
import { writeBackup } from '#backup/write-backup.ts';
import { migrate } from '#db/migrate.ts';
import { DataKey, newDataKeyText } from '#lib/data-key.ts';
import { openTestBank } from '#test/support/bank.ts';
import { TEST_DATA_KEY } from '#test/support/data-key.ts';
import { openSecondBook } from '#test/support/second-book.ts';
import { query } from '#test/system/embedded/embedded-server.ts';
import { backUp, bareDatabase, contentOf, namesOf, pathOf, restore } from './backup-file.ts';

const bank = await openTestBank();
await bank.newAccount({ balanceMinor: 5_00n });
await openSecondBook(bank);
const file = pathOf('bank.florin');
await backUp(bank.databaseUrl, file);
const whole = await checkBackup(file, TEST_DATA_KEY);

type Change = Partial<Pick<Parameters<typeof restoreBackup>[0], 'file' | 'signal' | 'onRows'>>;

/** Restores what the manifest says of a file that was checked before. */
function restoreAs(databaseUrl: string, manifest: Manifest, change: Change = {}): Promise<void> {
  return restoreBackup({ databaseUrl, file, manifest, signal: new AbortController().signal, ...change });
}

async function isEmpty(databaseUrl: string): Promise<boolean> {
  return (
    (await query(databaseUrl, "select 1 from pg_class where relnamespace = 'public'::regnamespace"))
      .length === 0
  );
}

test('a database in which a bank or anybody else keeps something is refused and left as it is', async () => {
  const before = await contentOf(bank.databaseUrl);
  await assert.rejects(restore(file, bank.databaseUrl), { code: 'database_not_empty' });
  assert.deepEqual(await contentOf(bank.databaseUrl), before);

  const others = await bareDatabase();
  await query(others, 'create table notes (note text)');
  await assert.rejects(restore(file, others), { code: 'database_not_empty' });
  assert.deepEqual(await namesOf(others), ['notes']);
});

test('a schema without a bank in it, of `migrate` or of a restore that was killed, is taken away first', async () => {
  const migrated = await bareDatabase();
  await migrate(migrated);
  await restore(file, migrated);
  assert.deepEqual(await contentOf(migrated), await contentOf(bank.databaseUrl));
});

test('a backup of a later version is refused, and the database is empty', async () => {
  const database = await bareDatabase();
  const later = { ...whole, migrations: [...whole.migrations, '9999-later'] };
  await assert.rejects(restoreAs(database, later), {
    code: 'backup_too_new',
    message: /with migration 9999-later/,
  });
  assert.ok(await isEmpty(database));
  const columns = whole.tables.map((table) => ({ ...table, columns: table.columns.toReversed() }));
  await assert.rejects(restoreAs(database, { ...whole, tables: columns }), { code: 'backup_changed' });
  assert.ok(await isEmpty(database));
});

test('a file that changes after it was checked is refused in the middle, and the database is empty', async () => {
  const database = await bareDatabase();
  const changing = pathOf('changing.florin');
  copyFileSync(file, changing);
  const inAccounts = readFileSync(file).indexOf('tables/accounts/000001.zst') + 512 + 20;
  const spoil = (bytes: Buffer): Buffer => {
    bytes[inAccounts]! ^= 0xff;
    return bytes;
  };
  for (const change of [spoil, (bytes: Buffer) => bytes.subarray(0, inAccounts)]) {
    writeFileSync(changing, change(readFileSync(file)));
    await assert.rejects(restoreAs(database, whole, { file: changing }), (error) => {
      return error instanceof BackupError && ['backup_changed', 'backup_cut_off'].includes(error.code);
    });
    assert.ok(await isEmpty(database));
  }
});

test('a restore that is stopped leaves an empty database', async () => {
  const database = await bareDatabase();
  const stopping = new AbortController();
  const onRows = (done: number): void => {
    if (done > 100) stopping.abort();
  };
  await assert.rejects(restoreAs(database, whole, { signal: stopping.signal, onRows }), {
    name: 'AbortError',
  });
  assert.ok(await isEmpty(database));
});

test('rows that break a foreign key of the schema are not taken', async () => {
  // A backup cannot hold them; a mistake in reading or writing one could.
  const broken = await bareDatabase();
  await restore(file, broken);
  await query(
    broken,
    'alter table account_holders drop constraint account_holders_book_id_customer_id_fkey',
    "update account_holders set customer_id = '01900000-0000-7000-8000-000000000009'",
  );
  await backUp(broken, pathOf('orphan.florin'));
  const database = await bareDatabase();
  await assert.rejects(restore(pathOf('orphan.florin'), database), /violates foreign key constraint/);
  assert.ok(await isEmpty(database));
});

test('every book of the database comes along', async () => {
  const database = await bareDatabase();
  await restore(file, database);
  assert.deepEqual(await contentOf(database), await contentOf(bank.databaseUrl));
  const books = whole.books.map(({ bookId, name }) => ({ bookId, name }));
  assert.deepEqual(books, [
    { bookId: 1, name: 'Test bank' },
    { bookId: 2, name: 'Other bank' },
  ]);
});

test('an empty database and another data key are refused by a backup, which leaves no file', async () => {
  const nothing = pathOf('nothing.florin');
  await assert.rejects(backUp(await bareDatabase(), nothing), { code: 'no_bank' });
  const signal = new AbortController().signal;
  const other = {
    databaseUrl: bank.databaseUrl,
    dataKey: DataKey.fromText(newDataKeyText()),
    version: '0.0.0',
  };
  await assert.rejects(writeBackup({ ...other, file: nothing, signal }), { code: 'wrong_data_key' });
  // Neither stands in the way of the next one.
  await backUp(bank.databaseUrl, nothing);
});
