import { type Command, Option } from 'commander';
import type { Services } from '#bank/services.ts';
import { accountView } from '#features/accounts/contract.ts';
import type { Iban } from '#lib/iban.ts';
import type { AccountId, CustomerId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { findReferredAccount } from '../find-account.ts';
import { type OutputOptions, show } from '../output.ts';
import { addPageOptions, nextPageHint, type PageOptions, pageOf } from '../pages.ts';
import { CLI_CALLER, withBank } from '../run.ts';
import { type Column, renderFields, renderList } from '../table.ts';
import {
  type AccountReference,
  collectMetadata,
  parseAccountId,
  parseAccountReference,
  parseCurrencyValue,
  parseCustomerId,
  parseIbanValue,
  parseLimitText,
  toMinor,
} from '../values.ts';
import type { AccountView, StoredAccount } from '../views.ts';

/** `account open|list|show|freeze|unfreeze|close`. */
export function addAccountCommands(program: Command): void {
  const account = program.command('account').description('accounts of customers');
  addOpen(account);
  addList(account);
  addOnAccount(account, 'show', 'show an account').action(showAccount);
  addChange(account, 'freeze', 'stop all money in and out', ({ accounts }, id, reason) =>
    accounts.freeze(CLI_CALLER, id, reason),
  );
  addChange(account, 'unfreeze', 'let money move again', ({ accounts }, id, reason) =>
    accounts.unfreeze(CLI_CALLER, id, reason),
  );
  addChange(account, 'close', 'close an empty account for good', ({ accounts }, id, reason) =>
    accounts.close(CLI_CALLER, id, reason),
  );
}

function addOpen(account: Command): void {
  account
    .command('open')
    .description('open an account for a customer')
    .argument('<customer>', 'the id of the owner, cus_…', parseCustomerId)
    .option('--product <code>', 'current, savings …', 'current')
    .option('--currency <code>', 'ISO 4217 code', parseCurrencyValue, parseCurrencyValue('EUR'))
    .option('--overdraft-limit <amount>', 'how far below zero it may go', parseLimitText, '0')
    .option('--external-id <id>', 'id in another system')
    .option('--metadata <key=value>', 'anything else worth knowing; may be repeated', collectMetadata)
    .option('--json', 'print JSON')
    .action(openAccount);
}

function addList(account: Command): void {
  const list = account
    .command('list')
    .description('list accounts, newest first')
    .option('--customer <id>', 'held by this customer, in any role', parseCustomerId)
    .addOption(new Option('--status <status>', 'only these').choices(['active', 'frozen', 'closed']))
    .option('--iban <iban>', 'with this IBAN', parseIbanValue)
    .option('--external-id <id>', 'with this id in another system')
    .option('--json', 'print JSON');
  addPageOptions(list, parseAccountId).action(listAccounts);
}

function addOnAccount(account: Command, name: string, description: string): Command {
  return account
    .command(name)
    .description(description)
    .argument('<account>', 'id, IBAN or number', parseAccountReference)
    .option('--json', 'print JSON');
}

type Change = (services: Services, id: AccountId, reason: string) => Promise<StoredAccount>;

function addChange(account: Command, name: string, description: string, change: Change): void {
  addOnAccount(account, name, description)
    .requiredOption('--reason <text>', 'why, for those who ask later')
    .action(async (reference: AccountReference, options: OutputOptions & { readonly reason: string }) => {
      const changed = await withBank(async ({ services }) => {
        const { id } = await findReferredAccount(services, reference);
        return change(services, id, options.reason);
      });
      await showOne(changed, options);
    });
}

type OpenOptions = OutputOptions & {
  readonly product: string;
  readonly currency: Currency;
  readonly overdraftLimit: string;
  readonly externalId?: string;
  readonly metadata?: Readonly<Record<string, string>>;
};

async function openAccount(customerId: CustomerId, options: OpenOptions): Promise<void> {
  const { product, currency, overdraftLimit, externalId, metadata } = options;
  const overdraftLimitMinor = toMinor(overdraftLimit, currency);
  const request = { customerId, product, currency, overdraftLimitMinor, externalId, metadata };
  const account = await withBank(({ services }) => services.accounts.open(CLI_CALLER, request));
  await showOne(account, options);
}

async function showAccount(reference: AccountReference, options: OutputOptions): Promise<void> {
  await showOne(await withBank(({ services }) => findReferredAccount(services, reference)), options);
}

async function showOne(account: StoredAccount, options: OutputOptions): Promise<void> {
  const view = accountView(account);
  await show(options, view, () => renderFields(view));
}

type ListOptions = OutputOptions &
  PageOptions<AccountId> & {
    readonly customer?: CustomerId;
    readonly status?: AccountView['status'];
    readonly iban?: Iban;
    readonly externalId?: string;
  };

async function listAccounts(options: ListOptions): Promise<void> {
  const { customer: customerId, status, iban, externalId, cursor: after, limit } = options;
  const filter = { customerId, status, iban, externalId, after, limit: limit + 1 };
  const accounts = await withBank(({ services }) => services.accounts.list(CLI_CALLER, filter));
  const page = pageOf(accounts, limit, accountView);
  await show(options, page, () => renderList(COLUMNS, page.data, 'No accounts.') + nextPageHint(page));
}

const COLUMNS: readonly Column<AccountView>[] = [
  { title: 'Id', value: ({ id }) => id },
  { title: 'IBAN', value: ({ iban }) => iban },
  { title: 'Product', value: ({ product }) => product },
  { title: 'Status', value: ({ status }) => status },
  { title: 'Balance', value: ({ balance }) => balance.posted, right: true },
  { title: 'Available', value: ({ balance }) => balance.available, right: true },
  { title: 'Currency', value: ({ currency }) => currency },
  { title: 'External id', value: ({ externalId }) => externalId },
];
