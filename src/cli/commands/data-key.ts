import type { Command } from 'commander';
import type { DataKeyRotation } from '#bank/rotate-data-key.ts';
import { newDataKeyText } from '#lib/data-key.ts';
import type { OutputOptions, Shell } from '../shell.ts';
import { watchSignals } from '../signals.ts';

/**
 * `data-key`: a fresh one for FLORIN_DATA_KEY. Changes nothing and needs no database. `data-key rotate` puts a new one in
 * place of the bank's.
 */
export function addDataKeyCommand(program: Command, shell: Shell): void {
  const dataKey = program
    .command('data-key')
    .description('print a fresh FLORIN_DATA_KEY, with which a new bank encrypts what is secret')
    .enablePositionalOptions()
    .option('--json', 'print JSON')
    .action((options: OutputOptions) => {
      const text = newDataKeyText();
      return shell.show(options, { dataKey: text }, () => text);
    });
  dataKey
    .command('rotate')
    .description('encrypt with FLORIN_NEW_DATA_KEY all that is secret; every server must be stopped')
    .option('--json', 'print JSON')
    .action((options: OutputOptions) => rotate(shell, options));
}

async function rotate(shell: Shell, options: OutputOptions): Promise<void> {
  const [{ config }, { OPERATOR }, { rotateDataKey }] = await Promise.all([
    shell.loadConfig(),
    import('#bank/operator-door.ts'),
    import('#bank/rotate-data-key.ts'),
  ]);
  const signals = watchSignals();
  try {
    const rotation = await rotateDataKey(config, {
      caller: OPERATOR,
      onProgress: (line) => shell.noteProgress(line),
      onReached: signals.leaveBy,
    });
    const { counts, formerKeyFile } = rotation;
    const view = { counts: counts ?? null, formerKeyFile: formerKeyFile ?? null };
    await shell.show(options, view, () => describe(rotation));
  } catch (error) {
    await signals.leaving();
    throw error;
  } finally {
    signals.ignore();
  }
}

function describe({ counts, formerKeyFile }: DataKeyRotation): string {
  const what =
    counts === undefined
      ? 'The bank has the new data key already.'
      : `The bank has a new data key, and what was secret is encrypted with it (${Object.values(counts).reduce((sum, count) => sum + count, 0)} values).`;
  const next =
    formerKeyFile === undefined
      ? 'Start the servers with FLORIN_DATA_KEY set to it.'
      : `The former key is in ${formerKeyFile}: put it where the backups’ key is kept, and remove it here.`;
  return `${what}\n${next}\nBackups made until now open only with the former key: keep it as long as them.`;
}
