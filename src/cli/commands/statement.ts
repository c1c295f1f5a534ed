import { type Command, Option } from 'commander';
import type { StatementFileFormat } from '#features/statements/contract.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { Accounts } from '../api/accounts.ts';
import { withDoor } from '../api/door.ts';
import { UsageError } from '../failures.ts';
import type { OutputOptions, Shell } from '../shell.ts';
import { parseAccountReference, parseDateValue } from '../values.ts';
import { withBank } from '../with-bank.ts';

const FORMATS = [
  'table',
  'json',
  'csv',
  'csv_semicolon',
  'camt053',
  'camt052',
  'camt054',
  'mt940',
  'ofx',
  'ofx1',
] as const satisfies readonly ('table' | 'json' | StatementFileFormat)[];
type StatementFormat = (typeof FORMATS)[number];

type StatementOptions = OutputOptions & {
  readonly format?: StatementFormat;
  readonly from?: IsoDate;
  readonly to?: IsoDate;
};

/** `statement ACCOUNT`: opening balance, every line with the balance after it, closing balance. */
export function addStatementCommand(program: Command, shell: Shell): void {
  program
    .command('statement')
    .description('show the lines of an account, oldest first, between two balances')
    .argument('<account>', 'id, IBAN or number', (text: string) => parseAccountReference(text).text)
    .addOption(new Option('--format <format>', 'table if not given').choices(FORMATS))
    .option('--from <date>', 'on or after this business date', parseDateValue)
    .option('--to <date>', 'on or before this business date', parseDateValue)
    .option('--json', 'the same as --format json')
    .action((account: string, options: StatementOptions) => showStatement(shell, account, options));
}

/** On the database alone: a statement of any length is read page by page from one state of the books. */
async function showStatement(shell: Shell, account: string, options: StatementOptions): Promise<void> {
  const { from, to } = options;
  if (from !== undefined && to !== undefined && from > to) {
    throw new UsageError(`--from ${from} is after --to ${to}`);
  }
  const format = formatOf(options);
  await withBank(
    shell,
    async ({ services }) => {
      const [{ openStatement }, { OPERATOR }, { writeStatement, writeStatementTable }, { fromTypeId }] =
        await Promise.all([
          import('#features/transactions/contract.ts'),
          import('#bank/operator-door.ts'),
          import('../statement-formats.ts'),
          import('#lib/ids.ts'),
        ]);
      const id = await withDoor(services, {}, (ask) => new Accounts(ask).idOf(account));
      const period = { from, to };
      const accountId = fromTypeId('account', id);
      if (format === 'table') {
        return writeStatementTable(shell, await openStatement(services.context, OPERATOR, accountId, period));
      }
      return writeStatement(shell, await services.statements.ofPeriod(OPERATOR, accountId, period), format);
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
