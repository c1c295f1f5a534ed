import type { Command } from 'commander';
import type { seedDemoNow } from '#src/demo.ts';
import { CommandFailedError } from '../failures.ts';
import type { OutputOptions } from '../output.ts';
import { show } from '../output.ts';
import { ProgressBar } from '../progress.ts';
import { withBank } from '../run.ts';
import { renderFields } from '../table.ts';

type DemoSummary = Awaited<ReturnType<typeof seedDemoNow>>;

/** `demo`: a believable small bank, in a database that was not used before. */
export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('fill a new bank with customers, accounts and a year of transactions')
    .option('--json', 'print JSON')
    .action(seedDemo);
}

async function seedDemo(options: OutputOptions): Promise<void> {
  // The demo's people and habits are loaded for this command alone.
  const { seedDemoNow } = await import('#src/demo.ts');
  const bar = new ProgressBar();
  let summary: DemoSummary | undefined;
  try {
    await withBank(() => Promise.resolve(), {
      prepare: async (config, databaseUrl, embedded) => {
        // The demo takes the place of the whole database: who serves from it would know ids that are gone.
        if (embedded?.startedHere === false) {
          throw new CommandFailedError(
            'bank_running',
            'The bank is running; stop it first, or start with the demo',
          );
        }
        summary = await seedDemoNow(config, databaseUrl, embedded, (done, total) =>
          bar.update('a year of transactions', done, total),
        );
      },
    });
  } finally {
    bar.end();
  }
  await show(options, summary, () => renderFields({ ...summary }));
}
