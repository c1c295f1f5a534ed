import { type Command, Option } from 'commander';
import { openStatement } from '#features/transactions/contract.ts';
import { UsageError } from '../failures.ts';
import { findReferredAccount } from '../find-account.ts';
import type { OutputOptions } from '../output.ts';
import { addPeriodOptions, checkPeriod, type PeriodOptions } from '../period.ts';
import { CLI_CALLER, withBank } from '../run.ts';
import { type StatementFormat, writeStatement } from '../statement-formats.ts';
import { type AccountReference, parseAccountReference } from '../values.ts';

const FORMATS: readonly StatementFormat[] = ['table', 'csv', 'json'];

type StatementOptions = OutputOptions & PeriodOptions & { readonly format?: StatementFormat };

/** `statement ACCOUNT`: opening balance, every line with the balance after it, closing balance. */
export function addStatementCommand(program: Command): void {
  const command = program
    .command('statement')
    .description('show the lines of an account, oldest first, between two balances')
    .argument('<account>', 'id, IBAN or number', parseAccountReference)
    .addOption(new Option('--format <format>', 'table if not given').choices(FORMATS))
    .option('--json', 'the same as --format json');
  addPeriodOptions(command).action(showStatement);
}

async function showStatement(reference: AccountReference, options: StatementOptions): Promise<void> {
  checkPeriod(options);
  const format = formatOf(options);
  const { from, to } = options;
  await withBank(
    async ({ services }) => {
      const { id } = await findReferredAccount(services, reference);
      await writeStatement(await openStatement(services.context, CLI_CALLER, id, { from, to }), format);
    },
    { longWork: true },
  );
}

function formatOf({ format, json }: StatementOptions): StatementFormat {
  if (json !== true) return format ?? 'table';
  if (format !== undefined && format !== 'json') {
    throw new UsageError(`--json and --format ${format} contradict each other`);
  }
  return 'json';
}
