import { sql } from 'kysely';
import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import type { EstateFollower } from '#features/accounts/contract.ts';
import { selectBusinessDate } from '#ledger/business-date.ts';
import type { AccountId, StandingOrderId } from '#lib/ids.ts';
import { recordOrder } from './audited.ts';
import { giveUpRetries } from './execution-repository.ts';
import { lockOrders, updateOrder } from './repository.ts';
import { DECEASED, StandingOrder } from './standing-order.ts';

/**
 * Suspends the orders of accounts that nobody alive owns any more, and lets those go on again that it suspended: due
 * dates that passed in between are left out.
 */
export function standingOrderEstates(context: Context): EstateFollower {
  const { bookId } = context;
  return async (tx, caller, { became, ended }) => {
    const stopped = await listOrdersOf(tx, bookId, became, 'active');
    for (const stored of await lockOrders(tx, bookId, stopped)) {
      const order = new StandingOrder(stored);
      if (stored.status !== 'active') continue;
      order.suspend(DECEASED);
      await giveUpRetries(tx, bookId, stored.id, DECEASED);
      await updateOrder(tx, bookId, order);
      const act = { caller, operation: 'suspendStandingOrder' };
      await recordOrder(tx, context, act, { before: stored, after: order.state });
    }
    const today = await selectBusinessDate(tx, bookId);
    for (const stored of await lockOrders(tx, bookId, await listOrdersOf(tx, bookId, ended, 'suspended'))) {
      const order = new StandingOrder(stored);
      if (!order.goOn(DECEASED, today)) continue;
      await updateOrder(tx, bookId, order);
      const act = { caller, operation: 'changeStandingOrder' };
      await recordOrder(tx, context, act, { before: stored, after: order.state });
    }
  };
}

async function listOrdersOf(
  tx: Tx,
  bookId: number,
  accountIds: readonly AccountId[],
  status: 'active' | 'suspended',
): Promise<StandingOrderId[]> {
  if (accountIds.length === 0) return [];
  const rows = await tx
    .selectFrom('standing_orders')
    .select('standing_order_id as id')
    .where('book_id', '=', bookId)
    .where('status', '=', status)
    .where(sql<boolean>`account_id = any(${[...accountIds]}::uuid[])`)
    .execute();
  return rows.map(({ id }) => id);
}
