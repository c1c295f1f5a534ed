import type { Command } from 'commander';
import type { BerkaOptions, BerkaSummary } from '#features/imports/contract.ts';
import { berkaSummaryView, renderBerkaSummary } from '../import-summary.ts';
import type { OutputOptions } from '../output.ts';
import { note, show } from '../output.ts';
import { ProgressBar } from '../progress.ts';
import { withBank } from '../run.ts';
import { collect } from '../values.ts';

type ImportOptions = OutputOptions & { readonly transactions?: readonly string[] };

/** `import berka DIR [--transactions FILE]…`. */
export function addImportCommands(program: Command): void {
  program
    .command('import')
    .description('load the books of another system')
    .command('berka')
    .description('load the Czech bank of PKDD’99: all of it or nothing, and nothing twice')
    .argument('<directory>', 'holds account.csv, client.csv, disp.csv … and trans*.csv')
    .option('--transactions <file>', 'a further file of transactions; may be repeated', collect)
    .option('--json', 'print JSON')
    .action(importBerkaBank);
}

async function importBerkaBank(directory: string, options: ImportOptions): Promise<void> {
  const summary = await importWithProgress({ directory, transactionFiles: options.transactions ?? [] });
  const view = berkaSummaryView(summary);
  await show(options, view, () => renderBerkaSummary(view));
}

async function importWithProgress(options: BerkaOptions): Promise<BerkaSummary> {
  const { ImportFailedError, importBerka } = await import('#features/imports/contract.ts');
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
    // The error's own line tells of the first problem; whoever mends the files wants to see more of them.
    if (error instanceof ImportFailedError && error.problems.length > 1) {
      note(`${error.problems.join('\n')}\n`);
    }
    throw error;
  } finally {
    bar.end();
  }
}
