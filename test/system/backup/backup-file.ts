import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { checkBackup } from '#backup/check-backup.ts';
import { restoreBackup } from '#backup/restore-backup.ts';
import { type WrittenBackup, writeBackup } from '#backup/write-backup.ts';
import { TEST_DATA_KEY } from '#test/support/data-key.ts';
import { createBareDatabase } from '#test/support/test-database.ts';
import { query } from '#test/system/embedded/embedded-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'florin-backup-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A path in a folder that goes with the test file. */
export function pathOf(name: string): string {
  return join(folder, name);
}

/** Writes a backup in this process. */
export function backUp(databaseUrl: string, file: string): Promise<WrittenBackup> {
  const signal = new AbortController().signal;
  return writeBackup({ databaseUrl, file, dataKey: TEST_DATA_KEY, version: '0.0.0', signal });
}

/** Checks a backup and restores it, without bringing it to a later version. */
export async function restore(file: string, databaseUrl: string): Promise<void> {
  const manifest = await checkBackup(file, TEST_DATA_KEY);
  await restoreBackup({ databaseUrl, file, manifest, signal: new AbortController().signal });
}

/** A database with nothing in it, gone after the test file. */
export async function bareDatabase(): Promise<string> {
  const { databaseUrl, drop } = await createBareDatabase();
  after(drop);
  return databaseUrl;
}

/** The number of rows of every table, and a hash over all that is in them. */
export async function contentOf(databaseUrl: string): Promise<Record<string, string>> {
  const tables = await namesOf(databaseUrl);
  const parts = tables.map(
    (name) => `select '${name}' as name,
      count(*) || ' rows, ' || coalesce(sum(hashtextextended(t::text, 0)), 0) as state from ${name} t`,
  );
  const rows = await query(databaseUrl, parts.join(' union all '));
  return Object.fromEntries(rows.map(({ name, state }) => [String(name), String(state)]));
}

/** All that is in a database besides the migrations that have run. */
export async function namesOf(databaseUrl: string): Promise<string[]> {
  const rows = await query(
    databaseUrl,
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
       and relname <> 'schema_migrations' order by 1`,
  );
  return rows.map(({ name }) => String(name));
}
