import { type Command, Option } from 'commander';
import { customerView } from '#features/customers/contract.ts';
import { type CustomerId, toTypeId } from '#lib/ids.ts';
import { addCustomerOptions, type CustomerOptions, readDetails, readIdentity } from '../customer-options.ts';
import { type OutputOptions, show } from '../output.ts';
import { addPageOptions, nextPageHint, type PageOptions, pageOf } from '../pages.ts';
import { CLI_CALLER, withBank } from '../run.ts';
import { type Column, renderFields, renderList } from '../table.ts';
import { parseCustomerId } from '../values.ts';
import type { CustomerView } from '../views.ts';

/** `customer create|list|show|erase`. */
export function addCustomerCommands(program: Command): void {
  const customer = program.command('customer').description('people and organisations that bank here');
  addCustomerOptions(customer.command('create').description('take on a customer'))
    .option('--json', 'print JSON')
    .action(createCustomer);
  const list = customer
    .command('list')
    .description('list customers, newest first')
    .addOption(new Option('--status <status>', 'only these').choices(['active', 'closed']))
    .option('--email <email>', 'with this e-mail address')
    .option('--external-id <id>', 'with this id in another system')
    .option('--search <text>', 'part of a name, e-mail address or external id')
    .option('--json', 'print JSON');
  addPageOptions(list, parseCustomerId).action(listCustomers);
  customer
    .command('show')
    .description('show a customer')
    .argument('<customer>', 'the id, cus_…', parseCustomerId)
    .option('--json', 'print JSON')
    .action(showCustomer);
  customer
    .command('erase')
    .description('erase a closed customer and all that is about the person; the books stay as they are')
    .argument('<customer>', 'the id, cus_…', parseCustomerId)
    .requiredOption('--reason <text>', 'why; kept in the audit trail, so without anything about the person')
    .option('--override-retention', 'although transactions are still to be kept, as another law asks for')
    .option('--json', 'print JSON')
    .action(eraseCustomer);
}

async function createCustomer(options: OutputOptions & CustomerOptions): Promise<void> {
  const identity = readIdentity(options);
  const details = readDetails(options);
  const customer = await withBank(({ services }) => services.customers.create(CLI_CALLER, identity, details));
  const view = customerView(customer);
  await show(options, view, () => renderFields(view));
}

async function showCustomer(id: CustomerId, options: OutputOptions): Promise<void> {
  const customer = await withBank(({ services }) => services.customers.get(CLI_CALLER, id));
  const view = customerView(customer);
  await show(options, view, () => renderFields(view));
}

async function eraseCustomer(
  id: CustomerId,
  options: OutputOptions & { readonly reason: string; readonly overrideRetention?: boolean },
): Promise<void> {
  const { reason, overrideRetention = false } = options;
  await withBank(({ services }) => services.customers.erase(CLI_CALLER, id, { reason, overrideRetention }));
  const view = { id: toTypeId('customer', id), erased: true };
  await show(options, view, () => `${view.id} is erased.`);
}

type ListOptions = OutputOptions &
  PageOptions<CustomerId> & {
    readonly status?: CustomerView['status'];
    readonly email?: string;
    readonly externalId?: string;
    readonly search?: string;
  };

async function listCustomers(options: ListOptions): Promise<void> {
  const { status, email, externalId, search, cursor: after, limit } = options;
  const filter = { status, email, externalId, search, after, limit: limit + 1 };
  const customers = await withBank(({ services }) => services.customers.list(CLI_CALLER, filter));
  const page = pageOf(customers, limit, customerView);
  await show(options, page, () => renderList(COLUMNS, page.data, 'No customers.') + nextPageHint(page));
}

const COLUMNS: readonly Column<CustomerView>[] = [
  { title: 'Id', value: ({ id }) => id },
  { title: 'Name', value: (one) => one.legalName ?? `${one.givenName} ${one.familyName}` },
  { title: 'Type', value: ({ type }) => type },
  { title: 'Status', value: ({ status }) => status },
  { title: 'E-mail', value: ({ email }) => email },
  { title: 'City', value: ({ address }) => address?.city ?? null },
  { title: 'External id', value: ({ externalId }) => externalId },
];
