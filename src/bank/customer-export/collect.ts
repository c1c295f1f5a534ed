import type { StoredAccount } from '#features/accounts/contract.ts';
import type { Invitation } from '#features/accounts/invitations/invitation.ts';
import { invitationView } from '#features/accounts/invitations/schemas.ts';
import { accountView } from '#features/accounts/schemas.ts';
import { exemptionsView } from '#features/accrual/exemptions/schemas.ts';
import { auditEntryView } from '#features/audit/schemas.ts';
import type { AuditEntry } from '#features/audit/service.ts';
import type { StoredBeneficiary } from '#features/beneficiaries/repository.ts';
import { beneficiaryView } from '#features/beneficiaries/schemas.ts';
import { customerView } from '#features/customers/schemas.ts';
import { sessionView, userView } from '#identity/users/schemas.ts';
import type { StoredSession } from '#identity/users/session-repository.ts';
import type { Caller } from '#lib/caller.ts';
import type { CustomerId } from '#lib/ids.ts';
import type { Services } from '../services.ts';
import { collectOfAccounts } from './of-accounts.ts';
import { collectDeposits, collectLoans, collectOrders } from './of-contracts.ts';
import { type Collected, each, pages, shown, whole } from './pages.ts';
import type { CustomerExport } from './schemas.ts';

/** Parts whose rows have rows of the trail about them, beside the customer. */
const TRAILED = [
  'accounts',
  'beneficiaries',
  'standingOrders',
  'timeDeposits',
  'loans',
  'invitations',
  'attachments',
  'users',
] as const;

/**
 * Everything about a customer that the bank keeps, as the schema lists it, with the rows of the audit trail. Read page
 * by page, without a lock: what is posted in the meantime may be in one part and not yet in another. Throws 404
 * `not_found`.
 */
export async function collectCustomer(
  services: Services,
  caller: Caller,
  customerId: CustomerId,
): Promise<CustomerExport> {
  const { accounts, context, customers, taxExemptions } = services;
  const nowMs = context.clock.nowMs();
  const customer = customerView(await customers.get(caller, customerId));
  const held = await pages(
    (after, limit) => accounts.list(caller, { customerId, after, limit }),
    ({ id }: StoredAccount) => id,
  );
  const accountIds = held.rows.map(({ id }) => id);
  const parts = {
    accounts: shown(held, (account) => accountView(caller, account)),
    ...(await collectOfAccounts(services, caller, accountIds)),
    ...(await collectPersons(services, caller, customerId, nowMs)),
    ...(await collectOrders(services, caller, accountIds)),
    ...(await collectDeposits(services, caller, customerId)),
    ...(await collectLoans(services, caller, customerId)),
  };
  const resources = [customer.id, ...TRAILED.flatMap((name) => parts[name].rows.map(({ id }) => id))];
  const auditLog = await collectTrail(
    services,
    resources,
    parts.users.rows.map(({ id }) => id),
  );
  return {
    generatedAt: new Date(nowMs).toISOString(),
    cutOff: Object.entries({ ...parts, auditLog }).flatMap(([name, { isCutOff }]) =>
      isCutOff ? [name] : [],
    ),
    customer,
    taxExemptions: exemptionsView(await taxExemptions.get(customerId)),
    ...rowsOf(parts),
    auditLog: auditLog.rows,
  };
}

/** The payees of the customer, its invitations, and who acts for it. */
async function collectPersons(
  { beneficiaries, invitations, logins, users }: Services,
  caller: Caller,
  customerId: CustomerId,
  nowMs: number,
) {
  const payees = await pages(
    (after, limit) => beneficiaries.list(caller, customerId, { after, limit }),
    ({ id }: StoredBeneficiary) => id,
  );
  const asked = await pages(
    (after, limit) => invitations.ofCustomer(customerId, { after, limit }),
    ({ id }: Invitation) => id,
  );
  const own = whole(await users.ofCustomer(customerId));
  const sessions = await each(own.rows, (user) =>
    pages(
      (after, limit) => logins.listSessions(user.id, { after, limit }),
      ({ id }: StoredSession) => id,
    ),
  );
  return {
    beneficiaries: shown(payees, (payee) => beneficiaryView(payee, nowMs)),
    invitations: shown(asked, (invitation) => invitationView(invitation, nowMs)),
    users: shown(own, userView),
    sessions: shown(sessions, sessionView),
  };
}

/** Rows about resources or of what actors did, each once, the newest first. */
async function collectTrail({ audit }: Services, resources: readonly string[], actors: readonly string[]) {
  const filters = [...resources.map((resource) => ({ resource })), ...actors.map((actor) => ({ actor }))];
  const found = await each(filters, (filter) =>
    pages(
      (before, limit) => audit.list({ ...filter, before, limit }),
      ({ id }: AuditEntry) => id,
    ),
  );
  const known = new Map(found.rows.map((row) => [row.id, row]));
  const rows = [...known.values()].toSorted((a, b) => (a.id < b.id ? 1 : -1));
  return shown({ ...found, rows }, auditEntryView);
}

type RowsOf<Parts> = { [Name in keyof Parts]: Parts[Name] extends Collected<infer Row> ? Row[] : never };

function rowsOf<Parts extends Readonly<Record<string, Collected<unknown>>>>(parts: Parts): RowsOf<Parts> {
  return Object.fromEntries(Object.entries(parts).map(([name, { rows }]) => [name, rows])) as RowsOf<Parts>;
}
