import { importBerka } from '#examples/berka/import-berka.ts';
import { BENCH_DATA_KEY } from '../host/data-key.ts';
import { withContext } from '../host/with-context.ts';
import type { DatabaseJob, LoadResult, OnWindow } from './protocol.ts';
import { measureOnce } from './recorder.ts';

type ImportJob = Extract<DatabaseJob, { kind: 'import' }>;

/** Loads the Berka bank into an opened book without entries; counts the rows of all its files. */
export function runImportJob({ databaseUrl, directory }: ImportJob, onWindow: OnWindow): Promise<LoadResult> {
  return withContext({ databaseUrl, dataKey: BENCH_DATA_KEY }, (context) =>
    measureOnce(onWindow, async () => {
      const { records } = await importBerka(context, { directory, transactionFiles: [] });
      return records;
    }),
  );
}
