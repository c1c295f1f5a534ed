import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Services } from '#bank/services.ts';
import {
  executionView,
  type StandingOrderStatus,
  standingOrderView,
} from '#features/standing-orders/contract.ts';
import { type BeneficiaryId, parseTypeId, type StandingOrderId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { FREQUENCIES, type Frequency } from '#lib/time/recurrence.ts';
import { findReferredAccount, payeeOf } from '../find-account.ts';
import { type OutputOptions, show } from '../output.ts';
import { addPageOptions, nextPageHint, type PageOptions, pageOf } from '../pages.ts';
import { CLI_CALLER, withBank } from '../run.ts';
import { type Column, renderFields, renderList } from '../table.ts';
import {
  type AccountReference,
  parseAccountReference,
  parseAmountText,
  parseDateValue,
  parseLimit,
  parseStandingOrderId,
  toMinor,
} from '../values.ts';

type OrderView = ReturnType<typeof standingOrderView>;
type ExecutionView = ReturnType<typeof executionView>;
type ShownOrder = Parameters<typeof standingOrderView>[0];
type PayeeReference = AccountReference | { readonly beneficiaryId: BeneficiaryId };

/** Two years of a monthly order. */
const DEFAULT_EXECUTIONS = 24;

/** `standing-order create|list|show|pause|resume|cancel|executions`. */
export function addStandingOrderCommands(program: Command): void {
  const order = program.command('standing-order').description('payments that are made again and again');
  addCreate(order);
  addList(order);
  onOrder(order, 'show', 'show an order and when it is paid next').action((id: StandingOrderId, options) =>
    showResult(options, ({ standingOrders }) => standingOrders.get(CLI_CALLER, id)),
  );
  onOrder(order, 'pause', 'pay nothing until it is resumed').action((id: StandingOrderId, options) =>
    showResult(options, ({ standingOrders }) =>
      standingOrders.change(CLI_CALLER, id, '*', { status: 'paused' }),
    ),
  );
  onOrder(order, 'resume', 'pay again what falls due from now on').action((id: StandingOrderId, options) =>
    showResult(options, ({ standingOrders }) =>
      standingOrders.change(CLI_CALLER, id, '*', { status: 'active' }),
    ),
  );
  onOrder(order, 'cancel', 'end it for good').action((id: StandingOrderId, options) =>
    showResult(options, ({ standingOrders }) => standingOrders.cancel(CLI_CALLER, id)),
  );
  onOrder(order, 'executions', 'list what became of each due date, latest first')
    .option('--limit <count>', 'how many at most, 1 to 100', parseLimit, DEFAULT_EXECUTIONS)
    .action(listExecutions);
}

function addCreate(order: Command): void {
  order
    .command('create')
    .description('order a payment to be made again and again')
    .argument('<from>', 'who pays: id, IBAN or number', parseAccountReference)
    .argument('<to>', 'who is paid: id, IBAN, number or beneficiary', parsePayee)
    .argument('<amount>', 'in major units, like 1250.00', parseAmountText)
    .addOption(new Option('--every <frequency>', 'how often').choices(FREQUENCIES).default('monthly'))
    .option('--start <date>', 'from this date on; today if not given', parseDateValue)
    .option('--end <date>', 'until this date', parseDateValue)
    .option('--day <day>', 'the day of the month, 1 to 31', parseDay)
    .option('--reference <text>', 'for the payee')
    .option('--description <text>', 'what it is for')
    .option('--json', 'print JSON')
    .action(createOrder);
}

function addList(order: Command): void {
  const list = order
    .command('list')
    .description('list standing orders, newest first')
    .option('--account <account>', 'that this account pays: id, IBAN or number', parseAccountReference)
    .addOption(
      new Option('--status <status>', 'only these').choices(['active', 'paused', 'ended', 'cancelled']),
    )
    .option('--external-id <id>', 'with this id in another system')
    .option('--json', 'print JSON');
  addPageOptions(list, parseStandingOrderId).action(listOrders);
}

function onOrder(order: Command, name: string, description: string): Command {
  return order
    .command(name)
    .description(description)
    .argument('<order>', 'the id of the order, so_…', parseStandingOrderId)
    .option('--json', 'print JSON');
}

async function showResult(
  options: OutputOptions,
  work: (services: Services) => Promise<ShownOrder>,
): Promise<void> {
  const view = standingOrderView(await withBank(({ services }) => work(services)));
  await show(options, view, () => renderFields(view));
}

type CreateOptions = OutputOptions & {
  readonly every: Frequency;
  readonly start?: IsoDate;
  readonly end?: IsoDate;
  readonly day?: number;
  readonly reference?: string;
  readonly description?: string;
};

async function createOrder(
  from: AccountReference,
  to: PayeeReference,
  amount: string,
  options: CreateOptions,
): Promise<void> {
  const { every: frequency, start, end: endOn, day: dayOfMonth, reference, description } = options;
  await showResult(options, async (services) => {
    const payer = await findReferredAccount(services, from);
    const { currency } = payer;
    return services.standingOrders.create(CLI_CALLER, {
      accountId: payer.id,
      payee: 'beneficiaryId' in to ? to : await payeeOf(services, to),
      amountMinor: toMinor(amount, currency),
      currency,
      frequency,
      startOn: start ?? (await services.calendar.today()).businessDate,
      endOn,
      dayOfMonth,
      reference,
      description,
    });
  });
}

type ListOptions = OutputOptions &
  PageOptions<StandingOrderId> & {
    readonly account?: AccountReference;
    readonly status?: StandingOrderStatus;
    readonly externalId?: string;
  };

async function listOrders(options: ListOptions): Promise<void> {
  const { account, status, externalId, limit, cursor: after } = options;
  const orders = await withBank(async ({ services }) => {
    const accountId = account === undefined ? undefined : (await findReferredAccount(services, account)).id;
    const filter = { accountId, status, externalId, after, limit: limit + 1 };
    return services.standingOrders.list(CLI_CALLER, filter);
  });
  const page = pageOf(orders, limit, standingOrderView);
  await show(
    options,
    page,
    () => renderList(ORDER_COLUMNS, page.data, 'No standing orders.') + nextPageHint(page),
  );
}

async function listExecutions(
  id: StandingOrderId,
  { limit, ...options }: OutputOptions & { readonly limit: number },
): Promise<void> {
  const executions = await withBank(({ services }) =>
    services.standingOrders.listExecutions(CLI_CALLER, id, { limit }),
  );
  const data = executions.map(executionView);
  await show(options, { data }, () => renderList(EXECUTION_COLUMNS, data, 'Nothing has fallen due yet.'));
}

function parsePayee(text: string): PayeeReference {
  const beneficiaryId = parseTypeId('beneficiary', text);
  return beneficiaryId === undefined ? parseAccountReference(text) : { beneficiaryId };
}

function parseDay(text: string): number {
  const day = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (day < 1 || day > 31) throw new InvalidArgumentError('It takes a day of the month, 1 to 31.');
  return day;
}

function payeeText({ toAccountId, toIban, beneficiaryId, toBank }: OrderView): string {
  if (toBank !== null) return `${toBank.accountNumber}/${toBank.code}`;
  return toAccountId ?? toIban ?? beneficiaryId ?? '';
}

const ORDER_COLUMNS: readonly Column<OrderView>[] = [
  { title: 'Id', value: ({ id }) => id },
  { title: 'From', value: ({ fromAccountId }) => fromAccountId },
  { title: 'To', value: payeeText },
  { title: 'Amount', value: ({ amount }) => amount, right: true },
  { title: 'Currency', value: ({ currency }) => currency },
  { title: 'Every', value: ({ frequency }) => frequency },
  { title: 'Next', value: ({ nextRunDate }) => nextRunDate },
  { title: 'Status', value: ({ status }) => status },
  { title: 'For', value: ({ description, purpose }) => description ?? purpose },
];

const EXECUTION_COLUMNS: readonly Column<ExecutionView>[] = [
  { title: 'Due', value: ({ dueDate }) => dueDate },
  { title: 'Outcome', value: ({ status }) => status },
  { title: 'Tried', value: ({ attempts }) => `${attempts}`, right: true },
  { title: 'Last', value: ({ lastAttemptDate }) => lastAttemptDate },
  { title: 'Again', value: ({ nextAttemptDate }) => nextAttemptDate },
  { title: 'Why', value: ({ code }) => code },
  { title: 'Transaction', value: ({ transactionId }) => transactionId },
];
