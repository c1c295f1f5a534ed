import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, DATABASES } from '../bench.ts';
import { measureJob } from '../host/measure.ts';
import { type Row, RowSkipped } from '../measurement.ts';

/** A whole batch of the posting queue's. */
const KERNEL_BATCH = 2_000;
/** Two, so that the next batch waits when one is done. */
const KERNEL_CLIENTS = 2;

const BERKA = join(import.meta.dirname, '../../../shared/data/berka');

/** The kernel behind the API, called in a process of its own, on the bank of the HTTP rows. */
export function kernelRow({ postgres, plan, database }: Bench): Row {
  const { accounts, window } = plan;
  const databaseUrl = postgres.urlOf(DATABASES.bank);
  const work = { clients: KERNEL_CLIENTS, batch: KERNEL_BATCH };
  return {
    id: 'kernel',
    group: 'batch',
    title: `the kernel in process, batches of ${KERNEL_BATCH.toLocaleString('en')}`,
    unit: 'transfers/s',
    clients: KERNEL_CLIENTS,
    measure: () =>
      measureJob({ postgres }, (watch) =>
        database.run({ kind: 'kernel', databaseUrl, accounts, window, ...work }, watch),
      ),
  };
}

/** The bank that the import's tests load: whether it works shows in a moment. Returns its directory. */
async function writeSmallBank(folder: string): Promise<string> {
  const { SMALL_BANK } = await import('#test/database/berka/small-bank.ts');
  const directory = join(folder, 'small-bank');
  mkdirSync(directory, { recursive: true });
  for (const [name, lines] of Object.entries(SMALL_BANK)) {
    writeFileSync(join(directory, name), `${lines.join('\n')}\n`);
  }
  return directory;
}

/** `import berka` into an empty book. Skipped where the files are not there. */
export function importRow({ postgres, plan, database, folder }: Bench): Row {
  return {
    id: 'import-berka',
    group: 'import',
    title: 'import of the Berka bank',
    unit: 'rows/s',
    clients: 1,
    maxRounds: plan.importRounds,
    measure: async () => {
      const directory = plan.importsSmallBank ? await writeSmallBank(folder) : BERKA;
      if (!existsSync(directory)) throw new RowSkipped(`no files in ${directory}`);
      const databaseUrl = await postgres.createDatabase(DATABASES.berka, DATABASES.emptyBook);
      try {
        return await measureJob({ postgres }, (watch) =>
          database.run({ kind: 'import', databaseUrl, directory }, watch),
        );
      } finally {
        await postgres.dropDatabase(DATABASES.berka);
      }
    },
  };
}
