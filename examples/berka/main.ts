import { Command } from 'commander';
import { note, type OutputOptions, show } from '#cli/output.ts';
import { ProgressBar } from '#cli/progress.ts';
import { run, withBank } from '#cli/run.ts';
import { collect } from '#cli/values.ts';
import { ImportFailedError } from './errors.ts';
import { type BerkaOptions, importBerka } from './import-berka.ts';
import type { BerkaSummary } from './summary.ts';
import { berkaSummaryView, renderBerkaSummary } from './summary-view.ts';

type ImportOptions = OutputOptions & { readonly transactions?: readonly string[] };

/** `npm run -s berka -- DIR [--transactions FILE]…`. Failures are thrown. */
export function createBerkaProgram(): Command {
  return new Command('berka')
    .description('Load the Czech bank of PKDD’99 into a bank: all of it or nothing, and nothing twice.')
    .argument('<directory>', 'holds account.csv, client.csv, disp.csv … and trans*.csv')
    .option('--transactions <file>', 'a further file of transactions; may be repeated', collect)
    .option('--json', 'print JSON')
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .action(importBank);
}

async function importBank(directory: string, options: ImportOptions): Promise<void> {
  const summary = await importWithProgress({ directory, transactionFiles: options.transactions ?? [] });
  const view = berkaSummaryView(summary);
  await show(options, view, () => renderBerkaSummary(view));
}

async function importWithProgress(options: BerkaOptions): Promise<BerkaSummary> {
  const bar = new ProgressBar();
  try {
    return await withBank(
      ({ services: { context } }) =>
        importBerka(context, {
          ...options,
          onProgress: ({ phase, done, total }) => bar.update(phase, done, total),
        }),
      { longWork: true },
    );
  } catch (error) {
    bar.end();
    // The error's own line names the first problem; whoever fixes the files wants to see more of them.
    if (error instanceof ImportFailedError && error.problems.length > 1) {
      note(`${error.problems.join('\n')}\n`);
    }
    throw error;
  } finally {
    bar.end();
  }
}

if (import.meta.main) {
  await run(() => createBerkaProgram().parseAsync(process.argv.slice(2), { from: 'user' }));
}
