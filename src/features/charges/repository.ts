import { sql } from 'kysely';
import type { Db, Tx } from '#db/database.ts';
import { columns, withoutNulls } from '#db/rows.ts';
import { type FactsText, type FeeStatus, factsOf } from '#features/fees/contract.ts';
import type { AccountId, FeeId, TransactionId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { StoredFee } from './stored-fee.ts';

/** Which fees of an account, the newest first. */
export type FeeFilter = {
  readonly status?: FeeStatus | undefined;
  /** Of the dates on which they arose, both included. */
  readonly from?: IsoDate | undefined;
  readonly to?: IsoDate | undefined;
  readonly before?: FeeId | undefined;
  readonly limit: number;
};

function selectFees(db: Db, bookId: number) {
  return db
    .selectFrom('account_fees')
    .select((eb) => [
      'fee_id as id',
      'product_code as product',
      'fee_code as code',
      ...columns('account_fees', ['account_id', 'currency', 'terms_version', 'name', 'tax_name', 'event']),
      ...columns('account_fees', ['business_date', 'month_on', 'event_number', 'due_on', 'about']),
      ...columns('account_fees', ['payment_entry_id', 'fee_minor', 'tax_minor', 'status', 'not_charged']),
      ...columns('account_fees', ['entry_id', 'refund_entry_id', 'decided_by', 'decided_at', 'reason']),
      ...columns('account_fees', ['customer_reason']),
      eb.ref('facts').$castTo<FactsText>().as('facts'),
    ])
    .where('book_id', '=', bookId);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectFees>['executeTakeFirstOrThrow']>>;

function toFee({ facts, ...row }: Row): StoredFee {
  return { ...withoutNulls(row), facts: factsOf(facts) };
}

export async function listFees(
  db: Db,
  bookId: number,
  accountId: AccountId,
  { status, from, to, before, limit }: FeeFilter,
): Promise<StoredFee[]> {
  let query = selectFees(db, bookId).where('account_id', '=', accountId);
  if (status !== undefined) query = query.where('status', '=', status);
  if (from !== undefined) query = query.where('business_date', '>=', from);
  if (to !== undefined) query = query.where('business_date', '<=', to);
  if (before !== undefined) query = query.where('fee_id', '<', before);
  const rows = await query.orderBy('fee_id', 'desc').limit(limit).execute();
  return rows.map(toFee);
}

/** What entries cost, charged or due, and what they give back; the oldest first. */
export async function listFeesOfEntries(
  db: Db,
  bookId: number,
  entryIds: readonly TransactionId[],
  limit: number,
): Promise<StoredFee[]> {
  if (entryIds.length === 0) return [];
  const rows = await selectFees(db, bookId)
    .where(
      sql<boolean>`fee_id in (
        select fee_id from account_fees where book_id = ${bookId} and payment_entry_id = any(${entryIds}::uuid[])
        union all
        select fee_id from fee_lines where book_id = ${bookId} and entry_id = any(${entryIds}::uuid[]))`,
    )
    .orderBy('fee_id')
    .limit(limit)
    .execute();
  return rows.map(toFee);
}

export async function findFee(
  db: Db,
  bookId: number,
  accountId: AccountId,
  id: FeeId,
): Promise<StoredFee | undefined> {
  const row = await selectFees(db, bookId)
    .where('account_id', '=', accountId)
    .where('fee_id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : toFee(row);
}

/** Locks a fee of an account, before any ledger account. */
export async function lockFee(
  tx: Tx,
  bookId: number,
  accountId: AccountId,
  id: FeeId,
): Promise<StoredFee | undefined> {
  const row = await selectFees(tx, bookId)
    .where('account_id', '=', accountId)
    .where('fee_id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row === undefined ? undefined : toFee(row);
}

/** Locks the next fees that are due after one, by ascending id, which is that of their age. */
export async function lockDueFees(
  tx: Tx,
  bookId: number,
  { after, limit }: { readonly after: FeeId | undefined; readonly limit: number },
): Promise<StoredFee[]> {
  let query = selectFees(tx, bookId).where('status', '=', 'due');
  if (after !== undefined) query = query.where('fee_id', '>', after);
  const rows = await query.orderBy('fee_id').limit(limit).forNoKeyUpdate().execute();
  return rows.map(toFee);
}

/** Whether a fee of an account waits for money. */
export async function owesFees(db: Db, bookId: number, accountId: AccountId): Promise<boolean> {
  const row = await db
    .selectFrom('account_fees')
    .select('fee_id')
    .where('book_id', '=', bookId)
    .where('account_id', '=', accountId)
    .where('status', '=', 'due')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
