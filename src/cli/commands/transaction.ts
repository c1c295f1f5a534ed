import { type Command, Option } from 'commander';
import { TRANSACTION_TYPES, type TransactionType, transactionView } from '#features/transactions/contract.ts';
import type { TransactionId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { findReferredAccount } from '../find-account.ts';
import { type OutputOptions, show } from '../output.ts';
import { addPageOptions, nextPageHint, type PageOptions, pageOf } from '../pages.ts';
import { addPeriodOptions, checkPeriod } from '../period.ts';
import { CLI_CALLER, withBank } from '../run.ts';
import { type Column, renderFields, renderList } from '../table.ts';
import { type AccountReference, parseAccountReference, parseTransactionId } from '../values.ts';
import type { TransactionView } from '../views.ts';

/** `transaction show|list`. */
export function addTransactionCommands(program: Command): void {
  const transaction = program.command('transaction').description('what was booked');
  transaction
    .command('show')
    .description('show a transaction')
    .argument('<transaction>', 'the id, txn_…', parseTransactionId)
    .option('--json', 'print JSON')
    .action(showTransaction);
  const list = transaction
    .command('list')
    .description('list transactions, newest first')
    .option('--account <account>', 'of which this is either side: id, IBAN or number', parseAccountReference)
    .addOption(new Option('--type <type>', 'only these').choices(TRANSACTION_TYPES))
    .addOption(new Option('--status <status>', 'only these').choices(['posted', 'reversed']))
    .option('--reference <text>', 'with this reference')
    .option('--json', 'print JSON');
  addPageOptions(addPeriodOptions(list), parseTransactionId).action(listTransactions);
}

async function showTransaction(id: TransactionId, options: OutputOptions): Promise<void> {
  const view = transactionView(await withBank(({ services }) => services.transactions.get(CLI_CALLER, id)));
  await show(options, view, () => renderFields(view));
}

type ListOptions = OutputOptions &
  PageOptions<TransactionId> & {
    readonly account?: AccountReference;
    readonly type?: TransactionType;
    readonly status?: TransactionView['status'];
    readonly from?: IsoDate;
    readonly to?: IsoDate;
    readonly reference?: string;
  };

async function listTransactions(options: ListOptions): Promise<void> {
  checkPeriod(options);
  const { account, type, status, from, to, reference, cursor: after, limit } = options;
  const transactions = await withBank(async ({ services }) => {
    const accountId = account && (await findReferredAccount(services, account)).id;
    const filter = { accountId, type, status, from, to, reference, after, limit: limit + 1 };
    return services.transactions.list(CLI_CALLER, filter);
  });
  const page = pageOf(transactions, limit, transactionView);
  await show(options, page, () => renderList(COLUMNS, page.data, 'No transactions.') + nextPageHint(page));
}

const COLUMNS: readonly Column<TransactionView>[] = [
  { title: 'Id', value: ({ id }) => id },
  { title: 'Date', value: ({ businessDate }) => businessDate },
  { title: 'Type', value: ({ type }) => type },
  { title: 'Status', value: ({ status }) => status },
  { title: 'Amount', value: ({ amount }) => amount, right: true },
  { title: 'Currency', value: ({ currency }) => currency },
  { title: 'Account', value: ({ accountId }) => accountId },
  { title: 'Reference', value: ({ reference }) => reference },
];
