import type { Command } from 'commander';
import { loadApi } from '../api/document.ts';
import { NAMES } from '../api/manners.ts';
import { nameOperations } from '../api/names.ts';
import type { OutputOptions, Shell } from '../shell.ts';
import { renderTable } from '../table.ts';

/** `commands`: the command of every operation of the API. */
export function addCommandsCommand(program: Command, shell: Shell): void {
  program
    .command('commands')
    .description('list the command of every operation of the API')
    .option('--json', 'print JSON')
    .action((options: OutputOptions) => listCommands(shell, options));
}

async function listCommands(shell: Shell, options: OutputOptions): Promise<void> {
  const api = loadApi();
  const names = nameOperations(api, NAMES);
  const rows = api.tags.flatMap(({ name: tag }) =>
    api.operations
      .filter((one) => one.tag === tag)
      .map(({ id: operationId, method, path, summary }) => {
        const { group = '', verb = '' } = names.get(operationId) ?? {};
        return { command: `${group} ${verb}`, tag, operationId, method, path, summary };
      }),
  );
  const columns = [
    { title: 'Tag', value: ({ tag }: (typeof rows)[number]) => tag },
    { title: 'Command', value: ({ command }: (typeof rows)[number]) => command },
    { title: 'What it does', value: ({ summary }: (typeof rows)[number]) => summary },
  ];
  await shell.show(options, rows, () => renderTable(shell, columns, rows));
}
