import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { isLookedThrough } from '#db/look-back.ts';
import { afterCommit, inTransaction } from '#db/transaction.ts';
import { asAccountError, assertAccess, type HolderRight } from '#features/accounts/contract.ts';
import type { MoneyGate } from '#features/authority/contract.ts';
import { loadCalendar } from '#features/calendar/contract.ts';
import { lockCustomer } from '#features/customers/contract.ts';
import { maturityDate, type Term } from '#features/interest/contract.ts';
import { followCalendar, holdBusinessDate } from '#ledger/business-date.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import { lockAccounts, readAccounts } from '#ledger/lock-accounts.ts';
import { type Caller, ownCustomerOf } from '#lib/caller.ts';
import { notFound } from '#lib/errors.ts';
import { type AccountId, type CustomerId, newId } from '#lib/ids.ts';
import type { IfMatch } from '#lib/if-match.ts';
import type { Labels } from '#lib/labels.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { cleanCustomerReason } from '#lib/reasons.ts';
import type { Sought } from '#lib/sought.ts';
import { cleanText, optional } from '#lib/text.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { Frequency } from '#lib/time/recurrence.ts';
import { type Asked, agree, maturityOf } from './agree.ts';
import { recordDeposit } from './audited.ts';
import { type ClosurePreview, EarlyClosing } from './closing.ts';
import { openContractAccounts } from './contract-accounts.ts';
import { Deposit } from './deposit.ts';
import { depositError } from './errors.ts';
import type { ClosingReasons } from './event.ts';
import { listEvents, type StoredDepositEvent } from './event-repository.ts';
import {
  assertGoesOn,
  assertPayout,
  assertRenewal,
  changed,
  type InstructionChanges,
  lockAccountsOf,
} from './instruction.ts';
import { contractTransfer, payAsCustomer } from './movements.ts';
import { type DepositQuote, quoteDeposit } from './quote.ts';
import {
  type DepositFilter,
  type DepositPlace,
  findDeposit,
  insertDeposits,
  listDeposits,
  lockDeposits,
  lookOnDeposits,
  type StoredDeposit,
  updateDeposits,
} from './repository.ts';
import type { Instruction } from './state.ts';
import { productForDeposits } from './terms.ts';

/** The right that a holder needs to make a deposit, and to decide on it. */
const MAY_DECIDE: HolderRight = 'order';

export type OpenDeposit = Labels & {
  readonly customerId: CustomerId;
  readonly product: string;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly term: Term;
  /** Of a recurring deposit: how often the amount is collected from the account. */
  readonly frequency?: Frequency | undefined;
  readonly fromAccountId: AccountId;
  readonly instruction: Instruction;
};

/**
 * The use cases of deposits; each is one database transaction. A customer's user reaches the deposits of the accounts that
 * its customer holds, and decides on them as owner or joint holder: 404 `not_found` for all others, 403 `forbidden` for
 * an authorised holder.
 */
export class DepositService {
  readonly #context: Context;
  readonly #gate: MoneyGate;
  readonly #closing: EarlyClosing;

  constructor(context: Context, internalAccounts: InternalAccounts, gate: MoneyGate) {
    this.#context = context;
    this.#gate = gate;
    this.#closing = new EarlyClosing(context, internalAccounts);
  }

  /**
   * Makes a deposit: opens its account, agrees its rate, and pays it from another account of the customer. Throws 404
   * `not_found`, 409 `customer_closed`, `customer_deceased`, `account_closed`, `account_frozen` or `account_exists`, 422
   * `account_not_of_depositor`, `insufficient_funds`, `limit_exceeded`, and what the product is refused for.
   */
  async open(caller: Caller, request: OpenDeposit): Promise<StoredDeposit> {
    const { db, bookId, clock, ids } = this.#context;
    const { fromAccountId, customerId } = request;
    const own = ownCustomerOf(caller);
    if (own !== undefined && own !== customerId) throw notFound();
    const { payoutAccountId } = request.instruction;
    assertGoesOn(request.instruction, request.frequency !== undefined);
    await assertAccess(db, bookId, [{ caller, accountId: fromAccountId }], MAY_DECIDE);
    await assertAccess(db, bookId, [{ caller, accountId: payoutAccountId }], 'see');
    await followCalendar(db, bookId, clock);
    const id = newId(ids, 'account');
    await this.#inTransaction(async (tx) => {
      const customer = await lockCustomer(tx, this.#context, customerId);
      if (customer === undefined) throw notFound();
      customer.assertActive();
      await lockAccountsOf(tx, bookId, customerId, { fromAccountId, payoutAccountId });
      const today = await holdBusinessDate(tx, bookId);
      const { product, terms, version } = await productForDeposits(tx, bookId, request);
      product.assertOffered();
      product.assertEligible(customer.state);
      product.assertDetails(customer.state);
      await assertRenewal(tx, bookId, request.instruction, request.currency);
      const asked = { ...request, openedOn: today };
      const calendar = await loadCalendar(tx, bookId, maturityDate(today, request.term));
      const agreed = agree(terms, asked, maturityOf(terms, asked, calendar));
      const { externalId, metadata } = request;
      const contract = { id, customerId, product, openedOn: today, externalId, metadata, ...agreed };
      // Before account numbers are taken, as where deposits are renewed.
      await lockAccounts(tx, bookId, [fromAccountId]);
      await openContractAccounts(tx, this.#context, [contract]);
      const funding = contractTransfer(ids, {
        ...request,
        actor: caller.actor,
        from: fromAccountId,
        to: id,
        description: 'Deposit made',
      });
      await payAsCustomer(tx, this.#context, funding);
      const { product: code, currency, amountMinor: principalMinor, term, instruction } = request;
      const deposit = Deposit.open(
        {
          ...agreed,
          id,
          product: code,
          currency,
          principalMinor,
          term,
          instruction,
          openedOn: today,
          termsVersion: version,
          renewsId: undefined,
          collectedFromId: request.frequency === undefined ? undefined : fromAccountId,
          createdBy: caller.actor,
        },
        funding.draft.entryId,
      );
      await insertDeposits(tx, bookId, [deposit], this.#doing(caller));
      await this.#gate.pass(tx, caller, 'openTimeDeposit', request);
      const act = { caller, operation: 'openTimeDeposit' };
      await recordDeposit(tx, this.#context, act, { after: deposit.state });
    });
    return afterCommit(() => this.#find(id));
  }

  /** Throws 404 `not_found`. */
  async get(caller: Caller, id: AccountId): Promise<StoredDeposit> {
    await assertAccess(this.#context.db, this.#context.bookId, [{ caller, accountId: id }], 'see');
    return this.#find(id);
  }

  /** By maturity, the next one first. A customer's user is shown what its customer holds. */
  async page(
    caller: Caller,
    filter: Omit<DepositFilter, 'seenBy' | 'through'>,
  ): Promise<Sought<StoredDeposit, DepositPlace>> {
    const { db, bookId } = this.#context;
    const { customerId, accountId, externalId } = filter;
    const through = isLookedThrough(caller, filter, [customerId, accountId, externalId])
      ? await lookOnDeposits(db, bookId, filter.after)
      : undefined;
    const rows = await listDeposits(db, bookId, { ...filter, through, seenBy: ownCustomerOf(caller) });
    return { rows, soughtThrough: through };
  }

  /** The rows of a page alone: without `metadata` no page is short. */
  async list(
    caller: Caller,
    filter: Omit<DepositFilter, 'seenBy' | 'through' | 'metadata'>,
  ): Promise<StoredDeposit[]> {
    return [...(await this.page(caller, filter)).rows];
  }

  /** What happened to a deposit, in order. The reason that staff gave is for staff. Throws 404 `not_found`. */
  async listEvents(
    caller: Caller,
    id: AccountId,
    page: { readonly after?: number | undefined; readonly limit: number },
  ): Promise<{ readonly deposit: StoredDeposit; readonly events: StoredDepositEvent[] }> {
    const deposit = await this.get(caller, id);
    const events = await listEvents(this.#context.db, this.#context.bookId, id, page);
    if (ownCustomerOf(caller) === undefined) return { deposit, events };
    return {
      deposit,
      events: events.map(({ details, ...event }) => ({
        ...event,
        details: { ...details, reason: undefined },
      })),
    };
  }

  /**
   * What is to happen at the maturity, and where instalments come from, of the version that the caller read. Throws 404
   * `not_found`, 409 `deposit_over` or `deposit_without_instalments`, 412 `version_conflict`, 422 `account_not_of_depositor`, `currency_mismatch`, `unknown_product` or
   * `product_not_for_deposits`.
   */
  async instruct(
    caller: Caller,
    id: AccountId,
    version: IfMatch,
    changes: InstructionChanges,
  ): Promise<StoredDeposit> {
    const { db, bookId, clock } = this.#context;
    await assertAccess(db, bookId, [{ caller, accountId: id }], MAY_DECIDE);
    await followCalendar(db, bookId, clock);
    await inTransaction(db, async (tx) => {
      const { deposit, stored } = await this.#lock(tx, id);
      await assertAccess(tx, bookId, [{ caller, accountId: id }], MAY_DECIDE);
      deposit.assertVersion(version);
      const { collectFromAccountId = stored.collectedFromId, ...others } = changes;
      const instruction = changed(stored.instruction, others);
      assertGoesOn(instruction, stored.plan !== undefined);
      if (collectFromAccountId !== undefined && stored.plan === undefined) {
        throw depositError('deposit_without_instalments');
      }
      await this.#assertNamed(tx, caller, stored, {
        payoutAccountId: instruction.payoutAccountId,
        collectFromAccountId,
      });
      await assertRenewal(tx, bookId, instruction, stored.currency);
      deposit.instruct(instruction, collectFromAccountId, await holdBusinessDate(tx, bookId));
      await updateDeposits(tx, bookId, [deposit], this.#doing(caller));
      const act = { caller, operation: 'changeTimeDeposit' };
      await recordDeposit(tx, this.#context, act, { before: stored, after: deposit.state });
    });
    return afterCommit(() => this.#find(id));
  }

  /** Locks the accounts that a change names for the first time, and judges them. */
  async #assertNamed(
    tx: Tx,
    caller: Caller,
    stored: StoredDeposit,
    named: { readonly payoutAccountId: AccountId; readonly collectFromAccountId: AccountId | undefined },
  ): Promise<void> {
    const { bookId } = this.#context;
    const { payoutAccountId: payout, collectFromAccountId: collect } = named;
    const fresh = {
      ...(payout === stored.instruction.payoutAccountId ? {} : { payoutAccountId: payout }),
      ...(collect === undefined || collect === stored.collectedFromId
        ? {}
        : { collectFromAccountId: collect }),
    };
    if (fresh.payoutAccountId !== undefined) {
      await assertAccess(tx, bookId, [{ caller, accountId: fresh.payoutAccountId }], 'see');
    }
    if (fresh.collectFromAccountId !== undefined) {
      await assertAccess(tx, bookId, [{ caller, accountId: fresh.collectFromAccountId }], MAY_DECIDE);
    }
    const ids = Object.values(fresh);
    if (ids.length === 0) return;
    await lockAccountsOf(tx, bookId, stored.customerId, fresh);
    const { states } = await lockAccounts(tx, bookId, ids);
    for (const id of ids) assertPayout(states.get(id), stored.currency);
  }

  /**
   * What a deposit would come to by the terms that are in force. Throws 400 `validation_failed` for a day of closing that is
   * not before the maturity, and what the product is refused for.
   */
  async quote({
    closedOn,
    openedOn,
    ...asked
  }: Omit<Asked, 'openedOn'> & {
    readonly openedOn: IsoDate | undefined;
    readonly closedOn: IsoDate | undefined;
  }): Promise<DepositQuote> {
    const { db, bookId, clock } = this.#context;
    const today = await followCalendar(db, bookId, clock);
    const { terms } = await productForDeposits(db, bookId, asked);
    const from = openedOn ?? today;
    const calendar = await loadCalendar(db, bookId, maturityDate(from, asked.term));
    return quoteDeposit(terms, { ...asked, openedOn: from }, calendar, closedOn);
  }

  /** What closing a deposit today would pay; nothing is stored. Throws as `close`. */
  async previewClosure(caller: Caller, id: AccountId): Promise<ClosurePreview> {
    const { db, bookId, clock } = this.#context;
    await assertAccess(db, bookId, [{ caller, accountId: id }], 'see');
    const today = await followCalendar(db, bookId, clock);
    return inTransaction(
      db,
      async (tx) => {
        const deposit = await findDeposit(tx, bookId, id);
        if (deposit === undefined) throw notFound();
        new Deposit(deposit).assertRuns(today);
        const { states } = await readAccounts(tx, bookId, [id]);
        return this.#closing.preview(tx, deposit, today, states);
      },
      { readOnlySnapshot: true },
    );
  }

  /**
   * Closes a deposit before its maturity: settles its interest by the terms of closing, and pays it out. The money of
   * customers who died stays on the account, for the estate. A customer's own reason is for the customer too. Throws 404 `not_found`, 409 `deposit_over`,
   * `deposit_matures`, `account_frozen` or `account_closed`, 422 `early_closure_not_agreed` or `insufficient_funds`.
   */
  async close(caller: Caller, id: AccountId, given: ClosingReasons): Promise<ClosurePreview> {
    const { db, bookId, clock } = this.#context;
    const isOwn = ownCustomerOf(caller) !== undefined;
    const reasons = {
      reason: optional(given.reason, (text) => cleanText(text, 'reason', 500)),
      customerReason: cleanCustomerReason(isOwn ? given.reason : given.customerReason),
    };
    await assertAccess(db, bookId, [{ caller, accountId: id }], MAY_DECIDE);
    await followCalendar(db, bookId, clock);
    return inTransaction(db, async (tx) => {
      const { deposit, stored } = await this.#lock(tx, id);
      await assertAccess(tx, bookId, [{ caller, accountId: id }], MAY_DECIDE);
      const today = await holdBusinessDate(tx, bookId);
      deposit.assertRuns(today);
      const { payoutAccountId } = stored.instruction;
      const { states } = await lockAccounts(tx, bookId, [id, payoutAccountId]);
      const act = { actor: caller.actor, reasons, on: today, bookedOn: today };
      const closure = await this.#closing.close(tx, deposit, { stored, states }, act);
      await updateDeposits(tx, bookId, [deposit], this.#doing(caller));
      const { paidMinor: amountMinor } = closure;
      await this.#gate.pass(tx, caller, 'closeTimeDeposit', { amountMinor, currency: stored.currency });
      const done = { caller, operation: 'closeTimeDeposit', reasons };
      await recordDeposit(tx, this.#context, done, { before: stored, after: deposit.state });
      return closure;
    });
  }

  async #lock(tx: Tx, id: AccountId): Promise<{ readonly deposit: Deposit; readonly stored: StoredDeposit }> {
    const [stored] = await lockDeposits(tx, this.#context.bookId, [id]);
    if (stored === undefined) throw notFound();
    return { deposit: new Deposit(stored), stored };
  }

  async #find(id: AccountId): Promise<StoredDeposit> {
    const deposit = await findDeposit(this.#context.db, this.#context.bookId, id);
    if (deposit === undefined) throw notFound();
    return deposit;
  }

  #doing({ actor }: Caller): { readonly actor: string; readonly nowMs: number } {
    return { actor, nowMs: this.#context.clock.nowMs() };
  }

  async #inTransaction(work: (tx: Tx) => Promise<void>): Promise<void> {
    try {
      await inTransaction(this.#context.db, work);
    } catch (error) {
      throw asAccountError(error);
    }
  }
}
