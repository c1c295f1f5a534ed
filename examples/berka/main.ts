import { Command } from 'commander';
import { ProgressBar } from '#cli/progress.ts';
import { run } from '#cli/run.ts';
import { type OutputOptions, Shell } from '#cli/shell.ts';
import { collect } from '#cli/values.ts';
import { withBank } from '#cli/with-bank.ts';
import { ImportFailedError } from './errors.ts';
import { type BerkaOptions, importBerka } from './import-berka.ts';
import type { BerkaSummary } from './summary.ts';
import { berkaSummaryView, renderBerkaSummary } from './summary-view.ts';

type ImportOptions = OutputOptions & { readonly transactions?: readonly string[] };

/** `npm run -s berka -- DIR [--transactions FILE]…`. Failures are thrown. */
export function createBerkaProgram(shell: Shell): Command {
  return new Command('berka')
    .description('Load the Czech bank of PKDD’99 into a bank: all of it or nothing, and nothing twice.')
    .argument('<directory>', 'holds account.csv, client.csv, disp.csv … and trans*.csv')
    .option('--transactions <file>', 'a further file of transactions; may be repeated', collect)
    .option('--json', 'print JSON')
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .action((directory: string, options: ImportOptions) => importBank(shell, directory, options));
}

async function importBank(shell: Shell, directory: string, options: ImportOptions): Promise<void> {
  const summary = await importWithProgress(shell, {
    directory,
    transactionFiles: options.transactions ?? [],
  });
  const view = berkaSummaryView(summary);
  await shell.show(options, view, () => renderBerkaSummary(shell, view));
}

async function importWithProgress(shell: Shell, options: BerkaOptions): Promise<BerkaSummary> {
  const bar = new ProgressBar(shell);
  try {
    return await withBank(
      shell,
      ({ services: { context } }) =>
        importBerka(context, {
          ...options,
          onProgress: ({ phase, done, total }) => bar.update(phase, done, total),
        }),
      { migrates: true, longWork: true, loads: true },
    );
  } catch (error) {
    bar.end();
    // The error's own line names the first problem; whoever fixes the files wants to see more of them.
    if (error instanceof ImportFailedError && error.problems.length > 1) {
      shell.note(`${error.problems.join('\n')}\n`);
    }
    throw error;
  } finally {
    bar.end();
  }
}

if (import.meta.main) {
  const shell = Shell.ofProcess();
  const argv = process.argv.slice(2);
  process.exitCode = await run(shell, () => createBerkaProgram(shell).parseAsync(argv, { from: 'user' }));
}
