import type { Command } from 'commander';
import { UsageError } from '../failures.ts';

/** `help [COMMAND…]`: the page of a command, however deep it is; commander's own looks at the first word alone. */
export function addHelpCommand(program: Command): void {
  program.helpCommand(false);
  program
    .command('help')
    .description('show the help of a command')
    .argument('[command...]', 'its name, like accounts create')
    .action((names: readonly string[]) => findCommand(program, names).help());
}

function findCommand(program: Command, names: readonly string[]): Command {
  let command = program;
  for (const [index, name] of names.entries()) {
    const found = command.commands.find((one) => one.name() === name || one.aliases().includes(name));
    if (found === undefined) throw new UsageError(`unknown command '${names.slice(0, index + 1).join(' ')}'`);
    command = found;
  }
  return command;
}
