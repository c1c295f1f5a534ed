import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { asLabelError } from '#db/labels.ts';
import { isLookedThrough, lookBackFrom } from '#db/look-back.ts';
import { violatedForeignKey } from '#db/postgres-error.ts';
import { inTransaction } from '#db/transaction.ts';
import {
  accountFor,
  assertAccess,
  findAccount,
  type HolderRight,
  lockAccountRow,
} from '#features/accounts/contract.ts';
import type { MoneyGate } from '#features/authority/contract.ts';
import { loadCalendar } from '#features/calendar/contract.ts';
import { requireRoute, resolvePayees } from '#features/transactions/contract.ts';
import { followCalendar } from '#ledger/business-date.ts';
import { ledgerError } from '#ledger/errors.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import { type Caller, ownCustomerOf } from '#lib/caller.ts';
import { notFound } from '#lib/errors.ts';
import { type AccountId, newId, type StandingOrderId } from '#lib/ids.ts';
import type { IfMatch } from '#lib/if-match.ts';
import type { Sought } from '#lib/sought.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { recordOrder } from './audited.ts';
import type { SeenExecution } from './execution.ts';
import { giveUpRetries, listExecutions } from './execution-repository.ts';
import { checkOrder, type OrderTerms } from './order-terms.ts';
import {
  findOrder,
  insertOrders,
  listOrders,
  lockOrders,
  type OrderFilter,
  type StoredOrder,
  updateOrder,
} from './repository.ts';
import {
  directPayee,
  type NewStandingOrder,
  StandingOrder,
  type StandingOrderChanges,
} from './standing-order.ts';
import { runDateOf } from './timing.ts';

/** What a holder needs to give an order, or to change one. */
const MAY_ORDER: HolderRight = 'order';

export type CreateOrder = Omit<NewStandingOrder, 'id' | 'purpose'>;

/** An order, and when it is next paid. */
export type StandingOrderDetails = StoredOrder & { readonly nextRunOn: IsoDate | undefined };

/**
 * The use cases of standing orders; each is one database transaction. A customer's user reaches the orders of the
 * accounts that its customer holds, and gives and changes them as owner or joint holder: 404 `not_found` for all
 * others, 403 `forbidden` for an authorised holder.
 */
export class StandingOrderService {
  readonly #context: Context;
  readonly #internalAccounts: InternalAccounts;
  readonly #gate: MoneyGate;

  constructor(context: Context, internalAccounts: InternalAccounts, gate: MoneyGate) {
    this.#context = context;
    this.#gate = gate;
    this.#internalAccounts = internalAccounts;
  }

  /**
   * Throws 404 `not_found` for the account or payee, 400 `validation_failed` for dates and texts, 409
   * `account_closed` or `customer_deceased`, 422 `currency_mismatch`, `same_account`, `unknown_payee` or `payee_name_required`.
   */
  async create(caller: Caller, request: CreateOrder): Promise<StandingOrderDetails> {
    const { db, bookId, clock, ids } = this.#context;
    const id = newId(ids, 'standingOrder');
    const today = await followCalendar(db, bookId, clock);
    await this.#inTransaction(async (tx) => {
      await this.#lockPayer(tx, caller, request);
      await this.#assertPayee(tx, caller, request);
      const order = StandingOrder.open({ ...request, id }, today);
      await this.#gate.pass(tx, caller, 'createStandingOrder', order.state);
      await insertOrders(tx, bookId, [order]);
      const act = { caller, operation: 'createStandingOrder' };
      await recordOrder(tx, this.#context, act, { after: order.state });
    });
    return this.#show(id);
  }

  /** Throws 400 `validation_failed` for what is wrong with the terms of an order. Stores nothing. */
  async judge(terms: OrderTerms): Promise<void> {
    const { db, bookId, clock } = this.#context;
    checkOrder(terms, await followCalendar(db, bookId, clock));
  }

  /** Throws 404 `not_found`. */
  async get(caller: Caller, id: StandingOrderId): Promise<StandingOrderDetails> {
    const { db, bookId } = this.#context;
    const order = await this.#show(id);
    await assertAccess(db, bookId, [{ caller, accountId: order.accountId }], 'see');
    return order;
  }

  /** Newest first. */
  async page(
    caller: Caller,
    filter: Omit<OrderFilter, 'seenBy' | 'through'>,
  ): Promise<Sought<StandingOrderDetails, StandingOrderId>> {
    const { db, bookId } = this.#context;
    const through = isLookedThrough(caller, filter, [filter.accountId, filter.externalId])
      ? await lookBackFrom(db, bookId, 'standing_orders', filter.after)
      : undefined;
    const orders = await listOrders(db, bookId, { ...filter, through, seenBy: ownCustomerOf(caller) });
    return { rows: await this.#withNextRun(orders), soughtThrough: through };
  }

  /** The rows of a page alone: without `metadata` no page is short. */
  async list(
    caller: Caller,
    filter: Omit<OrderFilter, 'seenBy' | 'through' | 'metadata'>,
  ): Promise<StandingOrderDetails[]> {
    return [...(await this.page(caller, filter)).rows];
  }

  /** The outcome of each due date, latest first. Throws 404 `not_found`. */
  async listExecutions(
    caller: Caller,
    id: StandingOrderId,
    filter: { readonly before?: IsoDate | undefined; readonly limit: number },
  ): Promise<SeenExecution[]> {
    await this.get(caller, id);
    return listExecutions(this.#context.db, this.#context.bookId, id, filter);
  }

  /**
   * Changes the version that the caller read. Throws 404 `not_found`, 400 `validation_failed`, 409
   * `standing_order_not_active` or `customer_deceased`, 412 `version_conflict`.
   */
  change(
    caller: Caller,
    id: StandingOrderId,
    version: IfMatch,
    changes: StandingOrderChanges,
  ): Promise<StandingOrderDetails> {
    return this.#update(caller, id, 'changeStandingOrder', async (order, tx, today) => {
      order.assertVersion(version);
      order.change(changes, today);
      if (order.state.status === 'active') await this.#assertAlive(tx, order.state.accountId);
      // To stop paying commits nothing.
      const committed = changes.status === 'paused' ? [] : [order.state];
      await this.#gate.pass(tx, caller, 'changeStandingOrder', ...committed);
      if (changes.status === 'paused')
        await giveUpRetries(tx, this.#context.bookId, id, 'standing_order_paused');
    });
  }

  /** Ends it permanently. Throws 404 `not_found`, 409 `standing_order_not_active`. */
  cancel(caller: Caller, id: StandingOrderId): Promise<StandingOrderDetails> {
    return this.#update(caller, id, 'cancelStandingOrder', async (order, tx) => {
      order.cancel();
      await giveUpRetries(tx, this.#context.bookId, id, 'standing_order_cancelled');
    });
  }

  async #update(
    caller: Caller,
    id: StandingOrderId,
    operation: string,
    decide: (order: StandingOrder, tx: Tx, today: IsoDate) => Promise<void>,
  ): Promise<StandingOrderDetails> {
    const { db, bookId, clock } = this.#context;
    const today = await followCalendar(db, bookId, clock);
    await this.#inTransaction(async (tx) => {
      const [stored] = await lockOrders(tx, bookId, [id]);
      if (stored === undefined) throw notFound();
      await assertAccess(tx, bookId, [{ caller, accountId: stored.accountId }], MAY_ORDER);
      const order = new StandingOrder(stored);
      await decide(order, tx, today);
      await updateOrder(tx, bookId, order);
      await recordOrder(tx, this.#context, { caller, operation }, { before: stored, after: order.state });
    });
    return this.#show(id);
  }

  /** Throws 409 `customer_deceased` for an account that nobody alive owns. */
  async #assertAlive(tx: Tx, accountId: AccountId): Promise<void> {
    const account = await findAccount(tx, this.#context.bookId, accountId);
    if (account?.funds.isEstate === true) throw ledgerError('customer_deceased');
  }

  async #show(id: StandingOrderId): Promise<StandingOrderDetails> {
    const order = await findOrder(this.#context.db, this.#context.bookId, id);
    if (order === undefined) throw notFound();
    const [shown] = await this.#withNextRun([order]);
    if (shown === undefined) throw notFound();
    return shown;
  }

  async #withNextRun(orders: readonly StoredOrder[]): Promise<StandingOrderDetails[]> {
    const { db, bookId } = this.#context;
    const dates = orders.flatMap(({ nextDueOn }) => nextDueOn ?? []);
    const calendars = new Map(
      await Promise.all(
        [...new Set(dates)].map(async (date) => [date, await loadCalendar(db, bookId, date)] as const),
      ),
    );
    return orders.map((order) => {
      const { nextDueOn, businessDays, status } = order;
      const isActive = status === 'active' && nextDueOn !== undefined;
      const calendar = isActive ? calendars.get(nextDueOn) : undefined;
      return {
        ...order,
        nextRunOn: calendar && isActive ? runDateOf(nextDueOn, businessDays, calendar) : undefined,
      };
    });
  }

  /** Throws 404 `not_found` where the beneficiary of a new order was deleted in the meantime. */
  async #inTransaction(work: (tx: Tx) => Promise<void>): Promise<void> {
    try {
      await inTransaction(this.#context.db, work);
    } catch (error) {
      throw violatedForeignKey(error) === 'standing_orders_to_beneficiary_fkey'
        ? notFound()
        : asLabelError(error);
    }
  }

  /** Locks the account's row, so that it is not closed in the meantime. */
  async #lockPayer(tx: Tx, caller: Caller, { accountId, currency }: CreateOrder): Promise<void> {
    const { bookId } = this.#context;
    await assertAccess(tx, bookId, [{ caller, accountId }], MAY_ORDER);
    if (!(await lockAccountRow(tx, bookId, accountId))) throw notFound();
    const account = await accountFor(tx, bookId, { caller, accountId }, MAY_ORDER);
    if (account.funds.status === 'closed') throw ledgerError('account_closed');
    if (account.funds.isEstate) throw ledgerError('customer_deceased');
    if (account.currency !== currency) throw ledgerError('currency_mismatch');
  }

  /** As a transfer to the payee would be refused now. */
  async #assertPayee(tx: Tx, caller: Caller, request: CreateOrder): Promise<void> {
    const { accountId, payee, toName, amountMinor, currency } = request;
    const to = directPayee(payee, toName);
    if (to === undefined) return;
    const transfer = {
      kind: 'transfer',
      fromAccountId: accountId,
      to,
      amountMinor,
      currency,
    } as const;
    const [route] = await resolvePayees(this.#context, this.#internalAccounts, caller, [transfer]);
    const { credit } = requireRoute(route).sides;
    if (credit === accountId) throw ledgerError('same_account');
    if (typeof credit !== 'string') return;
    const account = await findAccount(tx, this.#context.bookId, credit);
    if (account === undefined) throw notFound();
    if (account.funds.status === 'closed') throw ledgerError('account_closed');
    if (account.currency !== currency) throw ledgerError('currency_mismatch');
  }
}
