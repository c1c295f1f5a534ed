import { backUpBank, restoreBank } from '#backup/backup-bank.ts';
import { readConfig } from '#config/config.ts';
import { BENCH_DATA_KEY_TEXT } from '../host/data-key.ts';
import type { DatabaseJob, LoadResult, OnWindow } from './protocol.ts';
import { measureOnce } from './recorder.ts';

type BackupJob = Extract<DatabaseJob, { kind: 'backup' | 'restore' }>;

/** Backs a bank up, or restores it and verifies its books, as `florin backup` and `florin restore` do; counts rows. */
export function runBackupJob({ kind, ...job }: BackupJob, onWindow: OnWindow): Promise<LoadResult> {
  return measureOnce(onWindow, () => (kind === 'backup' ? backUp(job) : restore(job)));
}

type Place = Pick<BackupJob, 'databaseUrl' | 'file'>;

async function backUp({ databaseUrl, file }: Place): Promise<number> {
  const { manifest } = await backUpBank(configOf(databaseUrl), workOn(file));
  return manifest.tables.reduce((sum, { rows }) => sum + rows, 0);
}

async function restore({ databaseUrl, file }: Place): Promise<number> {
  const { rows, books } = await restoreBank(configOf(databaseUrl), workOn(file));
  const broken = books.flatMap(({ laws }) => laws.filter(({ brokenBy }) => brokenBy !== undefined));
  if (broken.length > 0) throw new Error(`the restored books are broken: ${JSON.stringify(broken)}`);
  return rows;
}

function configOf(databaseUrl: string) {
  return readConfig({ DATABASE_URL: databaseUrl, FLORIN_DATA_KEY: BENCH_DATA_KEY_TEXT });
}

function workOn(file: string) {
  return { file, onProgress: () => undefined, signal: new AbortController().signal };
}
