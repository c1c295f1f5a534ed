import type { Command } from 'commander';
import type { OutputOptions, Shell } from '../shell.ts';
import { renderTable } from '../table.ts';

/** `config`: what is in force. Needs no database, and changes nothing. */
export function addConfigCommand(program: Command, shell: Shell): void {
  program
    .command('config')
    .description('show the configuration that is in force, where each value is from, and no secrets')
    .option('--json', 'print JSON')
    .action(async (options: OutputOptions) => {
      const { effectiveConfig } = await import('#config/effective-config.ts');
      const variables = effectiveConfig(await shell.loadConfig());
      const columns = [
        { title: 'Variable', value: ({ name }: (typeof variables)[number]) => name },
        { title: 'Value', value: ({ value }: (typeof variables)[number]) => value ?? '-' },
        { title: 'From', value: ({ from }: (typeof variables)[number]) => from },
      ];
      await shell.show(options, variables, () => renderTable(shell, columns, variables));
    });
}
