import { noteChanged } from '#db/changed-rows.ts';
import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { asLabelError } from '#db/labels.ts';
import { TURN_TIMEOUT_MS } from '#db/time-limits.ts';
import { inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#features/audit/contract.ts';
import type { MoneyGate } from '#features/authority/contract.ts';
import { lockCustomer, personalSeal } from '#features/customers/contract.ts';
import {
  hideDeletedAccount,
  storeTransactionRows,
  type TransactionRow,
} from '#features/transactions/contract.ts';
import { followCalendar, holdBusinessDate } from '#ledger/business-date.ts';
import { claimKey, isTwin } from '#ledger/claim-key.ts';
import type { EntryDraft, EntryKind, Idempotency } from '#ledger/entry.ts';
import { ledgerError } from '#ledger/errors.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import { post } from '#ledger/post.ts';
import { assert } from '#lib/assert.ts';
import { assertReachesCustomer, type Caller } from '#lib/caller.ts';
import { KeyedTurns } from '#lib/concurrency/keyed-turns.ts';
import { notFound } from '#lib/errors.ts';
import { type LoanId, newId, type TransactionId, toTypeId } from '#lib/ids.ts';
import { assertMatch, type IfMatch } from '#lib/if-match.ts';
import type { Labels } from '#lib/labels.ts';
import type { Money } from '#lib/money/money.ts';
import type { Reasons } from '#lib/reasons.ts';
import { hashRequest } from '#lib/request-hash.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { isAction, type LoanEvent, type LoanEventKind, type MoneySource } from './event.ts';
import { findEventByKey, insertEvents, listEvents, type StoredEvent } from './event-repository.ts';
import type { Move } from './footprint.ts';
import { replay } from './history.ts';
import { LoanLedger } from './ledger.ts';
import { earnedLines, type LoanLine } from './lines.ts';
import { Loan } from './loan.ts';
import { assertNotApplicant } from './own-application.ts';
import { plannedTermsOf } from './planned-terms.ts';
import type { LoanProduct } from './products/loan-product.ts';
import { findLoanProduct } from './products/repository.ts';
import {
  findLoan,
  insertTerms,
  lockLoan,
  type NewTerms,
  type StoredLoan,
  updateLoans,
} from './repository.ts';
import type { LoanTerms } from './schedule/terms.ts';
import type { LoanState } from './state.ts';
import type { Earned } from './time.ts';

/** Whether another process carried out a command under the same key in the meantime. */
export const isTwinCommand = isTwin('loan_events_idempotency');

/** A loan as shown: as of a date, with its last action on request. */
export type LoanDetails = {
  readonly loan: StoredLoan;
  readonly product: LoanProduct;
  readonly asOf: IsoDate;
  /** The terms on which it would be paid out now (plannedTermsOf). */
  readonly planned?: LoanTerms | undefined;
};

export type LoanAnswer = LoanDetails & {
  readonly event: StoredEvent | undefined;
  readonly replayed: boolean;
};

/** A request to do something to a loan: its caller, and what makes it safe to repeat and to race. */
export type LoanRequest = {
  readonly caller: Caller;
  readonly id: LoanId;
  readonly idempotencyKey?: string | undefined;
  /** The version that the caller read. */
  readonly ifMatch?: IfMatch | undefined;
};

/** A command on a loan, and its caller. */
export type LoanCommand = {
  readonly caller: Caller;
  readonly id: LoanId;
  readonly operation: string;
  /** Present where a repetition must be distinguished from a second request. */
  readonly idempotency?: Idempotency | undefined;
  /** The version that the caller read; asked for after the key, so that a repetition gets the first answer. */
  readonly ifMatch?: IfMatch | undefined;
  /** Those of what it does, and of the transaction that it makes. */
  readonly labels?: Labels | undefined;
  /** Money goes to the customer: former customers are lent nothing. */
  readonly needsCustomer?: boolean;
  /** It decides about lending: a loan officer who applied for the loan does not. */
  readonly needsAnother?: boolean;
};

/** The result of a command: the new loan, its events, and the lines to post. */
export type Decision = {
  readonly state: LoanState;
  readonly events: readonly LoanEvent[];
  readonly earned: Earned;
  readonly payment?: Payment | undefined;
  /** What a correction of the past needs beside its payment. */
  readonly adjustment?: readonly Move[] | undefined;
};

/** The entry of a command. */
export type Payment = {
  readonly kind: EntryKind;
  readonly lines: readonly LoanLine[];
  readonly source?: MoneySource | undefined;
  /** The date from which the money counts; the business date if not given. */
  readonly valueDate?: IsoDate | undefined;
  /** In place of the lines: the reversal of another entry. */
  readonly reversal?: Pick<EntryDraft, 'postings' | 'reversesEntryId'> | undefined;
  /** The customer's view of it; the id is the entry's. */
  readonly row?: Omit<TransactionRow, 'id'> | undefined;
};

/**
 * Carries out commands on loans: each is one database transaction. Locks, in this order: the customer (where money
 * goes to the customer), the loan, the book (shared), ledger accounts by ascending id.
 */
export class LoanCommands {
  readonly #context: Context;
  readonly #ledger: LoanLedger;
  readonly #gate: MoneyGate;
  readonly #turns = new KeyedTurns();

  constructor(context: Context, internalAccounts: InternalAccounts, gate: MoneyGate) {
    this.#context = context;
    this.#gate = gate;
    this.#ledger = new LoanLedger(context, internalAccounts);
  }

  /** The loan, if the caller may see it. Throws 404 `not_found`. */
  async find(caller: Caller, id: LoanId): Promise<LoanDetails> {
    const { db, bookId, clock } = this.#context;
    const loan = await findLoan(db, bookId, id);
    if (loan === undefined) throw notFound();
    assertReachesCustomer(caller, loan.customerId);
    const product = await this.productOf(loan);
    const asOf = await followCalendar(db, bookId, clock);
    return { loan, product, asOf, planned: await plannedTermsOf(db, { bookId }, { loan, product }, asOf) };
  }

  async productOf({ productId }: Pick<LoanState, 'productId'>): Promise<LoanProduct> {
    const product = await findLoanProduct(this.#context.db, this.#context.bookId, productId);
    assert(product !== undefined, 'a loan has a product');
    return product;
  }

  /**
   * Carries out a command under the loan's lock. A repetition gets the first answer, before any check. Callers that
   * have found the loan pass it in, so that it is not read again before its lock. Throws 404 `not_found`, 422
   * `idempotency_key_reused`, the command's refusals and the kernel's.
   */
  async run(
    command: LoanCommand,
    decide: (loan: Loan, today: IsoDate, tx: Tx) => Decision | Promise<Decision>,
    found?: LoanDetails,
  ): Promise<LoanAnswer> {
    const { db } = this.#context;
    const { loan, product } = found ?? (await this.find(command.caller, command.id));
    const work = (tx: Tx) => this.#doOnce(tx, command, loan, product, decide);
    return this.#turns.take(command.id, TURN_TIMEOUT_MS, () =>
      inTransaction(db, work, { alsoRetry: isTwinCommand }).catch((error: unknown) => {
        throw asLabelError(error);
      }),
    );
  }

  async #doOnce(
    tx: Tx,
    command: LoanCommand,
    { customerId }: StoredLoan,
    product: LoanProduct,
    decide: (loan: Loan, today: IsoDate, tx: Tx) => Decision | Promise<Decision>,
  ): Promise<LoanAnswer> {
    const { bookId } = this.#context;
    const { id, needsCustomer = false, needsAnother = false } = command;
    const customer = needsCustomer ? await lockCustomer(tx, this.#context, customerId) : undefined;
    const stored = await lockLoan(tx, bookId, id);
    if (stored === undefined) throw notFound();
    const first = await this.findFirstAnswer(tx, command, { stored, product });
    if (first !== undefined) return first;
    if (needsAnother) await assertNotApplicant(tx, bookId, command.caller, id);
    customer?.assertActive();
    const loan = new Loan(stored, product);
    assertMatch(command.ifMatch ?? '*', loan.state.version);
    const today = await holdBusinessDate(tx, bookId);
    const decision = await decide(loan, today, tx);
    return this.#store(tx, command, { stored, product, today, decision });
  }

  /** The answer to the first request with the key of a command, if this is not it. */
  async findFirstAnswer(
    tx: Tx,
    { caller, idempotency }: Pick<LoanCommand, 'caller' | 'idempotency'>,
    found?: { readonly stored: StoredLoan; readonly product: LoanProduct },
  ): Promise<LoanAnswer | undefined> {
    if (idempotency === undefined) return undefined;
    const { bookId } = this.#context;
    const { key, requestHash } = idempotency;
    const first = claimKey(await findEventByKey(tx, bookId, caller.actor, key), requestHash);
    if (first === undefined) return undefined;
    const stored = found?.stored ?? (await findLoan(tx, bookId, first.loanId));
    assert(stored !== undefined, 'an event has a loan');
    const product = found?.product ?? (await this.productOf(stored));
    const events = await listEvents(tx, bookId, first.loanId, first.number);
    const event = events.at(-1);
    assert(event !== undefined, 'what was done left an event');
    const { state } = replay({ state: stored, product }, events);
    const loan = { ...state, createdAt: stored.createdAt, updatedAt: event.createdAt };
    return { loan, product, asOf: event.bookedOn, event, replayed: true };
  }

  async #store(
    tx: Tx,
    { caller, id, operation, idempotency, labels }: LoanCommand,
    {
      stored,
      product,
      today,
      decision,
    }: {
      readonly stored: StoredLoan;
      readonly product: LoanProduct;
      readonly today: IsoDate;
      readonly decision: Decision;
    },
  ): Promise<LoanAnswer> {
    const { bookId, clock } = this.#context;
    const { state } = decision;
    const { reason, customerReason } = decision.events.findLast(isAction)?.details ?? {};
    const seal = reason === undefined ? undefined : await personalSeal(tx, this.#context, state.customerId);
    const entryId = await this.#post(tx, stored, decision, { actor: caller.actor, idempotency, labels });
    await this.#gate.pass(tx, caller, operation, ...amountOf(decision));
    const events = decision.events.map((event) => ({
      ...event,
      loanId: id,
      ...(isAction(event) ? { entryId, ...labels } : { entryId: undefined }),
    }));
    const nowMs = clock.nowMs();
    await insertTerms(tx, bookId, newTermsOf(stored, decision));
    await updateLoans(tx, bookId, [state], nowMs);
    await noteChanged(tx, bookId, 'loans', [state.id]);
    const booking = { actor: caller.actor, bookedOn: today, createdAtMs: nowMs, idempotency };
    await insertEvents(tx, bookId, events, booking);
    await recordAudit(tx, this.#context, {
      caller,
      operation,
      resourceType: 'loan',
      resourceId: toTypeId('loan', id),
      before: auditedLoan(stored),
      after: { ...auditedLoan(state), reason, customerReason },
      seal,
    });
    const event = events.findLast(isAction);
    const createdAt = new Date(nowMs);
    return {
      loan: { ...state, createdAt: stored.createdAt, updatedAt: createdAt },
      product,
      asOf: today,
      event: event === undefined ? undefined : { ...event, bookedOn: today, createdAt },
      replayed: false,
    };
  }

  /**
   * Posts the earnings up to the command and the command itself: two entries, so that the latter can be reversed alone.
   */
  async #post(
    tx: Tx,
    { accountId, currency }: StoredLoan,
    { earned, payment, adjustment = [] }: Decision,
    header: Pick<LoanCommand, 'idempotency' | 'labels'> & Pick<EntryDraft, 'actor'>,
  ): Promise<TransactionId | undefined> {
    const { bookId, ids } = this.#context;
    const { actor, idempotency, labels } = header;
    const sides = { accountId, currency, source: payment?.source };
    const accrued = await this.#ledger.postings(earnedLines(earned), sides);
    const lines = payment?.reversal?.postings ?? (await this.#ledger.postings(payment?.lines ?? [], sides));
    const drafts: EntryDraft[] = [];
    if (accrued.length > 0) {
      drafts.push({ entryId: newId(ids, 'transaction'), kind: 'loan_accrual', actor, postings: accrued });
    }
    const entryId = lines.length > 0 ? newId(ids, 'transaction') : undefined;
    if (entryId !== undefined && payment !== undefined) {
      const reversesEntryId = payment.reversal?.reversesEntryId;
      drafts.push({
        entryId,
        kind: payment.kind,
        actor,
        ...(idempotency === undefined ? {} : { idempotency }),
        ...(reversesEntryId === undefined ? {} : { reversesEntryId }),
        ...(payment.valueDate === undefined ? {} : { valueDate: payment.valueDate }),
        postings: lines,
      });
    }
    const adjusted = await this.#ledger.draft(adjustment, currency);
    const refund = adjusted.find(({ debit, credit }) => debit === accountId || credit === accountId);
    const adjustmentId = newId(ids, 'transaction');
    if (adjusted.length > 0) {
      const kind = refund === undefined ? 'loan_accrual' : 'loan_repayment';
      drafts.push({ entryId: adjustmentId, kind, actor, postings: adjusted });
    }
    if (drafts.length === 0) return undefined;
    for (const outcome of await post(tx, this.#context, drafts)) {
      if (outcome.status === 'refused') throw await this.#refusal(outcome.code, lines);
      assert(outcome.status === 'posted', 'a new key is posted');
    }
    if (entryId !== undefined && payment?.row !== undefined) {
      await storeTransactionRows(tx, bookId, [{ ...payment.row, ...labels, id: entryId }]);
    }
    if (refund !== undefined) {
      const { amountMinor } = refund;
      const row = {
        id: adjustmentId,
        accountId,
        type: 'loan_repayment',
        mode: 'internal',
        amountMinor,
      } as const;
      await storeTransactionRows(tx, bookId, [row]);
    }
    return entryId;
  }

  async #refusal(code: Parameters<typeof ledgerError>[0], lines: EntryDraft['postings']): Promise<unknown> {
    const [first] = lines;
    const error = ledgerError(code);
    return first === undefined ? error : hideDeletedAccount(this.#context, error, first);
  }
}

/** What a command moves or lends: the amount of its own event, with the excess that was put into an account. */
function amountOf({ state: { currency }, events }: Decision): readonly Money[] {
  const action = events.findLast(isAction);
  if (action === undefined) return [];
  const { amountMinor, details } = action;
  return [{ amountMinor: amountMinor + (details.excessMinor ?? 0n), currency }];
}

const REASONS: Partial<Record<LoanEventKind, NewTerms['reason']>> = {
  disbursed: 'disbursed',
  repaid: 'repaid',
  rescheduled: 'rescheduled',
};

/** The terms of a version of the schedule that a command made. */
function newTermsOf(before: LoanState, { state, events }: Decision): NewTerms[] {
  const { id: loanId, scheduleVersion, terms } = state;
  if (terms === undefined || scheduleVersion <= before.lastEventNumber) return [];
  const event = events.find(({ number }) => number === scheduleVersion);
  assert(event !== undefined, 'a version of a schedule is made by an event');
  const reason = REASONS[event.kind] ?? 'corrected';
  return [{ loanId, scheduleVersion, validFrom: event.on, reason, terms }];
}

/** The command of a request; `values` are what its operation asks for, in a fixed order. */
export function commandOf(
  operation: string,
  { caller, id, idempotencyKey, ifMatch }: LoanRequest,
  values: readonly (string | bigint | undefined)[] = [],
): LoanCommand {
  const idempotency = idempotencyOf(idempotencyKey, operation, [id, ...values]);
  return { caller, id, operation, ifMatch, idempotency };
}

/** What reasons add to the hash of a request. Without one for the borrower the hash is the same as in earlier versions. */
export function reasonValues({ reason, customerReason }: Reasons): string[] {
  return customerReason === undefined ? [reason] : [reason, customerReason];
}

/** A key with the hash of its request; undefined without a key. */
export function idempotencyOf(
  key: string | undefined,
  operation: string,
  values: readonly (string | bigint | undefined)[],
): Idempotency | undefined {
  return key === undefined ? undefined : { key, requestHash: hashRequest(operation, values) };
}

/** The audit trail's record of a loan. */
export function auditedLoan(state: LoanState): Record<string, unknown> {
  const { customerId, accountId, productId, status, scheduleVersion, directDebit, officer, version } = state;
  return {
    customerId: toTypeId('customer', customerId),
    accountId: toTypeId('account', accountId),
    productId: toTypeId('loanProduct', productId),
    status,
    scheduleVersion,
    directDebit,
    officer,
    version,
  };
}
