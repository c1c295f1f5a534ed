import { Command } from 'commander';
import { addAccountCommands } from './commands/account.ts';
import { addApiCommand } from './commands/api.ts';
import { addApiKeyCommands } from './commands/api-key.ts';
import { addAuditCommands } from './commands/audit.ts';
import { addBackupCommands } from './commands/backup.ts';
import { addBenchCommand } from './commands/bench.ts';
import { addBeneficiaryCommands } from './commands/beneficiary.ts';
import { addBusinessDateCommands } from './commands/business-date.ts';
import { addCalendarCommands } from './commands/calendar.ts';
import { addCashCommands } from './commands/cash.ts';
import { addConfigCommand } from './commands/config.ts';
import { addCustomerCommands } from './commands/customer.ts';
import { addDataKeyCommand } from './commands/data-key.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addEndOfDayCommand } from './commands/end-of-day.ts';
import { addHoldCommands } from './commands/hold.ts';
import { addKeysCommands } from './commands/keys.ts';
import { addLimitCommands } from './commands/limit.ts';
import { addLoanCommands } from './commands/loan.ts';
import { addLoginCommands } from './commands/login.ts';
import { addMigrateCommand } from './commands/migrate.ts';
import { addPaymentCommands } from './commands/payment.ts';
import { addReverseCommand } from './commands/reverse.ts';
import { addServeCommand } from './commands/serve.ts';
import { addStandingOrderCommands } from './commands/standing-order.ts';
import { addStatementCommand } from './commands/statement.ts';
import { addTransactionCommands } from './commands/transaction.ts';
import { addTransferCommand } from './commands/transfer.ts';
import { addTrialBalanceCommand } from './commands/trial-balance.ts';
import { addUserCommands } from './commands/user.ts';
import { addVerifyCommand } from './commands/verify.ts';
import { addVersionCommand } from './commands/version.ts';

const EXIT_CODES = `
Works on the database itself: DATABASE_URL, or the embedded server in FLORIN_DATA_DIR, beside a running bank or
without one; but login, logout, whoami and api ask a running server, as a user.
Exit code 0: done. 1: refused or failed. 2: wrong usage.`;

/** The whole command line. Failures are thrown: run.ts says them. */
export function createProgram(): Command {
  const program = new Command('florin')
    .description('A bank: customers, accounts and payments on a double-entry ledger.')
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  addServeCommand(program);
  addConfigCommand(program);
  addMigrateCommand(program);
  addDataKeyCommand(program);
  addDemoCommand(program);
  addVerifyCommand(program);
  addBackupCommands(program);
  addAuditCommands(program);
  addBusinessDateCommands(program);
  addCalendarCommands(program);
  addEndOfDayCommand(program);
  addCustomerCommands(program);
  addAccountCommands(program);
  addBeneficiaryCommands(program);
  addCashCommands(program);
  addTransferCommand(program);
  addPaymentCommands(program);
  addReverseCommand(program);
  addHoldCommands(program);
  addStandingOrderCommands(program);
  addLimitCommands(program);
  addTransactionCommands(program);
  addStatementCommand(program);
  addLoanCommands(program);
  addTrialBalanceCommand(program);
  addUserCommands(program);
  addApiKeyCommands(program);
  addKeysCommands(program);
  addLoginCommands(program);
  addApiCommand(program);
  addBenchCommand(program);
  addVersionCommand(program);
  return program;
}
