import pg from 'pg';
import { listMigrations } from '#db/list-migrations.ts';
import { BackupError } from './backup-error.ts';
import { listTables, type Table } from './catalog.ts';
import type { BookState } from './manifest.ts';

/** One state of the whole database. */
export type Snapshot = {
  readonly takenAt: string;
  readonly postgres: string;
  readonly migrations: string[];
  readonly books: BookState[];
  /** Check values of the data keys in use, in hex. */
  readonly dataKeyChecks: readonly string[];
  readonly tables: readonly Table[];
};

/**
 * Runs work in one read-only transaction, whose queries all see the database as it was at one moment: whatever was
 * committed before, and nothing since. Its tables are locked against changes of the schema (access share) before that
 * moment; everything else goes on. Throws BackupError `no_bank` where there is none, `database_changing` when the
 * schema changed just then.
 */
export async function inSnapshot<Result>(
  client: pg.Client,
  work: (snapshot: Snapshot) => Promise<Result>,
): Promise<Result> {
  const tables = await listTables(client);
  const migrations = await listMigrations(client);
  if (migrations.length === 0) throw new BackupError('no_bank', 'there is no bank in the database');
  await client.query('begin isolation level repeatable read, read only');
  // The snapshot is taken by the first query after it: a lock needs none.
  const names = tables.map(({ name }) => pg.escapeIdentifier(name)).join(', ');
  await client.query(`lock table ${names} in access share mode`);
  const snapshot = await describe(client);
  if (!isSame(snapshot.tables, tables) || !isSame(snapshot.migrations, migrations)) {
    throw new BackupError('database_changing', 'the database is being migrated: try again after it');
  }
  const result = await work(snapshot);
  await client.query('commit');
  return result;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

async function describe(client: pg.Client): Promise<Snapshot> {
  const moment = await client.query<{ takenAt: string; postgres: string }>(`
    select to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "takenAt",
      current_setting('server_version') as postgres`);
  const books = await client.query<BookState>(`
    select book_id as "bookId", name, business_date::text as "businessDate",
      to_jsonb(books) ->> 'closed_through' as "closedThrough"
    from books order by book_id`);
  const migrations = await listMigrations(client);
  return {
    takenAt: moment.rows[0]?.takenAt ?? '',
    postgres: moment.rows[0]?.postgres ?? '',
    migrations,
    books: books.rows,
    dataKeyChecks: await listDataKeys(client),
    tables: await listTables(client),
  };
}

/** Empty where nothing was sealed yet, or where the schema is older than data keys. */
async function listDataKeys(client: pg.Client): Promise<string[]> {
  const table = await client.query("select to_regclass('public.data_keys') is not null as exists");
  if (table.rows[0]?.exists !== true) return [];
  const keys = await client.query<{ check: string }>(
    `select distinct encode(check_value, 'hex') as check from data_keys order by 1`,
  );
  return keys.rows.map(({ check }) => check);
}
