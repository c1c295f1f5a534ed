import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, DATABASES } from '../bench.ts';
import { measureJob } from '../host/measure.ts';
import { type Measurement, type Row, RowSkipped } from '../measurement.ts';

const MIB = 1024 * 1024;

export type BackupBench = Pick<Bench, 'plan' | 'folder' | 'longLedger' | 'database'>;

/** The long ledger is backed up, and restored and verified on the same server: in one round, which takes minutes. */
export function backupRows(bench: BackupBench): Row[] {
  const { plan, folder } = bench;
  const file = join(folder, 'long-ledger.florin');
  const postings = (plan.accounts * (1 + 5 * plan.historyBlocks)).toLocaleString('en');
  const common = { group: 'backup', unit: 'rows/s', clients: 1, maxRounds: 1 } as const;
  return [
    {
      ...common,
      id: 'backup',
      title: `backup of ${postings} postings`,
      measure: () => measureBackup(bench, file),
    },
    {
      ...common,
      id: 'restore',
      title: 'its restore, with verification',
      measure: () => measureRestore(bench, file),
    },
  ];
}

async function measureBackup({ longLedger, database }: BackupBench, file: string): Promise<Measurement> {
  rmSync(file, { force: true });
  const { postgres, databaseUrl } = longLedger;
  const measured = await measureJob({ postgres }, (watch) =>
    database.run({ kind: 'backup', databaseUrl, file }, watch),
  );
  return { ...measured, fileMiB: statSync(file).size / MIB };
}

async function measureRestore({ longLedger, database }: BackupBench, file: string): Promise<Measurement> {
  if (!existsSync(file)) throw new RowSkipped('no backup before it');
  const { postgres } = longLedger;
  const databaseUrl = await postgres.createDatabase(DATABASES.restored);
  try {
    return await measureJob({ postgres }, (watch) =>
      database.run({ kind: 'restore', databaseUrl, file }, watch),
    );
  } finally {
    await postgres.dropDatabase(DATABASES.restored);
  }
}
