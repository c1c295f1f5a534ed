import { sql } from 'kysely';
import { type Caller, ownCustomerOf } from '#lib/caller.ts';
import type { Labels } from '#lib/labels.ts';
import type { Db } from './database.ts';

/**
 * Rows that a page of a list looks at where no index knows what it is narrowed by: an index of amounts or names would cost
 * every payment. Reading as many by their key takes some 20 ms.
 */
export const LOOKED_AT = 50_000;

/** The lists that are looked through by id, and its column. */
export const KEYS = {
  transactions: 'transaction_id',
  outgoing_payments: 'transaction_id',
  incoming_payments: 'incoming_payment_id',
  currency_conversions: 'entry_id',
  manual_entries: 'entry_id',
  holds: 'hold_id',
  attachments: 'attachment_id',
  capture_settlements: 'settlement_id',
  standing_orders: 'standing_order_id',
  customers: 'customer_id',
  accounts: 'account_id',
  loans: 'loan_id',
} as const;

/**
 * Whether pages of a list are bounded by what they look at: it is narrowed by metadata, and by none of the values that
 * an index leads by. A customer, or a key that is bound to some, has few rows, and no id of another goes into its
 * cursors.
 */
export function isLookedThrough(
  caller: Caller,
  { metadata }: Pick<Labels, 'metadata'>,
  leading: readonly unknown[],
): boolean {
  if (metadata === undefined || ownCustomerOf(caller) !== undefined || caller.bounds !== undefined)
    return false;
  return leading.every((value) => value === undefined);
}

/**
 * The last row that a page looks at, in descending id, from the start or after a row; undefined where the table ends
 * before. A page that found less than it may have goes on behind it.
 */
export async function lookBackFrom<Id extends string>(
  db: Db,
  bookId: number,
  table: keyof typeof KEYS,
  after: Id | undefined,
  count = LOOKED_AT,
): Promise<Id | undefined> {
  const key = sql.ref(KEYS[table]);
  const isBefore = after === undefined ? sql`true` : sql`${key} < ${after}::uuid`;
  const { rows } = await sql<{ id: Id }>`
    select ${key} as "id" from ${sql.table(table)} where book_id = ${bookId} and ${isBefore}
    order by ${key} desc offset ${count - 1} limit 1`.execute(db);
  return rows[0]?.id;
}
