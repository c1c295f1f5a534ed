import type { Command } from 'commander';
import { newDataKeyText } from '#lib/data-key.ts';
import type { OutputOptions, Shell } from '../shell.ts';

/** `data-key`: a fresh one for FLORIN_DATA_KEY. Changes nothing and needs no database. */
export function addDataKeyCommand(program: Command, shell: Shell): void {
  program
    .command('data-key')
    .description('print a fresh FLORIN_DATA_KEY, with which a new bank encrypts what is secret')
    .option('--json', 'print JSON')
    .action((options: OutputOptions) => {
      const dataKey = newDataKeyText();
      return shell.show(options, { dataKey }, () => dataKey);
    });
}
