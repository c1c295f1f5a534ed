import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { chargeEvents } from '#features/charges/contract.ts';
import { addCounts, type ClosingDay, type EndOfDayStep } from '#features/end-of-day/contract.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import { assert } from '#lib/assert.ts';
import { type StandingOrderId, toTypeId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { recordOrder } from './audited.ts';
import { type Attempt, type Execution, hopelessCode, settle } from './execution.ts';
import {
  countDue,
  findClosedAccounts,
  listDueOrders,
  listRetries,
  moveOrders,
  storeExecutions,
} from './execution-repository.ts';
import { BANK, type Outcome, type Payer, payAll } from './pay.ts';
import { lockOrders } from './repository.ts';
import { DECEASED, StandingOrder } from './standing-order.ts';
import { horizonOf } from './timing.ts';

/** Payments of a transaction: a quarter of a second, in which their accounts are locked. */
const CHUNK = 500;

/**
 * The step of the end of day that pays what is due. What falls due on a day without business is paid on the next
 * business day, the last one before, or that day, as the order says. The orders themselves say what is left to do, so that a chunk that was cut off is
 * found again as it was.
 */
export function standingOrdersStep(context: Context, internalAccounts: InternalAccounts): EndOfDayStep {
  const { bookId } = context;
  const payer = { context, internalAccounts };
  return {
    name: 'standing-orders',
    countTotal: (db, { date, calendar }) => countDue(db, bookId, horizonOf(date, calendar)),
    runChunk: async (tx, day, progress) => {
      const { processed, counts } = progress;
      const ids = await listDueOrders(tx, bookId, horizonOf(day.date, day.calendar), CHUNK);
      if (ids.length === 0) return { ...progress, done: true };
      const executions = await executeDue(payer, tx, ids, day);
      return {
        position: executions.at(-1)?.dueOn,
        processed: processed + executions.length,
        counts: addCounts(counts, tally(executions)),
        done: false,
      };
    },
  };
}

/** Tries what is due of some orders, earliest due first: all that are tried again, and the next due date of each. */
async function executeDue(
  payer: Payer,
  tx: Tx,
  ids: readonly StandingOrderId[],
  { date, calendar }: ClosingDay,
): Promise<Execution[]> {
  const { bookId } = payer.context;
  const orders = (await lockOrders(tx, bookId, ids)).map((stored) => new StandingOrder(stored));
  const byId = new Map(orders.map((order) => [order.state.id, order]));
  const horizon = horizonOf(date, calendar);
  const retries = await listRetries(tx, bookId, ids, horizon);
  const advancing = orders.filter((order) => order.isDue(horizon));
  const attempts = [...retries, ...advancing.map(firstAttempt)].sort(byDueDate);
  const due = attempts.map(({ standingOrderId, dueOn }) => ({
    order: found(byId, standingOrderId).state,
    dueOn,
  }));
  const closed = await findClosedAccounts(
    tx,
    bookId,
    orders.map(({ state }) => state.accountId),
  );
  const outcomes = await payAll(tx, payer, due);
  const executions = attempts.map((attempt, index) =>
    settle(attempt, outcomeAt(outcomes, index), date, calendar),
  );
  for (const order of advancing) {
    // An account that is closed pays nothing any more.
    if (closed.has(order.state.accountId)) order.cancel();
    else order.advance();
  }
  await storeExecutions(tx, bookId, executions);
  await chargeFailed(tx, payer.context, executions, { byId, date });
  await suspendHopeless(tx, payer.context, advancing, executions);
  await moveOrders(tx, bookId, advancing);
  return executions;
}

/** Charges what terms ask for a payment that has failed, and is not tried again. */
function chargeFailed(
  tx: Tx,
  context: Context,
  executions: readonly Execution[],
  { byId, date }: { readonly byId: ReadonlyMap<StandingOrderId, StandingOrder>; readonly date: IsoDate },
): Promise<void> {
  const events = executions.flatMap(({ standingOrderId, status }) => {
    if (status !== 'failed') return [];
    const { accountId } = found(byId, standingOrderId).state;
    const about = toTypeId('standingOrder', standingOrderId);
    return [{ accountId, event: 'standing_order_failed', about } as const];
  });
  return chargeEvents(tx, context, events, date);
}

/** Suspends the orders that failed too often in a row for a reason that stays, and says so in the trail. */
async function suspendHopeless(
  tx: Tx,
  context: Context,
  orders: readonly StandingOrder[],
  executions: readonly Execution[],
): Promise<void> {
  const byOrder = new Map(executions.map((one) => [one.standingOrderId, one]));
  for (const order of orders) {
    const execution = byOrder.get(order.state.id);
    const before = order.state;
    if (execution === undefined) continue;
    if (execution.failureCode === DECEASED) order.suspend(DECEASED);
    else if (!order.count(hopelessCode(execution))) continue;
    const act = { caller: BANK, operation: 'suspendStandingOrder' };
    await recordOrder(tx, context, act, { before, after: order.state });
  }
}

function firstAttempt({ state }: StandingOrder): Attempt {
  assert(state.nextDueOn !== undefined, 'what is due has a date');
  return { standingOrderId: state.id, dueOn: state.nextDueOn, attemptsBefore: 0 };
}

/** The same order whoever pays and however often it was cut off: who is paid first may pay with it. */
function byDueDate(one: Attempt, other: Attempt): number {
  if (one.dueOn !== other.dueOn) return one.dueOn < other.dueOn ? -1 : 1;
  return one.standingOrderId < other.standingOrderId ? -1 : 1;
}

function found(orders: ReadonlyMap<StandingOrderId, StandingOrder>, id: StandingOrderId): StandingOrder {
  const order = orders.get(id);
  assert(order !== undefined, 'what is due is of a locked order');
  return order;
}

function outcomeAt(outcomes: readonly Outcome[], index: number): Outcome {
  const outcome = outcomes[index];
  assert(outcome !== undefined, 'everything due has an outcome');
  return outcome;
}

function tally(executions: readonly Execution[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of executions) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
