import { type Command, Option } from 'commander';
import {
  INCOMING_STATUSES,
  type IncomingStatus,
  incomingView,
  OUTGOING_STATUSES,
  type OutgoingStatus,
  outgoingView,
} from '#features/payments/contract.ts';
import type { Iban } from '#lib/iban.ts';
import type { IncomingPaymentId, TransactionId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { findReferredAccount } from '../find-account.ts';
import { type OutputOptions, show } from '../output.ts';
import { addPageOptions, nextPageHint, type PageOptions, pageOf } from '../pages.ts';
import { addPostingOptions, type PostingOptions, withKey } from '../posting.ts';
import { CLI_CALLER, withBank } from '../run.ts';
import { type Column, renderList } from '../table.ts';
import {
  type AccountReference,
  type PaymentReference,
  parseAccountReference,
  parseAmountText,
  parseCurrencyValue,
  parseDateValue,
  parseIbanValue,
  parseIncomingPaymentId,
  parsePaymentReference,
  parseTransactionId,
  toMinor,
} from '../values.ts';
import type { IncomingView, OutgoingView } from '../views.ts';

/** `payment list|incoming|settle|return|receive|resolve`. */
export function addPaymentCommands(program: Command): void {
  const payment = program.command('payment').description('payments to other banks and from them');
  const list = payment
    .command('list')
    .description('list payments to other banks, newest first')
    .addOption(new Option('--status <status>', 'only these').choices(OUTGOING_STATUSES))
    .option('--json', 'print JSON');
  addPageOptions(list, parseTransactionId).action(listOutgoing);
  const incoming = payment
    .command('incoming')
    .description('list payments from other banks, newest first')
    .addOption(new Option('--status <status>', 'only these').choices(INCOMING_STATUSES))
    .option('--json', 'print JSON');
  addPageOptions(incoming, parseIncomingPaymentId).action(listIncoming);
  addEnds(payment);
  addReceive(payment);
}

function addEnds(payment: Command): void {
  addPostingOptions(
    payment
      .command('settle')
      .description('say that the other bank has the money')
      .argument('<payment>', 'the id, txn_…', parseTransactionId),
  ).action(settle);
  addPostingOptions(
    payment
      .command('return')
      .description('give a payment back to its payer, or send back one that nobody could be credited with')
      .argument('<payment>', 'the id, txn_… or inp_…', parsePaymentReference)
      .requiredOption('--reason <text>', 'why, as the other bank says it'),
  ).action(giveBack);
  addPostingOptions(
    payment
      .command('resolve')
      .description('credit an account with a payment that waits in suspense')
      .argument('<payment>', 'the id, inp_…', parseIncomingPaymentId)
      .argument('<account>', 'id, IBAN or number', parseAccountReference),
  ).action(resolve);
}

function addReceive(payment: Command): void {
  addPostingOptions(
    payment
      .command('receive')
      .description('book a payment from another bank, once an external reference')
      .argument('<iban>', 'of who is to be credited', parseIbanValue)
      .argument('<amount>', 'in major units, like 1250.00', parseAmountText)
      .requiredOption('--external-reference <text>', 'the other side’s name for it')
      .option('--currency <code>', 'ISO 4217 code', parseCurrencyValue, parseCurrencyValue('EUR'))
      .option('--debtor-name <text>', 'of who paid')
      .option('--debtor-iban <iban>', 'of who paid', parseIbanValue)
      .option('--reference <text>', 'for the creditor, up to 140 characters')
      .option('--value-date <date>', 'from when it counts for interest', parseDateValue),
  ).action(receive);
}

type OutgoingOptions = OutputOptions & PageOptions<TransactionId> & { readonly status?: OutgoingStatus };

async function listOutgoing({ status, cursor: after, limit, ...options }: OutgoingOptions): Promise<void> {
  const filter = { status, after, limit: limit + 1 };
  const payments = await withBank(({ services }) => services.outgoingPayments.list(filter));
  const page = pageOf(payments, limit, outgoingView);
  await show(options, page, () => renderList(OUTGOING, page.data, 'No payments.') + nextPageHint(page));
}

type IncomingOptions = OutputOptions & PageOptions<IncomingPaymentId> & { readonly status?: IncomingStatus };

async function listIncoming({ status, cursor: after, limit, ...options }: IncomingOptions): Promise<void> {
  const filter = { status, after, limit: limit + 1 };
  const payments = await withBank(({ services }) => services.incomingPayments.list(filter));
  const page = pageOf(payments, limit, incomingView);
  await show(options, page, () => renderList(INCOMING, page.data, 'No payments.') + nextPageHint(page));
}

async function settle(id: TransactionId, options: PostingOptions): Promise<void> {
  await withKey(options, async ({ outgoingPayments }, idempotencyKey) => {
    const answer = await outgoingPayments.settle({ caller: CLI_CALLER, idempotencyKey, id });
    return { replayed: answer.replayed, view: outgoingView(answer.payment) };
  });
}

async function giveBack(
  reference: PaymentReference,
  options: PostingOptions & { readonly reason: string },
): Promise<void> {
  const { reason } = options;
  await withKey<OutgoingView | IncomingView>(options, async (services, idempotencyKey) => {
    const request = { caller: CLI_CALLER, idempotencyKey, reason };
    if ('outgoing' in reference) {
      const answer = await services.outgoingPayments.giveBack({ ...request, id: reference.outgoing });
      return { replayed: answer.replayed, view: outgoingView(answer.payment) };
    }
    const answer = await services.incomingPayments.sendBack({ ...request, id: reference.incoming });
    return { replayed: answer.replayed, view: incomingView(answer.payment) };
  });
}

async function resolve(
  id: IncomingPaymentId,
  account: AccountReference,
  options: PostingOptions,
): Promise<void> {
  await withKey(options, async (services, idempotencyKey) => {
    const { id: accountId } = await findReferredAccount(services, account);
    const request = { caller: CLI_CALLER, idempotencyKey, id, accountId };
    const answer = await services.incomingPayments.resolve(request);
    return { replayed: answer.replayed, view: incomingView(answer.payment) };
  });
}

type ReceiveOptions = PostingOptions & {
  readonly externalReference: string;
  readonly currency: Currency;
  readonly debtorName?: string;
  readonly debtorIban?: Iban;
  readonly reference?: string;
  readonly valueDate?: IsoDate;
};

async function receive(iban: Iban, amount: string, options: ReceiveOptions): Promise<void> {
  const { externalReference, currency, debtorName, debtorIban, reference, valueDate } = options;
  const amountMinor = toMinor(amount, currency);
  const details = {
    externalReference,
    iban,
    amountMinor,
    currency,
    debtorName,
    debtorIban,
    reference,
    valueDate,
  };
  await withKey(options, async ({ incomingPayments }, idempotencyKey) => {
    const answer = await incomingPayments.receive({ caller: CLI_CALLER, idempotencyKey, ...details });
    return { replayed: answer.replayed, view: incomingView(answer.payment) };
  });
}

const words = (status: string): string => status.replace('_', ' ');

const OUTGOING: readonly Column<OutgoingView>[] = [
  { title: 'Id', value: ({ id }) => id },
  { title: 'Date', value: ({ businessDate }) => businessDate },
  { title: 'Status', value: ({ status }) => words(status) },
  { title: 'Amount', value: ({ amount }) => amount, right: true },
  { title: 'Currency', value: ({ currency }) => currency },
  { title: 'To', value: ({ creditorIban }) => creditorIban },
  { title: 'Name', value: ({ creditorName }) => creditorName },
  { title: 'Reason', value: ({ reason }) => reason },
];

const INCOMING: readonly Column<IncomingView>[] = [
  { title: 'Id', value: ({ id }) => id },
  { title: 'Value date', value: ({ valueDate }) => valueDate },
  { title: 'Status', value: ({ status }) => status },
  { title: 'Problem', value: ({ problem }) => problem && words(problem) },
  { title: 'Amount', value: ({ amount }) => amount, right: true },
  { title: 'Currency', value: ({ currency }) => currency },
  { title: 'For', value: ({ iban }) => iban },
  { title: 'From', value: ({ debtorName }) => debtorName },
  { title: 'External reference', value: ({ externalReference }) => externalReference },
];
