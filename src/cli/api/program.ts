import type { Command } from 'commander';
import type { Shell } from '../shell.ts';
import { addOperation } from './command.ts';
import { loadApi, type Operation } from './document.ts';
import { NAMES, SHORTCUTS } from './manners.ts';
import { nameOperations } from './names.ts';
import { planOf } from './plan.ts';

/**
 * Adds a command for every operation of the API, in the order of its tags, and the short ways to say some. Of a
 * command line that is known, only the commands that it may mean get their options: there are a thousand in all.
 */
export function addApiCommands(program: Command, shell: Shell, argv?: readonly string[]): void {
  const isMeant = (...names: readonly string[]): boolean =>
    argv === undefined || argv.includes('help') || names.every((name) => argv.includes(name));
  const api = loadApi();
  const names = nameOperations(api, NAMES);
  for (const { name: tag } of api.tags) {
    program.commandsGroup(`${tag}:`);
    for (const operation of api.operations.filter((one) => one.tag === tag)) {
      const name = names.get(operation.id);
      if (name === undefined) continue;
      const group = groupOf(program, name.group);
      // A command made by hand takes the place of the operation's own.
      if (findCommand(group, name.verb) !== undefined) continue;
      const command = group.command(name.verb).description(summaryOf(operation));
      if (isMeant(name.group, name.verb)) addOperation(command, shell, planOf(operation, api));
    }
    for (const shortcut of SHORTCUTS) {
      const operation = findOperation(api.operations, shortcut.operationId);
      if (operation.tag !== tag) continue;
      const command = program.command(shortcut.name).description(shortcut.description);
      if (isMeant(shortcut.name)) addOperation(command, shell, planOf(operation, api, shortcut));
    }
  }
  describeGroups(program);
}

function summaryOf({ summary }: Operation): string {
  return `${summary.charAt(0).toLowerCase()}${summary.slice(1)}`;
}

function findOperation(operations: readonly Operation[], id: string): Operation {
  const operation = operations.find((one) => one.id === id);
  if (operation === undefined) throw new TypeError(`the document has no operation ${id}`);
  return operation;
}

/** The command of a resource: the one that is there by hand, or a new one. */
function groupOf(program: Command, name: string): Command {
  return findCommand(program, name) ?? program.command(name);
}

function findCommand(parent: Command, name: string): Command | undefined {
  return parent.commands.find((command) => command.name() === name);
}

/** A group of commands is described by what they do. */
function describeGroups(program: Command): void {
  for (const group of program.commands) {
    if (group.description() !== '') continue;
    group.description(group.commands.map((command) => command.name()).join(', '));
  }
}
