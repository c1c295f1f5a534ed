import type { StoredAccount } from '#features/accounts/contract.ts';
import { accountView } from '#features/accounts/schemas.ts';
import { auditEntryView } from '#features/audit/schemas.ts';
import type { AuditEntry } from '#features/audit/service.ts';
import type { StoredBeneficiary } from '#features/beneficiaries/repository.ts';
import { beneficiaryView } from '#features/beneficiaries/schemas.ts';
import { customerView } from '#features/customers/schemas.ts';
import type { Hold } from '#features/holds/hold.ts';
import { holdView } from '#features/holds/schemas.ts';
import type { LoanDetails } from '#features/loans/commands.ts';
import { loanView } from '#features/loans/schemas.ts';
import { standingOrderView } from '#features/standing-orders/schemas.ts';
import type { StandingOrderDetails } from '#features/standing-orders/service.ts';
import { transactionView } from '#features/transactions/schemas.ts';
import type { Transaction } from '#features/transactions/transaction.ts';
import { userView } from '#identity/users/schemas.ts';
import type { Caller } from '#lib/caller.ts';
import { type AccountId, type CustomerId, toTypeId } from '#lib/ids.ts';
import type { Services } from '../services.ts';
import type { CustomerExport } from './schemas.ts';

/** Rows that are read at once. */
const PAGE = 100;
/** Rows of one kind: years of a busy account. More makes no page that anybody reads, and is said in `cutOff`. */
const MAX_ROWS = 10_000;

type Collected<View> = { readonly rows: View[]; readonly isCutOff: boolean };

/**
 * Everything about a customer that the bank keeps: details, accounts in any role, transactions, payees, orders, holds,
 * loans, users, and the rows of the audit trail about these. Read page by page, without a lock: what is posted in the
 * meantime may be in one part and not yet in another. Throws 404 `not_found`.
 */
export async function collectCustomer(
  services: Services,
  caller: Caller,
  customerId: CustomerId,
): Promise<CustomerExport> {
  const { accounts, audit, beneficiaries, context, customers, loans, users } = services;
  const nowMs = context.clock.nowMs();
  const customer = customerView(await customers.get(caller, customerId));
  const held = await pages(
    (after, limit) => accounts.list(caller, { customerId, after, limit }),
    ({ id }: StoredAccount) => id,
  );
  const ofAccounts = await collectAccounts(
    services,
    caller,
    held.rows.map(({ id }) => id),
  );
  const payees = await pages(
    (after, limit) => beneficiaries.list(caller, customerId, { after, limit }),
    ({ id }: StoredBeneficiary) => id,
  );
  const lent = await pages(
    (after, limit) => loans.list(caller, { customerId, after, limit }),
    ({ loan }: LoanDetails) => loan.id,
  );
  const logins = await users.ofCustomer(customerId);
  const resources = [
    customer.id,
    ...held.rows.map(({ id }) => toTypeId('account', id)),
    ...payees.rows.map(({ id }) => toTypeId('beneficiary', id)),
    ...lent.rows.map(({ loan }) => toTypeId('loan', loan.id)),
    ...logins.map(({ id }) => toTypeId('user', id)),
  ];
  const rowsAbout = await each(resources, (resource) =>
    pages(
      (before, limit) => audit.list({ resource, before, limit }),
      ({ id }: AuditEntry) => id,
    ),
  );
  const rowsBy = await each(
    logins.map(({ id }) => toTypeId('user', id)),
    (actor) =>
      pages(
        (before, limit) => audit.list({ actor, before, limit }),
        ({ id }: AuditEntry) => id,
      ),
  );
  const known = new Map([...rowsAbout.rows, ...rowsBy.rows].map((row) => [row.id, row]));
  const auditLog = [...known.values()].toSorted((a, b) => (a.id < b.id ? 1 : -1)).map(auditEntryView);
  const parts = { accounts: held, beneficiaries: payees, loans: lent, auditLog: rowsAbout, ...ofAccounts };
  return {
    generatedAt: new Date(nowMs).toISOString(),
    cutOff: Object.entries(parts).flatMap(([name, { isCutOff }]) => (isCutOff ? [name] : [])),
    customer,
    accounts: held.rows.map((account) => accountView(caller, account)),
    transactions: ofAccounts.transactions.rows.map(transactionView),
    beneficiaries: payees.rows.map((payee) => beneficiaryView(payee, nowMs)),
    standingOrders: ofAccounts.standingOrders.rows.map(standingOrderView),
    holds: ofAccounts.holds.rows.map(holdView),
    loans: lent.rows.map(loanView),
    users: logins.map(userView),
    auditLog,
  };
}

async function collectAccounts(
  { transactions, standingOrders, holds }: Services,
  caller: Caller,
  accountIds: readonly AccountId[],
) {
  return {
    transactions: await each(accountIds, (accountId) =>
      pages(
        (after, limit) => transactions.list(caller, { accountId, after, limit }),
        ({ state }: Transaction) => state.id,
      ),
    ),
    standingOrders: await each(accountIds, (accountId) =>
      pages(
        (after, limit) => standingOrders.list(caller, { accountId, after, limit }),
        (order: StandingOrderDetails) => order.id,
      ),
    ),
    holds: await each(accountIds, (accountId) =>
      pages(
        (after, limit) => holds.list(caller, { accountId, after, limit }),
        ({ state }: Hold) => state.id,
      ),
    ),
  };
}

/** The rows of several lists, one after the other. */
async function each<Item, Row>(
  items: readonly Item[],
  collect: (item: Item) => Promise<Collected<Row>>,
): Promise<Collected<Row>> {
  const all: Collected<Row>[] = [];
  for (const item of items) all.push(await collect(item));
  return { rows: all.flatMap(({ rows }) => rows), isCutOff: all.some(({ isCutOff }) => isCutOff) };
}

/** All rows of a list, up to MAX_ROWS. */
async function pages<Row, Place>(
  read: (after: Place | undefined, limit: number) => Promise<Row[]>,
  placeOf: (row: Row) => Place,
): Promise<Collected<Row>> {
  const rows: Row[] = [];
  let after: Place | undefined;
  while (rows.length < MAX_ROWS) {
    const page = await read(after, PAGE);
    rows.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return { rows, isCutOff: false };
    after = placeOf(last);
  }
  return { rows, isCutOff: true };
}
