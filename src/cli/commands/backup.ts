import type { Command } from 'commander';
import type { BackupWork, Restored, RestoredBook } from '#backup/backup-bank.ts';
import type { Config } from '#config/config.ts';
import { CommandFailedError } from '../failures.ts';
import { requireFile } from '../input-files.ts';
import { ProgressBar } from '../progress.ts';
import type { OutputOptions, Shell } from '../shell.ts';
import { watchSignals } from '../signals.ts';
import { renderFields } from '../table.ts';

/** `backup` and `restore`. */
export function addBackupCommands(program: Command, shell: Shell): void {
  program
    .command('backup')
    .description('write the whole bank as it is at this moment into one file, beside a running server')
    .argument('<file>', 'must not be there yet; the data key is not in it: keep that elsewhere, and safe')
    .option('--json', 'print JSON')
    .action((file: string, options: OutputOptions) => backUp(shell, file, options));
  program
    .command('restore')
    .description('fill a new, empty database from a backup, bring it to this version and verify it')
    .argument('<file>', 'a backup, of this version or an older one')
    .option('--json', 'print JSON')
    .action((file: string, options: OutputOptions) => restore(shell, file, options));
}

async function backUp(shell: Shell, file: string, options: OutputOptions): Promise<void> {
  const { backUpBank } = await import('#backup/backup-bank.ts');
  const { manifest, bytes } = await withProgress(shell, file, backUpBank);
  const { takenAt, migrations, books, tables } = manifest;
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const view = { file, bytes, takenAt, schema: migrations.at(-1), tables: tables.length, rows, books };
  await shell.show(options, view, () => renderFields(shell, view));
}

async function restore(shell: Shell, file: string, options: OutputOptions): Promise<void> {
  await requireFile(file);
  const { restoreBank } = await import('#backup/backup-bank.ts');
  const restored = await withProgress(shell, file, restoreBank);
  const books = restored.books.map(bookView);
  const view = { file, ...restored, books };
  await shell.show(options, view, () => renderFields(shell, view));
  failIfBroken(restored);
}

function bookView({ bookId, name, businessDate, laws, trail }: RestoredBook) {
  const broken = laws.flatMap(({ name: law, brokenBy }) => (brokenBy === undefined ? [] : [law]));
  const { blockCount, rowCount, unsealedCount, finding = null } = trail;
  return {
    bookId,
    name,
    businessDate,
    laws: laws.length,
    broken,
    trail: { blockCount, rowCount, unsealedCount, finding },
  };
}

/** They are as they were when they were backed up: the restore is done, and the books want looking at. */
function failIfBroken({ books }: Restored): void {
  const broken = books.filter(({ laws }) => laws.some(({ brokenBy }) => brokenBy !== undefined));
  if (broken.length > 0) {
    const names = broken.map(({ bookId }) => `book ${bookId}`).join(', ');
    throw new CommandFailedError(
      'books_broken',
      `what was restored is broken, as it was backed up: ${names}; florin verify says where`,
    );
  }
  const touched = books.find(({ trail }) => trail.finding !== undefined);
  if (touched === undefined) return;
  throw new CommandFailedError(
    'audit_trail_broken',
    `the trail of book ${touched.bookId} is broken, as it was backed up; florin audit verify says where`,
  );
}

/** Shows how far the work is; a signal stops it, and then nothing of it is left. */
async function withProgress<Result>(
  shell: Shell,
  file: string,
  work: (config: Config, options: BackupWork) => Promise<Result>,
): Promise<Result> {
  const { config } = await shell.loadConfig();
  const bar = new ProgressBar(shell);
  const stopping = new AbortController();
  const signals = watchSignals();
  const { signal } = stopping;
  const onProgress: BackupWork['onProgress'] = (phase, done, total) => bar.update(phase, done, total);
  const working = work(config, { file, onProgress, signal });
  signals.leaveBy(async () => {
    stopping.abort();
    await working.catch(() => undefined);
  });
  try {
    return await working;
  } catch (error) {
    await signals.leaving();
    throw error;
  } finally {
    bar.end();
    signals.ignore();
  }
}
