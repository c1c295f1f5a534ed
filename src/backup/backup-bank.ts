import { heldDataKey, openBank, reachDatabase, requireDatabase } from '#bank/open-bank.ts';
import { LAWS } from '#bank/services.ts';
import type { Config } from '#config/config.ts';
import { openDatabase } from '#db/database.ts';
import { migrate } from '#db/migrate.ts';
import { type TrailReport, verifyTrail } from '#features/audit/contract.ts';
import { type LawResult, verifyLaws } from '#ledger/verify.ts';
import type { DataKey } from '#lib/data-key.ts';
import { VERSION } from '#src/version.ts';
import { checkBackup } from './check-backup.ts';
import { restoreBackup } from './restore-backup.ts';
import { type WrittenBackup, writeBackup } from './write-backup.ts';

/** Called with the current step and its progress. */
export type OnBackupProgress = (phase: string, done: number, total: number) => void;

export type BackupWork = {
  readonly file: string;
  readonly onProgress: OnBackupProgress;
  readonly signal: AbortSignal;
};

/**
 * Backs up the bank's database as it is, at any version of the schema. Throws BackupError, and the errors of openBank
 * when the database cannot be reached.
 */
export async function backUpBank(
  config: Config,
  { file, onProgress, signal }: BackupWork,
): Promise<WrittenBackup> {
  requireDatabase(config);
  const dataKey = await heldDataKey(config);
  const { databaseUrl, embedded } = await reachDatabase(config);
  const onTable = (done: number, total: number): void => onProgress('writing the tables', done, total);
  try {
    return await writeBackup({ databaseUrl, file, dataKey, version: VERSION, signal, onTable });
  } finally {
    await embedded?.close();
  }
}

/** A restored book, with the results of `verify` and `audit verify`. */
export type RestoredBook = {
  readonly bookId: number;
  readonly name: string;
  readonly businessDate: string;
  readonly laws: readonly LawResult[];
  readonly trail: TrailReport;
};

export type Restored = {
  readonly takenAt: string;
  readonly rows: number;
  /** Migrations that ran after it: the backup was of an older version. */
  readonly migrations: readonly string[];
  readonly books: readonly RestoredBook[];
};

/**
 * Restores a backup into an empty database, brings that to this version's schema and checks every law and the trail
 * of every book. Broken books stay as they were backed up, and the result says so. Throws BackupError before or
 * while it loads, and then the database is empty.
 */
export async function restoreBank(config: Config, work: BackupWork): Promise<Restored> {
  const { file, onProgress, signal } = work;
  const dataKey = await heldDataKey(config);
  const manifest = await checkBackup(file, dataKey);
  const { databaseUrl, embedded } = await reachDatabase(config);
  try {
    const onRows = (done: number, total: number): void => onProgress('loading the tables', done, total);
    await restoreBackup({ databaseUrl, file, manifest, signal, onRows });
    const migrations = await migrate(databaseUrl);
    // As every start does: checks the data key, and seals what an older version had not.
    const bank = await openBank(
      { ...config, dataKey, isReadOnly: false },
      { migrates: true, longWork: true },
    );
    const { dataKey: key } = bank.services.context;
    await bank.close();
    const books: RestoredBook[] = [];
    for (const book of manifest.books) {
      books.push({ ...book, ...(await verifyBook(databaseUrl, book.bookId, key, work)) });
    }
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    return { takenAt: manifest.takenAt, rows, migrations, books };
  } finally {
    await embedded?.close();
  }
}

async function verifyBook(
  databaseUrl: string,
  bookId: number,
  dataKey: DataKey,
  { onProgress, signal }: BackupWork,
): Promise<Pick<RestoredBook, 'laws' | 'trail'>> {
  const { db, abandon } = openDatabase({ databaseUrl, bookId, statementTimeoutMs: 0 });
  const drop = (): void => void abandon();
  signal.addEventListener('abort', drop, { once: true });
  try {
    let done = 0;
    const laws = await verifyLaws(db, bookId, LAWS, () => {
      onProgress('verifying the books', done, LAWS.length);
      done += 1;
    });
    onProgress('verifying the audit trail', 0, 1);
    return { laws, trail: await verifyTrail(db, bookId, { dataKey }) };
  } finally {
    signal.removeEventListener('abort', drop);
    await abandon();
  }
}
