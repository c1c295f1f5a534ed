import { BOOK_ID, openDatabase } from '#db/database.ts';
import { importBerka } from '#examples/berka/import-berka.ts';
import { randomIds } from '#lib/ids.ts';
import { systemClock } from '#lib/time/clock.ts';
import { BENCH_DATA_KEY } from '../host/data-key.ts';
import type { DatabaseJob, LoadResult, OnWindow } from './protocol.ts';
import { Recorder } from './recorder.ts';

type ImportJob = Extract<DatabaseJob, { kind: 'import' }>;

/** Loads the Berka bank into an opened book without entries; counts the rows of all its files. */
export async function runImportJob(
  { databaseUrl, directory }: ImportJob,
  onWindow: OnWindow,
): Promise<LoadResult> {
  const { db, postingPool, close } = openDatabase({ databaseUrl, statementTimeoutMs: 0 });
  const context = {
    db,
    postingPool,
    bookId: BOOK_ID,
    clock: systemClock,
    ids: randomIds,
    dataKey: BENCH_DATA_KEY,
  };
  const recorder = new Recorder(onWindow);
  try {
    recorder.begin();
    recorder.open();
    const startedMs = performance.now();
    const { records } = await importBerka(context, { directory, transactionFiles: [] });
    recorder.record(startedMs, records);
    recorder.close();
  } finally {
    await close();
  }
  return recorder.result();
}
