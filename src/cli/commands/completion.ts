import { Argument, type Command } from 'commander';
import { completionScript, SHELLS, type ShellName } from '../completion.ts';
import type { Shell } from '../shell.ts';

/** `completion bash|zsh|fish`: a script for the shell, made from the commands that there are. */
export function addCompletionCommand(program: Command, shell: Shell, allCommands: () => Command): void {
  program
    .command('completion')
    .description('print a script that completes commands and options: source <(florin completion bash)')
    .addArgument(new Argument('<shell>', 'your shell').choices(SHELLS))
    .action(async (name: ShellName) => {
      await shell.write(completionScript(allCommands(), name));
    });
}
