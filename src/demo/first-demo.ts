import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EMBEDDED_ADMIN_EMAIL } from '#bank/first-admin.ts';
import type { Config } from '#config/config.ts';
import { BOOK_ID, type Db, openDatabase } from '#db/database.ts';
import { gatherStatistics } from '#db/gather-statistics.ts';
import { recreateDatabase } from '#db/recreate-database.ts';
import { withDirectoryLock } from '#embedded/directory-lock.ts';
import type { EmbeddedPostgres } from '#embedded/embedded-postgres.ts';
import { assert } from '#lib/assert.ts';
import { commonError } from '#lib/errors.ts';
import { systemClock } from '#lib/time/clock.ts';
import { dateAt } from '#lib/time/dates.ts';
import { demoError } from './errors.ts';
import { type DemoSummary, seedDemo } from './seed.ts';

/** State of the demo data of a data folder. The file is missing until it is decided. */
type DemoState = 'pending' | 'seeded' | 'declined';

/** Called with the part of the year that is done. */
export type OnDemoProgress = (done: number, total: number) => void;

/**
 * Fills the embedded server's bank with the demo at its first start, unless FLORIN_DEMO is off or the bank has been
 * used before. An interrupted seeding starts again: nobody had access yet. Returns what was seeded.
 */
export async function seedFirstDemo(
  config: Config,
  databaseUrl: string,
  onProgress?: OnDemoProgress,
): Promise<DemoSummary | undefined> {
  if (config.isReadOnly) return undefined;
  // Two processes may start at once: the second waits, and finds the work done.
  return withDirectoryLock(join(config.dataDir, 'demo.lock'), () => decide(config, databaseUrl, onProgress));
}

async function decide(
  config: Config,
  databaseUrl: string,
  onProgress?: OnDemoProgress,
): Promise<DemoSummary | undefined> {
  const file = join(config.dataDir, 'demo');
  const state = await readState(file);
  if (state === 'seeded' || state === 'declined') return undefined;
  if (state === undefined && (!config.demo || (await isUsed(databaseUrl)))) {
    await writeState(file, 'declined');
    return undefined;
  }
  await writeState(file, 'pending');
  await recreateDatabase(databaseUrl);
  const summary = await seed(config, databaseUrl, onProgress);
  await writeState(file, 'seeded');
  return summary;
}

/** Whether the embedded server's bank is a demo, or becomes one with this start. */
export async function isDemoBank(config: Config): Promise<boolean> {
  if (config.databaseUrl !== undefined) return false;
  const state = await readState(join(config.dataDir, 'demo'));
  return state === undefined ? config.demo : state !== 'declined';
}

/** Whether the embedded server's bank is a complete demo. */
export async function isSeededDemo(config: Config): Promise<boolean> {
  return config.databaseUrl === undefined && (await readState(join(config.dataDir, 'demo'))) === 'seeded';
}

/**
 * Fills a bank with the demo on demand. Throws 503 `read_only`, 409 `book_exists` when the bank has customers or entries, or when
 * an external database's book was opened before.
 */
export async function seedDemoNow(
  config: Config,
  databaseUrl: string,
  embedded: EmbeddedPostgres | undefined,
  onProgress?: OnDemoProgress,
): Promise<DemoSummary> {
  if (config.isReadOnly) throw commonError('read_only');
  if (await isUsed(databaseUrl)) {
    throw demoError('book_exists');
  }
  // A database on an external server is not ours to recreate.
  if (embedded === undefined) return seed(config, databaseUrl, onProgress);
  const file = join(config.dataDir, 'demo');
  await writeState(file, 'declined');
  await recreateDatabase(databaseUrl);
  const summary = await seed(config, databaseUrl, onProgress);
  await writeState(file, 'seeded');
  return summary;
}

async function seed(config: Config, databaseUrl: string, onProgress?: OnDemoProgress): Promise<DemoSummary> {
  const { dataKey } = config;
  assert(dataKey !== undefined, 'a database that was reached has a data key');
  // Long work in a cluster that nobody has analysed yet: no request waits for it.
  const { db, postingPool, close } = openDatabase({ databaseUrl, statementTimeoutMs: 0 });
  try {
    const summary = await seedDemo(
      { db, postingPool, bookId: BOOK_ID, dataKey },
      {
        book: config.book,
        today: dateAt(systemClock.nowMs(), config.book.timeZone),
        ...(onProgress === undefined ? {} : { onProgress: ({ done, total }) => onProgress(done, total) }),
      },
    );
    await gatherStatistics(databaseUrl);
    return summary;
  } finally {
    await close();
  }
}

async function isUsed(databaseUrl: string): Promise<boolean> {
  const { db, pool } = openDatabase({ databaseUrl, asApplication: false });
  try {
    return (await hasRow(db, 'customers')) || (await hasRow(db, 'journal_entries')) || (await hasStaff(db));
  } finally {
    await pool.end();
  }
}

/** Users other than the first administrator, whom every start of the server creates again. */
async function hasStaff(db: Db): Promise<boolean> {
  const rows = await db.selectFrom('users').select('email').orderBy('user_id').limit(2).execute();
  return rows.some(({ email }) => email !== EMBEDDED_ADMIN_EMAIL);
}

async function hasRow(db: Db, table: 'customers' | 'journal_entries'): Promise<boolean> {
  const row = await db.selectFrom(table).select('book_id').limit(1).executeTakeFirst();
  return row !== undefined;
}

async function readState(file: string): Promise<DemoState | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  const states: readonly DemoState[] = ['pending', 'seeded', 'declined'];
  return states.find((state) => state === text?.trim());
}

/** All or nothing: a truncated state is ignored, and half a demo would pass for somebody's bank. */
async function writeState(file: string, state: DemoState): Promise<void> {
  const unfinished = `${file}.new`;
  await writeFile(unfinished, `${state}\n`, { flush: true });
  await rename(unfinished, file);
}
