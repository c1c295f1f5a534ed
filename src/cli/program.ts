import { Command } from 'commander';
import { addAccountCommands } from './commands/account.ts';
import { addApiKeyCommands } from './commands/api-key.ts';
import { addAuditCommands } from './commands/audit.ts';
import { addBenchCommand } from './commands/bench.ts';
import { addBusinessDateCommands } from './commands/business-date.ts';
import { addCalendarCommands } from './commands/calendar.ts';
import { addCashCommands } from './commands/cash.ts';
import { addCustomerCommands } from './commands/customer.ts';
import { addDataKeyCommand } from './commands/data-key.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addEndOfDayCommand } from './commands/end-of-day.ts';
import { addHoldCommands } from './commands/hold.ts';
import { addImportCommands } from './commands/import.ts';
import { addKeysCommands } from './commands/keys.ts';
import { addLimitCommands } from './commands/limit.ts';
import { addMigrateCommand } from './commands/migrate.ts';
import { addReverseCommand } from './commands/reverse.ts';
import { addServeCommand } from './commands/serve.ts';
import { addStatementCommand } from './commands/statement.ts';
import { addTransactionCommands } from './commands/transaction.ts';
import { addTransferCommand } from './commands/transfer.ts';
import { addTrialBalanceCommand } from './commands/trial-balance.ts';
import { addUserCommands } from './commands/user.ts';
import { addVerifyCommand } from './commands/verify.ts';
import { addVersionCommand } from './commands/version.ts';

const EXIT_CODES = `
Works on the database itself: DATABASE_URL, or the embedded server in FLORIN_DATA_DIR, beside a running bank or
without one. Exit code 0: done. 1: refused or failed. 2: wrong usage.`;

/** The whole command line. Failures are thrown: run.ts says them. */
export function createProgram(): Command {
  const program = new Command('florin')
    .description('A bank: customers, accounts and payments on a double-entry ledger.')
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  addServeCommand(program);
  addMigrateCommand(program);
  addDataKeyCommand(program);
  addDemoCommand(program);
  addImportCommands(program);
  addVerifyCommand(program);
  addAuditCommands(program);
  addBusinessDateCommands(program);
  addCalendarCommands(program);
  addEndOfDayCommand(program);
  addCustomerCommands(program);
  addAccountCommands(program);
  addCashCommands(program);
  addTransferCommand(program);
  addReverseCommand(program);
  addHoldCommands(program);
  addLimitCommands(program);
  addTransactionCommands(program);
  addStatementCommand(program);
  addTrialBalanceCommand(program);
  addUserCommands(program);
  addApiKeyCommands(program);
  addKeysCommands(program);
  addBenchCommand(program);
  addVersionCommand(program);
  return program;
}
