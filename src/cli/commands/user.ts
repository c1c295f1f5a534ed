import { type Command, Option } from 'commander';
import { userView } from '#identity/users/contract.ts';
import { ROLES, type Role } from '#lib/caller.ts';
import type { CustomerId, UserId } from '#lib/ids.ts';
import { type OutputOptions, show } from '../output.ts';
import { addPageOptions, nextPageHint, type PageOptions, pageOf } from '../pages.ts';
import { readNewPassword } from '../prompt.ts';
import { CLI_CALLER, withBank } from '../run.ts';
import { type Column, renderFields, renderList } from '../table.ts';
import { parseCustomerId, parseUserId } from '../values.ts';
import type { UserView } from '../views.ts';

/** `user create|list|disable`. */
export function addUserCommands(program: Command): void {
  const user = program.command('user').description('who may log in');
  user
    .command('create')
    .description('take on a user; asks for the initial password')
    .requiredOption('--email <email>', 'e-mail address, which is the login')
    .requiredOption('--name <name>', 'full name')
    .addOption(new Option('--role <role>', 'what the user may do').choices(ROLES).makeOptionMandatory())
    .option('--customer <customer>', 'whose accounts are theirs, for the role customer', parseCustomerId)
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print JSON')
    .action(createUser);
  const list = user
    .command('list')
    .description('list users, newest first')
    .addOption(new Option('--role <role>', 'only these').choices(ROLES))
    .addOption(new Option('--status <status>', 'only these').choices(['active', 'disabled']))
    .option('--email <email>', 'with this e-mail address')
    .option('--json', 'print JSON');
  addPageOptions(list, parseUserId).action(listUsers);
  user
    .command('disable')
    .description('end a user’s access, and every session')
    .argument('<user>', 'the id, usr_…', parseUserId)
    .option('--json', 'print JSON')
    .action(disableUser);
}

type CreateOptions = OutputOptions & {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly customer?: CustomerId;
  readonly passwordStdin?: boolean;
};

async function createUser(options: CreateOptions): Promise<void> {
  const { email, name, role, customer: customerId } = options;
  const password = await readNewPassword(options.passwordStdin === true);
  const details = { email, name, role, customerId };
  const user = await withBank(({ services }) => services.users.create(CLI_CALLER, details, password));
  const view = userView(user);
  await show(options, view, () => renderFields(view));
}

async function disableUser(id: UserId, options: OutputOptions): Promise<void> {
  const user = await withBank(({ services }) => services.users.disable(CLI_CALLER, id));
  const view = userView(user);
  await show(options, view, () => renderFields(view));
}

type ListOptions = OutputOptions &
  PageOptions<UserId> & {
    readonly role?: Role;
    readonly status?: UserView['status'];
    readonly email?: string;
  };

async function listUsers(options: ListOptions): Promise<void> {
  const { role, status, email, cursor: after, limit } = options;
  const filter = { role, status, email, after, limit: limit + 1 };
  const users = await withBank(({ services }) => services.users.list(filter));
  const page = pageOf(users, limit, userView);
  await show(options, page, () => renderList(COLUMNS, page.data, 'No users.') + nextPageHint(page));
}

const COLUMNS: readonly Column<UserView>[] = [
  { title: 'Id', value: ({ id }) => id },
  { title: 'E-mail', value: ({ email }) => email },
  { title: 'Name', value: ({ name }) => name },
  { title: 'Role', value: ({ role }) => role },
  { title: 'Status', value: ({ status }) => status },
  { title: 'TOTP', value: ({ totpEnabled }) => (totpEnabled ? 'on' : 'off') },
];
