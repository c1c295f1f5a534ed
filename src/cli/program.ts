import { Command } from 'commander';
import { addApiCommands } from './api/program.ts';
import { addApiCommand } from './commands/api.ts';
import { addAuditCommands } from './commands/audit.ts';
import { addBackupCommands } from './commands/backup.ts';
import { addBenchCommand } from './commands/bench.ts';
import { addCommandsCommand } from './commands/commands.ts';
import { addCompletionCommand } from './commands/completion.ts';
import { addConfigCommand } from './commands/config.ts';
import { addDataKeyCommand } from './commands/data-key.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addEndOfDayCommand } from './commands/end-of-day.ts';
import { addHelpCommand } from './commands/help.ts';
import { addHolidayCommands } from './commands/holidays.ts';
import { addImportCommands } from './commands/import.ts';
import { addKeysCommands } from './commands/keys.ts';
import { addLoginCommands } from './commands/login.ts';
import { addMigrateCommand } from './commands/migrate.ts';
import { addServeCommand } from './commands/serve.ts';
import { addStatementCommand } from './commands/statement.ts';
import { addVerifyCommand } from './commands/verify.ts';
import { addVersionCommand } from './commands/version.ts';
import type { Shell } from './shell.ts';

const WHERE = `
What the API does is done on the database itself, with or without a running server, as the operator; or at a server,
as the user of florin login: --server, FLORIN_SERVER, DATABASE_URL, the login, the embedded database of
FLORIN_DATA_DIR, the first of them that there is. Everything else works on the database.
Exit code 0: done. 1: refused or failed. 2: wrong usage.`;

/**
 * The whole command line; for one that is known, only as far as it is needed. Failures are thrown: run.ts says them.
 */
export function createProgram(shell: Shell, argv?: readonly string[]): Command {
  const program = new Command('florin')
    .description('A bank: customers, accounts and payments on a double-entry ledger.')
    .addHelpText('after', WHERE)
    .exitOverride()
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => void shell.write(text),
      writeErr: (text) => shell.note(text),
      outputError: () => undefined,
      getOutHelpWidth: () => shell.width ?? HELP_WIDTH,
      getErrHelpWidth: () => shell.width ?? HELP_WIDTH,
    });
  program.commandsGroup('Running it:');
  addServeCommand(program, shell);
  addMigrateCommand(program, shell);
  addConfigCommand(program, shell);
  addDataKeyCommand(program, shell);
  addDemoCommand(program, shell);
  addVerifyCommand(program, shell);
  addBackupCommands(program, shell);
  addAuditCommands(program, shell);
  addKeysCommands(program, shell);
  addBenchCommand(program);
  addVersionCommand(program, shell);
  addImportCommands(program, shell);
  program.commandsGroup('The command line:');
  addHelpCommand(program);
  addLoginCommands(program, shell);
  addApiCommand(program, shell);
  addCommandsCommand(program, shell);
  addCompletionCommand(program, shell, () => createProgram(shell));
  program.commandsGroup('The bank’s day:');
  addEndOfDayCommand(program, shell);
  addHolidayCommands(program, shell);
  program.commandsGroup('Statements:');
  addStatementCommand(program, shell);
  addApiCommands(program, shell, argv);
  return program;
}

const HELP_WIDTH = 110;
