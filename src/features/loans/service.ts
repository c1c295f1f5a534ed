import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { isLookedThrough } from '#db/look-back.ts';
import { violatedUnique } from '#db/postgres-error.ts';
import { inTransaction } from '#db/transaction.ts';
import { accountFor } from '#features/accounts/contract.ts';
import { changedFields, recordAudit } from '#features/audit/contract.ts';
import type { MoneyGate } from '#features/authority/contract.ts';
import { lockCustomer } from '#features/customers/contract.ts';
import { followCalendar } from '#ledger/business-date.ts';
import { lookBackCreated, type Through } from '#ledger/created.ts';
import { ledgerError } from '#ledger/errors.ts';
import { assertReachesCustomer, type Caller, ownCustomerOf } from '#lib/caller.ts';
import { notFound } from '#lib/errors.ts';
import {
  type AccountId,
  type CustomerId,
  type LoanId,
  type LoanProductId,
  newId,
  toTypeId,
} from '#lib/ids.ts';
import type { Labels } from '#lib/labels.ts';
import { parseAmount } from '#lib/money/money.ts';
import type { Reasons } from '#lib/reasons.ts';
import type { Sought } from '#lib/sought.ts';
import { cleanText, optional } from '#lib/text.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { assertWithinProduct } from './bounds.ts';
import { movedByCalendar } from './calendar-dates.ts';
import {
  auditedLoan,
  commandOf,
  type Decision,
  idempotencyOf,
  isTwinCommand,
  type LoanAnswer,
  type LoanCommand,
  type LoanCommands,
  type LoanDetails,
  type LoanRequest,
  reasonValues,
} from './commands.ts';
import { loanError } from './errors.ts';
import type { Reschedule } from './event.ts';
import {
  type EventFilter,
  eventsSeenBy,
  insertEvents,
  listEvents,
  listLatestEvents,
  type StoredEvent,
} from './event-repository.ts';
import { Loan } from './loan.ts';
import { cleanOfficer } from './new-loan.ts';
import { plannedTermsOf } from './planned-terms.ts';
import type { Payoff } from './prepayment-fee.ts';
import { findLoanProduct, findLoanProducts } from './products/repository.ts';
import {
  insertLoans,
  type ListedLoan,
  type LoanFilter,
  listLoans,
  listTerms,
  type StoredTerms,
  updateLabels,
} from './repository.ts';
import type { LoanChanges, RequestedTerms } from './state.ts';

export type ApplyForLoan = {
  readonly customerId: CustomerId;
  readonly accountId: AccountId;
  readonly productId: LoanProductId;
  readonly amount: string;
  /** The business date by default. */
  readonly requestedTerms: Omit<RequestedTerms, 'disbursedOn'> & {
    readonly disbursedOn?: string | undefined;
  };
  readonly currency: string;
  readonly directDebit: boolean;
  readonly officer?: string | undefined;
  readonly externalId?: string | undefined;
  readonly metadata?: Labels['metadata'];
  readonly idempotencyKey?: string | undefined;
};

export type ListedDetails = LoanDetails & { readonly loan: ListedLoan };

/** A loan's terms and events, for its schedule. */
export type LoanScheduleDetails = LoanDetails & {
  readonly versions: readonly StoredTerms[];
  readonly events: readonly StoredEvent[];
};

/**
 * Loans from application to schedule. Each call is one database transaction. A customer's user reaches the loans of its
 * own customer: all others are 404 `not_found`. Commands at the wrong time throw 409 `loan_not_in_status`.
 * A key that was used for the same request gets its first answer; for another one it is 422 `idempotency_key_reused`. A
 * version that is not the loan's any more is 412 `version_conflict`.
 */
export class LoanService {
  readonly #context: Context;
  readonly #commands: LoanCommands;
  readonly #gate: MoneyGate;

  constructor(context: Context, commands: LoanCommands, gate: MoneyGate) {
    this.#context = context;
    this.#gate = gate;
    this.#commands = commands;
  }

  /**
   * Applies for a loan. Throws 404 `not_found` for customer, account or product, 403 `forbidden` for a holder who may
   * not borrow, 409 `customer_closed`, `account_closed`, `account_frozen` or `loan_exists`, 422 `currency_mismatch`,
   * `account_not_of_borrower`, `disbursement_in_past`, and the product's refusals.
   */
  async apply(
    caller: Caller,
    { idempotencyKey, ...request }: ApplyForLoan,
  ): Promise<LoanDetails & { readonly replayed: boolean }> {
    const { db, bookId, clock, ids } = this.#context;
    assertReachesCustomer(caller, request.customerId);
    const id = newId(ids, 'loan');
    const today = await followCalendar(db, bookId, clock);
    const idempotency = idempotencyOf(idempotencyKey, 'applyForLoan', [JSON.stringify(request)]);
    const work = async (tx: Tx): Promise<LoanAnswer | undefined> => {
      const first = await this.#commands.findFirstAnswer(tx, { caller, idempotency });
      if (first === undefined) await this.#apply(tx, { caller, idempotency }, id, request, today);
      return first;
    };
    try {
      const first = await inTransaction(db, work, { alsoRetry: isTwinCommand });
      return first ?? { ...(await this.#commands.find(caller, id)), replayed: false };
    } catch (error) {
      throw asLoanError(error);
    }
  }

  /** Throws 404 `not_found`. */
  get(caller: Caller, id: LoanId): Promise<LoanDetails> {
    return this.#commands.find(caller, id);
  }

  /** In the order of the filter; a customer's user sees those of its own customer. */
  async page(
    caller: Caller,
    filter: Omit<LoanFilter, 'seenBy' | 'asOf' | 'through'>,
  ): Promise<Sought<ListedDetails, Through<LoanId>>> {
    const { db, bookId, clock } = this.#context;
    const asOf = await followCalendar(db, bookId, clock);
    const { customerId, accountId, externalId, order = 'newest' } = filter;
    // Any other order is made of all that are left.
    const through =
      order === 'newest' && isLookedThrough(caller, filter, [customerId, accountId, externalId])
        ? await lookBackCreated(db, bookId, 'loans', filter)
        : undefined;
    const loans = await listLoans(db, bookId, { ...filter, asOf, through, seenBy: ownCustomerOf(caller) });
    const products = await findLoanProducts(
      db,
      bookId,
      loans.map(({ productId }) => productId),
    );
    const shown = loans.map(async (loan) => {
      const product = products.get(loan.productId);
      if (product === undefined) return [];
      return { loan, product, asOf, planned: await plannedTermsOf(db, { bookId }, { loan, product }, asOf) };
    });
    return { rows: (await Promise.all(shown)).flat(), soughtThrough: through };
  }

  /** The rows of a page alone: without `metadata` no page is short. */
  async list(
    caller: Caller,
    filter: Omit<LoanFilter, 'seenBy' | 'asOf' | 'through' | 'metadata'>,
  ): Promise<ListedDetails[]> {
    return [...(await this.page(caller, filter)).rows];
  }

  /** All versions of the schedule, and the instalments that fell due. Throws 404 `not_found`. */
  async schedule(caller: Caller, id: LoanId): Promise<LoanScheduleDetails> {
    const { db, bookId } = this.#context;
    const shown = await this.#commands.find(caller, id);
    return {
      ...shown,
      versions: await listTerms(db, bookId, id),
      events: await listEvents(db, bookId, id),
    };
  }

  /** Its events, latest first. Throws 404 `not_found`. */
  async listEvents(
    caller: Caller,
    id: LoanId,
    filter: EventFilter,
  ): Promise<{ shown: LoanDetails; events: StoredEvent[] }> {
    const shown = await this.#commands.find(caller, id);
    const events = await listLatestEvents(this.#context.db, this.#context.bookId, id, filter);
    return { shown, events: eventsSeenBy(caller, events) };
  }

  /**
   * The payoff amount at the end of the business date or a later one, if nothing is paid until then. Throws 404
   * `not_found`, 409 `loan_not_in_status`, 422 `date_before_disbursement` or `date_in_past`.
   */
  async quotePayoff(
    caller: Caller,
    id: LoanId,
    on: IsoDate | undefined,
  ): Promise<LoanDetails & { readonly on: IsoDate; readonly payoff: Payoff }> {
    const shown = await this.#commands.find(caller, id);
    const { loan, product, asOf } = shown;
    const date = on ?? asOf;
    if (loan.disbursedOn !== undefined && date < loan.disbursedOn)
      throw loanError('date_before_disbursement');
    const payoff = new Loan(loan, product).payoffOn(date);
    if (date < asOf) throw loanError('date_in_past');
    return { ...shown, on: date, payoff };
  }

  /**
   * Approves the amount or less. Throws 403 `own_application`, 409 `customer_closed`, 422 `amount_above_requested`, and the product's
   * refusals.
   */
  approve({
    amount,
    ...request
  }: LoanRequest & { readonly amount?: string | undefined }): Promise<LoanAnswer> {
    const asked = commandOf('approveLoan', request, [amount]);
    const command = { ...asked, needsCustomer: true, needsAnother: true };
    return this.#decide(command, (loan, today) => {
      const amountMinor = amount === undefined ? undefined : parseAmount(amount, loan.state.currency);
      loan.approve(amountMinor, today);
    });
  }

  reject({ reason, customerReason, ...request }: LoanRequest & Reasons): Promise<LoanAnswer> {
    const reasons = { reason, customerReason };
    const command = commandOf('rejectLoan', request, reasonValues(reasons));
    return this.#decide(command, (loan, today) => loan.reject(reasons, today));
  }

  withdraw(request: LoanRequest): Promise<LoanAnswer> {
    return this.#decide(commandOf('withdrawLoan', request), (loan, today) => loan.withdraw(today));
  }

  /**
   * New terms for the remainder, from the business date on. Throws as Loan.reschedule and, unless they
   * are overridden, as assertWithinProduct do.
   */
  reschedule({
    changes,
    reasons,
    ...request
  }: LoanRequest & {
    readonly changes: Reschedule;
    readonly reasons: Reasons | undefined;
  }): Promise<LoanAnswer> {
    const { annualRatePercent, instalments, holidayInstalments, reAge, override } = changes;
    const values = [annualRatePercent, instalments?.toString(), holidayInstalments?.toString()];
    const command = commandOf('rescheduleLoan', request, [
      ...values,
      reAge?.toString(),
      override?.toString(),
      ...(reasons === undefined ? [undefined] : reasonValues(reasons)),
    ]);
    return this.#commands.run(command, async (loan, today, tx): Promise<Decision> => {
      const { product } = loan;
      const tried = new Loan(loan.state, product);
      tried.reschedule(changes, reasons, today);
      const { terms } = tried.state;
      const moved = terms && (await movedByCalendar(tx, this.#context, product, terms));
      loan.reschedule(moved === undefined ? changes : { ...changes, moved }, reasons, today);
      if (changes.override !== true) assertWithinProduct(loan, changes);
      return { state: loan.state, events: loan.events, earned: loan.earned };
    });
  }

  /** Throws what Loan.change throws, and 409 `loan_exists` for an external id that another loan has. */
  async change({
    changes,
    ...request
  }: LoanRequest & { readonly changes: LoanChanges }): Promise<LoanAnswer> {
    const { bookId } = this.#context;
    const decide = async (loan: Loan, _: IsoDate, tx: Tx): Promise<Decision> => {
      loan.change(changes);
      await updateLabels(tx, bookId, loan.state);
      return decisionOf(loan);
    };
    try {
      return await this.#commands.run(commandOf('changeLoan', request), decide);
    } catch (error) {
      throw asLoanError(error);
    }
  }

  #decide(command: LoanCommand, decide: (loan: Loan, today: IsoDate) => void): Promise<LoanAnswer> {
    return this.#commands.run(command, (loan, today): Decision => {
      decide(loan, today);
      return decisionOf(loan);
    });
  }

  async #apply(
    tx: Tx,
    { caller, idempotency }: Pick<LoanCommand, 'caller' | 'idempotency'>,
    id: LoanId,
    request: Omit<ApplyForLoan, 'idempotencyKey'>,
    today: IsoDate,
  ): Promise<void> {
    const { bookId, clock } = this.#context;
    const { customerId, accountId, productId, amount, requestedTerms, currency, directDebit, externalId } =
      request;
    const customer = await lockCustomer(tx, this.#context, customerId);
    if (customer === undefined) throw notFound();
    await this.#assertAccount(tx, caller, request);
    const product = await findLoanProduct(tx, bookId, productId);
    if (product === undefined) throw notFound();
    customer.assertActive();
    if (currency !== product.state.currency) throw ledgerError('currency_mismatch');
    const loan = Loan.apply(
      {
        id,
        customerId,
        accountId,
        externalId: optional(externalId, (text) => cleanText(text, 'externalId', 100)),
        metadata: request.metadata,
        requestedTerms: { ...requestedTerms, disbursedOn: requestedTerms.disbursedOn ?? today },
        directDebit,
        officer: optional(request.officer, cleanOfficer),
        requestedMinor: parseAmount(amount, product.state.currency),
      },
      product,
      today,
    );
    const { requestedMinor: amountMinor } = loan.state;
    await this.#gate.pass(tx, caller, 'applyForLoan', { amountMinor, currency: loan.state.currency });
    const createdAtMs = clock.nowMs();
    await insertLoans(tx, bookId, [loan.state], createdAtMs);
    const events = loan.events.map((event) => ({ ...event, loanId: id }));
    const booking = { actor: caller.actor, bookedOn: today, createdAtMs, idempotency };
    await insertEvents(tx, bookId, events, booking);
    await recordAudit(tx, this.#context, {
      caller,
      operation: 'applyForLoan',
      resourceType: 'loan',
      resourceId: toTypeId('loan', id),
      ...changedFields(undefined, auditedLoan(loan.state)),
    });
  }

  /** The account is the borrower's own, open, and in the currency. */
  async #assertAccount(
    tx: Tx,
    caller: Caller,
    { accountId, customerId, currency }: ApplyForLoan,
  ): Promise<void> {
    const account = await accountFor(tx, this.#context.bookId, { caller, accountId }, 'borrow');
    const borrower = account.holders.find((holder) => holder.customerId === customerId);
    if (borrower === undefined || borrower.role === 'authorised') throw loanError('account_not_of_borrower');
    if (account.funds.status === 'closed') throw ledgerError('account_closed');
    if (account.funds.status === 'frozen') throw ledgerError('account_frozen');
    if (account.currency !== currency) throw ledgerError('currency_mismatch');
  }
}

function decisionOf({ state, events, earned }: Loan): Decision {
  return { state, events, earned };
}

function asLoanError(error: unknown): unknown {
  if (violatedUnique(error) !== 'loans_book_id_external_id_key') return error;
  return loanError('loan_exists', {
    fields: [{ path: 'externalId', message: 'belongs to another loan' }],
  });
}
