import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { StandingOrderId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { moveOrders } from './execution-repository.ts';
import { lockOrders } from './repository.ts';
import { StandingOrder } from './standing-order.ts';

/**
 * Leaves out all due dates up to a date of orders that came from another system, which has paid them itself: its
 * payments are imported as such. Locks those orders.
 */
export async function skipOrders(tx: Tx, bookId: number, through: IsoDate): Promise<void> {
  const { rows } = await sql<{ id: StandingOrderId }>`
    select standing_order_id as id from standing_orders
    where book_id = ${bookId} and to_bank is not null and next_due_on <= ${through}::date`.execute(tx);
  const orders = await lockOrders(
    tx,
    bookId,
    rows.map(({ id }) => id),
  );
  const skipped = orders.map((stored) => new StandingOrder(stored));
  for (const order of skipped) order.skipThrough(through);
  await moveOrders(tx, bookId, skipped);
}
