import type { Command } from 'commander';
import { effectiveConfig } from '#config/effective-config.ts';
import { loadConfig } from '#config/load-config.ts';
import { type OutputOptions, show } from '../output.ts';
import { renderTable } from '../table.ts';

/** `config`: what is in force. Needs no database, and changes nothing. */
export function addConfigCommand(program: Command): void {
  program
    .command('config')
    .description('show the configuration that is in force, where each value is from, and no secrets')
    .option('--json', 'print JSON')
    .action((options: OutputOptions) => {
      const variables = effectiveConfig(loadConfig());
      const columns = [
        { title: 'Variable', value: ({ name }: (typeof variables)[number]) => name },
        { title: 'Value', value: ({ value }: (typeof variables)[number]) => value ?? '-' },
        { title: 'From', value: ({ from }: (typeof variables)[number]) => from },
      ];
      return show(options, variables, () => renderTable(columns, variables));
    });
}
