import { sql } from 'kysely';
import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { assertAccess } from '#features/accounts/contract.ts';
import { listPayees, type OrdersToBeneficiary, type SavedPayee } from '#features/beneficiaries/contract.ts';
import type { Holdings } from '#features/customers/contract.ts';
import { assert } from '#lib/assert.ts';
import type { BeneficiaryId, StandingOrderId } from '#lib/ids.ts';
import { recordOrder } from './audited.ts';
import { giveUpRetries } from './execution-repository.ts';
import { lockOrders, type StoredOrder, updateOrder } from './repository.ts';
import { StandingOrder } from './standing-order.ts';

/** The outcome of standing orders when the beneficiary that they pay is deleted. */
export function ordersToBeneficiary(context: Context): OrdersToBeneficiary {
  const { bookId } = context;
  return {
    lock: async (tx, id) => {
      const orders = (await lockOrdersTo(tx, bookId, [id])).map((stored) => new StandingOrder(stored));
      return { total: orders.length, live: orders.filter(({ isOver }) => !isOver).length };
    },
    count: async (tx, id) => (await listOrdersTo(tx, bookId, [id])).length,
    cancel: async (tx, caller, payee) => {
      for (const stored of await lockOrdersTo(tx, bookId, [payee.id])) {
        const order = new StandingOrder(stored);
        const isLive = !order.isOver;
        if (isLive) {
          await assertAccess(tx, bookId, [{ caller, accountId: stored.accountId }], 'order');
          order.cancel();
          await giveUpRetries(tx, bookId, stored.id, 'standing_order_cancelled');
        }
        order.payDirectly(payee);
        await updateOrder(tx, bookId, order);
        if (!isLive) continue;
        const act = { caller, operation: 'cancelStandingOrder' };
        await recordOrder(tx, context, act, { before: stored, after: order.state });
      }
    },
  };
}

/**
 * The outcome of the orders that pay beneficiaries of a customer who is deleted: on an account that others keep they
 * go on, and pay the same account.
 */
export function standingOrderHoldings(context: Context): Holdings {
  const { bookId } = context;
  return {
    countOpenAccounts: () => Promise.resolve(0),
    findReasonToKeep: async (tx, customerId) => {
      // Locked here, before any ledger account, as the end of day does.
      const payees = await listPayees(tx, bookId, customerId);
      await lockOrdersTo(tx, bookId, [...payees.keys()]);
      return undefined;
    },
    release: async (tx, customerId, caller) => {
      const payees = await listPayees(tx, bookId, customerId, { toDelete: true });
      for (const stored of await lockOrdersTo(tx, bookId, [...payees.keys()])) {
        const order = new StandingOrder(stored);
        order.payDirectly(payeeOf(stored, payees));
        await updateOrder(tx, bookId, order);
        const act = { caller, operation: 'changeStandingOrder' };
        await recordOrder(tx, context, act, { before: stored, after: order.state });
      }
    },
  };
}

function payeeOf({ payee }: StoredOrder, payees: ReadonlyMap<BeneficiaryId, SavedPayee>): SavedPayee {
  assert('beneficiaryId' in payee, 'the order pays a beneficiary');
  const saved = payees.get(payee.beneficiaryId);
  assert(saved !== undefined, 'its beneficiary is one of those that go');
  return saved;
}

async function lockOrdersTo(tx: Tx, bookId: number, ids: readonly BeneficiaryId[]): Promise<StoredOrder[]> {
  return lockOrders(tx, bookId, await listOrdersTo(tx, bookId, ids));
}

async function listOrdersTo(
  tx: Tx,
  bookId: number,
  ids: readonly BeneficiaryId[],
): Promise<StandingOrderId[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .selectFrom('standing_orders')
    .select('standing_order_id as id')
    .where('book_id', '=', bookId)
    .where(sql<boolean>`to_beneficiary_id = any(${ids}::uuid[])`)
    .execute();
  return rows.map(({ id }) => id);
}
