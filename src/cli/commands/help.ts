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
    if (found === undefined) throw unknownCommand(names.slice(0, index + 1), command);
    command = found;
  }
  return command;
}

/** Names the commands that there are in its place: `open` is `create` here. */
function unknownCommand(names: readonly string[], parent: Command): UsageError {
  const unknown = `unknown command '${names.join(' ')}'`;
  if (names.length === 1) return new UsageError(`${unknown}: florin --help lists the commands`);
  const siblings = parent.commands.map((one) => one.name()).join(', ');
  return new UsageError(`${unknown}: ${names.slice(0, -1).join(' ')} has ${siblings}`);
}
