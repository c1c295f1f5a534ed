import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { hasMetadata, labelColumns } from '#db/labels.ts';
import { columns, withoutNulls } from '#db/rows.ts';
import { heldAccounts } from '#features/accounts/contract.ts';
import { assert } from '#lib/assert.ts';
import type { AccountId, CustomerId, StandingOrderId } from '#lib/ids.ts';
import type { Labels } from '#lib/labels.ts';
import { type Every, everyOf, type Frequency, frequencyOf } from '#lib/time/recurrence.ts';
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
  readonly metadata?: Labels['metadata'];
  /** The last one that is looked at. */
  readonly through?: StandingOrderId | undefined;
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
      to_name: state.toName ?? null,
      amount_minor: state.amountMinor,
      currency: state.currency,
      ...timingColumns(state),
      end_on: state.endOn ?? null,
      next_due_on: state.nextDueOn ?? null,
      status: state.status,
      description: state.description ?? null,
      reference: state.reference ?? null,
      purpose: state.purpose ?? null,
      ...labelColumns(state),
    }));
    await tx.insertInto('standing_orders').values(chunk).execute();
    const ids = chunk.map(({ standing_order_id: id }) => id);
    await noteChanged(tx, bookId, 'standing_orders', ids);
  }
}

/** Stores what may change of an order that this transaction has locked. */
export async function updateOrder(tx: Tx, bookId: number, { state }: StandingOrder): Promise<void> {
  const updated = await tx
    .updateTable('standing_orders')
    .set({
      ...changedPayee(state.payee),
      to_name: state.toName ?? null,
      ...timingColumns(state),
      failures: state.failures,
      suspended_for: state.suspendedFor ?? null,
      amount_minor: state.amountMinor,
      end_on: state.endOn ?? null,
      next_due_on: state.nextDueOn ?? null,
      status: state.status,
      description: state.description ?? null,
      reference: state.reference ?? null,
      ...labelColumns(state),
      version: state.version,
      updated_at: sql`now()`,
    })
    .where('book_id', '=', bookId)
    .where('standing_order_id', '=', state.id)
    .executeTakeFirst();
  assert(updated.numUpdatedRows === 1n, 'a locked order is there to be changed');
  await noteChanged(tx, bookId, 'standing_orders', [state.id]);
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
  const { accountId, status, externalId, seenBy, through, after, limit } = filter;
  let query = selectRows(db, bookId);
  if (seenBy !== undefined) {
    query = query.where(sql<boolean>`account_id in ${heldAccounts(bookId, seenBy)}`);
  }
  if (accountId !== undefined) query = query.where('account_id', '=', accountId);
  if (status !== undefined) query = query.where('status', '=', status);
  if (externalId !== undefined) query = query.where('external_id', '=', externalId.normalize('NFC'));
  for (const condition of hasMetadata('o', filter)) query = query.where(condition);
  if (through !== undefined) query = query.where('standing_order_id', '>=', through);
  if (after !== undefined) query = query.where('standing_order_id', '<', after);
  const rows = await query.orderBy('standing_order_id', 'desc').limit(limit).execute();
  return rows.map(toStored);
}

const PAYEE_COLUMNS = [
  'to_account_id',
  'to_iban',
  'to_beneficiary_id',
  'to_bank',
  'to_bank_scheme',
  'to_account_number',
] as const;

function selectRows(db: Db, bookId: number) {
  return db
    .selectFrom('standing_orders as o')
    .select('o.standing_order_id as id')
    .select(
      columns('o', [
        'account_id',
        'amount_minor',
        'currency',
        'frequency',
        'every_count',
        'every_unit',
        'business_days',
        'failures',
        'suspended_for',
        'anchor_day',
        'start_on',
        'end_on',
      ]),
    )
    .select(
      columns('o', [
        'to_name',
        'next_due_on',
        'status',
        'description',
        'reference',
        'purpose',
        'external_id',
        'metadata',
        'version',
      ]),
    )
    .select(columns('o', ['created_at', 'updated_at', ...PAYEE_COLUMNS]))
    .where('book_id', '=', bookId);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectRows>['executeTakeFirstOrThrow']>>;

function toStored(row: Row): StoredOrder {
  const { toAccountId, toIban, toBeneficiaryId, toBank, toBankScheme, toAccountNumber, ...rest } =
    withoutNulls(row);
  const { frequency, everyCount, everyUnit, businessDays, ...order } = rest;
  return {
    ...order,
    every: everyFrom({ frequency, everyCount, everyUnit }),
    businessDays: businessDays ?? 'following',
    payee: payeeOf({ toAccountId, toIban, toBeneficiaryId, toBank, toBankScheme, toAccountNumber }),
  };
}

/** The frequency as the version before reads it; the other columns say more, where there is more to say. */
function timingColumns({ every, anchorDay, startOn, businessDays }: StandingOrderState) {
  const frequency = every === undefined ? 'yearly' : (frequencyOf(every) ?? nearestFrequency(every));
  const isPlain = every !== undefined && frequencyOf(every) !== undefined;
  return {
    frequency,
    every_count: isPlain ? null : (every?.count ?? 1),
    every_unit: isPlain ? null : (every?.unit ?? ('once' as const)),
    business_days: businessDays === 'following' ? null : businessDays,
    anchor_day: anchorDay,
    start_on: startOn,
  };
}

/** One whose anchor days are those of the unit. */
function nearestFrequency({ unit }: Every): Frequency {
  return unit === 'week' ? 'weekly' : 'monthly';
}

function everyFrom(row: {
  readonly frequency: Frequency;
  readonly everyCount: number | undefined;
  readonly everyUnit: Every['unit'] | 'once' | undefined;
}): Every | undefined {
  const { frequency, everyCount, everyUnit } = row;
  if (everyUnit === 'once') return undefined;
  if (everyUnit === undefined || everyCount === undefined) return everyOf(frequency);
  return { count: everyCount, unit: everyUnit };
}

function payeeColumns(payee: StandingPayee) {
  return {
    to_account_id: 'accountId' in payee ? payee.accountId : null,
    to_iban: 'iban' in payee ? payee.iban : null,
    to_beneficiary_id: 'beneficiaryId' in payee ? payee.beneficiaryId : null,
    to_bank: 'bank' in payee ? payee.bank : null,
    to_bank_scheme: 'bank' in payee ? (payee.scheme ?? null) : null,
    to_account_number: 'bank' in payee ? payee.accountNumber : null,
  };
}

/** What changes where a beneficiary that is deleted gives way to its account. */
function changedPayee(payee: StandingPayee) {
  const { to_account_id: _, ...columns } = payeeColumns(payee);
  return columns;
}

type PayeeColumn = Exclude<`to${string}` & keyof Row, 'toName'>;
type PayeeRow = ReturnType<typeof withoutNulls<Pick<Row, PayeeColumn>>>;

function payeeOf({
  toAccountId,
  toIban,
  toBeneficiaryId,
  toBank,
  toBankScheme,
  toAccountNumber,
}: PayeeRow): StandingPayee {
  if (toAccountId !== undefined) return { accountId: toAccountId };
  if (toIban !== undefined) return { iban: toIban };
  if (toBeneficiaryId !== undefined) return { beneficiaryId: toBeneficiaryId };
  assert(toBank !== undefined && toAccountNumber !== undefined, 'an order has one payee');
  return { scheme: toBankScheme, bank: toBank, accountNumber: toAccountNumber };
}
