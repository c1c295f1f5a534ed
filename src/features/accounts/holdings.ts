import { sql } from 'kysely';
import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { recordAudits } from '#features/audit/contract.ts';
import type { Holdings } from '#features/customers/contract.ts';
import { updateLedgerAccount } from '#ledger/customer-accounts.ts';
import { lockAccounts } from '#ledger/lock-accounts.ts';
import { forgetAnswers } from '#ledger/used-keys.ts';
import type { Caller } from '#lib/caller.ts';
import type { FlorinError } from '#lib/errors.ts';
import { type AccountId, type CustomerId, toTypeId } from '#lib/ids.ts';
import { addYears } from '#lib/time/dates.ts';
import type { HolderRole } from './account.ts';
import { accountError } from './errors.ts';
import { setNewEstates } from './estates.ts';
import { deleteHolder } from './repository.ts';

type Attached = {
  /** Whether a court or an authority has an order on one of these accounts. Their ledger accounts are locked. */
  readonly isAttached: (tx: Tx, ids: readonly AccountId[]) => Promise<boolean>;
};

/** Whether accounts keep a customer from leaving or from being erased. */
export function accountHoldings(context: Context, { isAttached }: Attached): Holdings {
  const { bookId } = context;
  return {
    countOpenAccounts: (tx, customerId) => countOpenAccounts(tx, bookId, customerId),
    findReasonToKeep: (tx, customerId, options) =>
      findReasonToKeep(tx, bookId, customerId, { ...options, isAttached }),
    release: async (tx, customerId, caller) => {
      // While the accounts can be told: what is kept for repetitions goes with those of whom it speaks.
      await forgetAnswers(tx, bookId, [customerId, ...(await listAccountIds(tx, bookId, customerId))]);
      await closeLedgerAccounts(tx, bookId, customerId);
      await leaveAccountsOfOthers(tx, context, customerId, caller);
    },
  };
}

/** Accounts held in any role: who may still act on one has not left. */
async function countOpenAccounts(tx: Tx, bookId: number, customerId: CustomerId): Promise<number> {
  const row = await tx
    .selectFrom('account_holders as h')
    .innerJoin('ledger_accounts as l', (join) =>
      join.onRef('l.book_id', '=', 'h.book_id').onRef('l.ledger_account_id', '=', 'h.account_id'),
    )
    .select(sql<number>`count(*)::int`.as('open'))
    .where('h.book_id', '=', bookId)
    .where('h.customer_id', '=', customerId)
    .where('l.status', '<>', 'closed')
    .executeTakeFirstOrThrow();
  return row.open;
}

async function findReasonToKeep(
  tx: Tx,
  bookId: number,
  customerId: CustomerId,
  { overrideRetention, isAttached }: Attached & { readonly overrideRetention: boolean },
): Promise<FlorinError | undefined> {
  const ids = await listAccountIds(tx, bookId, customerId);
  if (ids.length === 0) return undefined;
  // No account is added in the meantime: opening one locks the customer, as this transaction has done.
  const { states } = await lockAccounts(tx, bookId, ids);
  const funded = [...states.values()].some(
    ({ balanceMinor, heldMinor }) => balanceMinor !== 0n || heldMinor !== 0n,
  );
  if (funded) return accountError('customer_has_balances');
  if (await isAttached(tx, ids)) return accountError('customer_has_attachments');
  if (await sharesAccounts(tx, bookId, customerId, ids)) {
    return accountError('customer_has_joint_accounts');
  }
  if (overrideRetention) return undefined;
  const lastDates = [...states.values()].flatMap(({ lastBusinessDate }) => lastBusinessDate ?? []);
  const book = await tx
    .selectFrom('books')
    .select(['business_date', 'retention_years'])
    .where('book_id', '=', bookId)
    .executeTakeFirstOrThrow();
  const keepFrom = addYears(book.business_date, -book.retention_years);
  if (lastDates.some((date) => date >= keepFrom)) {
    return accountError('retention_period', { years: book.retention_years });
  }
  return undefined;
}

/** The ledger accounts outlive the accounts: open, they would take money that nobody owns. They are locked. */
async function closeLedgerAccounts(tx: Tx, bookId: number, customerId: CustomerId): Promise<void> {
  for (const id of await listAccountIds(tx, bookId, customerId)) {
    await updateLedgerAccount(tx, bookId, id, { status: 'closed' });
  }
}

/** Takes the customer off accounts that others own, and says so in the trail. */
async function leaveAccountsOfOthers(
  tx: Tx,
  context: Context,
  customerId: CustomerId,
  caller: Caller,
): Promise<void> {
  const { bookId } = context;
  const { rows } = await sql<{ id: AccountId; role: HolderRole }>`
    update accounts a set version = a.version + 1, updated_at = now()
    from account_holders h
    where h.book_id = ${bookId} and h.customer_id = ${customerId} and a.book_id = h.book_id
      and a.account_id = h.account_id and a.customer_id <> h.customer_id
    returning a.account_id as id, h.role`.execute(tx);
  const left = rows.map(({ id, role }) => {
    const accountId = toTypeId('account', id);
    return {
      caller,
      operation: 'removeHolder',
      resourceType: 'account_holder',
      resourceId: accountId,
      before: { accountId, customerId: toTypeId('customer', customerId), role },
    } as const;
  });
  await recordAudits(tx, context, left);
  for (const { id } of rows) await deleteHolder(tx, bookId, id, customerId);
  await setNewEstates(
    tx,
    bookId,
    rows.map(({ id }) => id),
  );
}

async function listAccountIds(tx: Tx, bookId: number, customerId: CustomerId): Promise<AccountId[]> {
  const rows = await tx
    .selectFrom('accounts')
    .select('account_id as id')
    .where('book_id', '=', bookId)
    .where('customer_id', '=', customerId)
    .execute();
  return rows.map(({ id }) => id);
}

async function sharesAccounts(
  tx: Tx,
  bookId: number,
  customerId: CustomerId,
  ids: readonly AccountId[],
): Promise<boolean> {
  const other = await tx
    .selectFrom('account_holders')
    .select('customer_id')
    .where('book_id', '=', bookId)
    .where(sql<boolean>`account_id = any(${ids}::uuid[])`)
    .where('customer_id', '<>', customerId)
    .where('role', 'in', ['owner', 'joint'])
    .limit(1)
    .executeTakeFirst();
  return other !== undefined;
}
