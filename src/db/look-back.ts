import { sql } from 'kysely';
import type { Db } from './database.ts';

/**
 * Rows that a page of a list looks at where no index knows what it is narrowed by: an index of amounts or names would cost
 * every payment. Reading as many by their key takes some 20 ms.
 */
const LOOKED_AT = 50_000;

const KEYS = {
  transactions: 'transaction_id',
  outgoing_payments: 'transaction_id',
  incoming_payments: 'incoming_payment_id',
} as const;

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
