import { sql } from 'kysely';
import type { Db, Tx } from '#db/database.ts';
import { heldAccounts } from '#features/accounts/contract.ts';
import { assert } from '#lib/assert.ts';
import type { Iban } from '#lib/iban.ts';
import type { AccountId, BeneficiaryId, CustomerId, StandingOrderId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { Frequency } from '#lib/time/recurrence.ts';
import type {
  StandingOrder,
  StandingOrderState,
  StandingOrderStatus,
  StandingPayee,
} from './standing-order.ts';

/** An order with the instants of its row. */
export type StoredOrder = StandingOrderState & { readonly createdAt: Date; readonly updatedAt: Date };

export type OrderFilter = {
  readonly accountId?: AccountId | undefined;
  readonly status?: StandingOrderStatus | undefined;
  readonly externalId?: string | undefined;
  /** Only of accounts that this customer holds. */
  readonly seenBy?: CustomerId | undefined;
  readonly after?: StandingOrderId | undefined;
  readonly limit: number;
};

/** An order has some twenty parameters of at most 65,535 in a statement. */
const INSERT_CHUNK = 1_000;

export async function insertOrders(tx: Tx, bookId: number, orders: readonly StandingOrder[]): Promise<void> {
  for (let start = 0; start < orders.length; start += INSERT_CHUNK) {
    const chunk = orders.slice(start, start + INSERT_CHUNK).map(({ state }) => ({
      book_id: bookId,
      standing_order_id: state.id,
      account_id: state.accountId,
      ...payeeColumns(state.payee),
      amount_minor: state.amountMinor,
      currency: state.currency,
      frequency: state.frequency,
      anchor_day: state.anchorDay,
      start_on: state.startOn,
      end_on: state.endOn ?? null,
      next_due_on: state.nextDueOn ?? null,
      status: state.status,
      description: state.description ?? null,
      reference: state.reference ?? null,
      purpose: state.purpose ?? null,
      external_id: state.externalId ?? null,
    }));
    await tx.insertInto('standing_orders').values(chunk).execute();
  }
}

/** Stores what may change of an order that this transaction has locked. */
export async function updateOrder(tx: Tx, bookId: number, { state }: StandingOrder): Promise<void> {
  const updated = await tx
    .updateTable('standing_orders')
    .set({
      amount_minor: state.amountMinor,
      end_on: state.endOn ?? null,
      next_due_on: state.nextDueOn ?? null,
      status: state.status,
      description: state.description ?? null,
      reference: state.reference ?? null,
      version: state.version,
      updated_at: sql`now()`,
    })
    .where('book_id', '=', bookId)
    .where('standing_order_id', '=', state.id)
    .executeTakeFirst();
  assert(updated.numUpdatedRows === 1n, 'a locked order is there to be changed');
}

export async function findOrder(
  db: Db,
  bookId: number,
  id: StandingOrderId,
): Promise<StoredOrder | undefined> {
  const row = await selectRows(db, bookId).where('standing_order_id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toStored(row);
}

/** Locks orders, in ascending id, for the rest of the transaction: before the book and all ledger accounts. */
export async function lockOrders(
  tx: Tx,
  bookId: number,
  ids: readonly StandingOrderId[],
): Promise<StoredOrder[]> {
  const rows = await selectRows(tx, bookId)
    .where(sql<boolean>`standing_order_id = any(${ids}::uuid[])`)
    .orderBy('standing_order_id')
    .forNoKeyUpdate()
    .execute();
  return rows.map(toStored);
}

/** Newest first. */
export async function listOrders(db: Db, bookId: number, filter: OrderFilter): Promise<StoredOrder[]> {
  const { accountId, status, externalId, seenBy, after, limit } = filter;
  let query = selectRows(db, bookId);
  if (seenBy !== undefined) {
    query = query.where(sql<boolean>`account_id in ${heldAccounts(bookId, seenBy)}`);
  }
  if (accountId !== undefined) query = query.where('account_id', '=', accountId);
  if (status !== undefined) query = query.where('status', '=', status);
  if (externalId !== undefined) query = query.where('external_id', '=', externalId);
  if (after !== undefined) query = query.where('standing_order_id', '<', after);
  const rows = await query.orderBy('standing_order_id', 'desc').limit(limit).execute();
  return rows.map(toStored);
}

function selectRows(db: Db, bookId: number) {
  return db.selectFrom('standing_orders').selectAll().where('book_id', '=', bookId);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectRows>['executeTakeFirstOrThrow']>>;

function toStored(row: Row): StoredOrder {
  return {
    id: row.standing_order_id as StandingOrderId,
    accountId: row.account_id as AccountId,
    payee: payeeOf(row),
    amountMinor: row.amount_minor,
    currency: row.currency as Currency,
    frequency: row.frequency as Frequency,
    anchorDay: row.anchor_day,
    startOn: row.start_on as IsoDate,
    endOn: (row.end_on ?? undefined) as IsoDate | undefined,
    nextDueOn: (row.next_due_on ?? undefined) as IsoDate | undefined,
    status: row.status as StandingOrderStatus,
    description: row.description ?? undefined,
    reference: row.reference ?? undefined,
    purpose: row.purpose ?? undefined,
    externalId: row.external_id ?? undefined,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function payeeColumns(payee: StandingPayee) {
  return {
    to_account_id: 'accountId' in payee ? payee.accountId : null,
    to_iban: 'iban' in payee ? payee.iban : null,
    to_beneficiary_id: 'beneficiaryId' in payee ? payee.beneficiaryId : null,
    to_bank: 'bank' in payee ? payee.bank : null,
    to_account_number: 'bank' in payee ? payee.accountNumber : null,
  };
}

function payeeOf({
  to_account_id: accountId,
  to_iban: iban,
  to_beneficiary_id: beneficiaryId,
  to_bank: bank,
  to_account_number: accountNumber,
}: Pick<
  Row,
  'to_account_id' | 'to_iban' | 'to_beneficiary_id' | 'to_bank' | 'to_account_number'
>): StandingPayee {
  if (accountId !== null) return { accountId: accountId as AccountId };
  if (iban !== null) return { iban: iban as Iban };
  if (beneficiaryId !== null) return { beneficiaryId: beneficiaryId as BeneficiaryId };
  assert(bank !== null && accountNumber !== null, 'an order has one payee');
  return { bank, accountNumber };
}
