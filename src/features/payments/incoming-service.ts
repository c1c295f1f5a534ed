import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { asLabelError } from '#db/labels.ts';
import { lookBackFrom } from '#db/look-back.ts';
import { inTransaction } from '#db/transaction.ts';
import { accountSeal, findAccount } from '#features/accounts/contract.ts';
import { changedFields, recordAudit } from '#features/audit/contract.ts';
import { cleanOverdraw, type MoneyGate } from '#features/authority/contract.ts';
import {
  assertNearToday,
  storeTransactionRows,
  type TransactionRow,
} from '#features/transactions/contract.ts';
import { followCalendar } from '#ledger/business-date.ts';
import { CHART } from '#ledger/chart.ts';
import { claimKey } from '#ledger/claim-key.ts';
import { firstOpenDate } from '#ledger/closed-periods.ts';
import type { EntryDraft, InternalAccount, PostedEntry } from '#ledger/entry.ts';
import { ledgerError } from '#ledger/errors.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import { findReversal } from '#ledger/reversal.ts';
import { noteKey } from '#ledger/used-keys.ts';
import { assert } from '#lib/assert.ts';
import type { Caller } from '#lib/caller.ts';
import { commonError, type FlorinError, notFound } from '#lib/errors.ts';
import { type AccountId, type IncomingPaymentId, newId, type TransactionId, toTypeId } from '#lib/ids.ts';
import { cleanLabels, type Labels } from '#lib/labels.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { Money } from '#lib/money/money.ts';
import { hashRequest } from '#lib/request-hash.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { findCreditor } from './creditor.ts';
import { draftClaim, type EntryHeader } from './draft-claim.ts';
import { paymentError } from './errors.ts';
import { IncomingPayment, problemOf } from './incoming-payment.ts';
import { findEntryOfReference, keepReference } from './incoming-references.ts';
import {
  findIncoming,
  findIncomingByReference,
  type IncomingFilter,
  insertIncoming,
  listIncoming,
  lockIncoming,
  updateIncoming,
} from './incoming-repository.ts';
import { type Booking as BookedPayment, hashReceive, newPayment } from './new-incoming-payment.ts';
import { cleanReturn, type Return, returnValues } from './outgoing-payment.ts';
import { isTwinPayment, postEntry } from './post-entry.ts';
import { bookReceived, type ReceivedTexts } from './received.ts';
import { incomingView } from './schemas.ts';
import { assertReturnDate, draftInternalReversal } from './take-back.ts';

/** The caller, and the key under which the request may be repeated. */
type Keyed = { readonly caller: Caller; readonly idempotencyKey: string };

/** A payment as the other side tells of it. The amount is in minor units. */
export type ReceiveRequest = Keyed &
  ReceivedTexts &
  Money &
  Labels & {
    readonly valueDate?: IsoDate | undefined;
  };

export type ResolveRequest = Keyed & { readonly id: IncomingPaymentId; readonly accountId: AccountId };
export type SendBackRequest = Keyed &
  Return & {
    readonly id: IncomingPaymentId;
    /** Why somebody with authority takes it from an account that does not have it. */
    readonly overdrawReason?: string | undefined;
  };
export type IncomingAnswer = { readonly payment: IncomingPayment; readonly replayed: boolean };

/**
 * Payments from other banks. Money that came is booked whatever becomes of it: to the account that it names, or to
 * suspense where there is none that can take it, and nothing of it is lost. Each call is one database transaction.
 * Locks: the payment, then what a posting locks. All throw 422 `idempotency_key_reused`.
 */
export class IncomingPaymentService {
  readonly #context: Context;
  readonly #internalAccounts: InternalAccounts;
  readonly #gate: MoneyGate;

  constructor(context: Context, internalAccounts: InternalAccounts, gate: MoneyGate) {
    this.#context = context;
    this.#internalAccounts = internalAccounts;
    this.#gate = gate;
  }

  /**
   * Books a payment that came, once an external reference: told again, it answers as it did, and has used the key. No text is a reason to
   * refuse it: bookReceived makes them fit. Throws 400 `validation_failed` for the date, 422 `external_reference_reused`,
   * `currency_mismatch` for a currency that the book does not keep, 404 `not_found` for one that was booked for a
   * customer who is gone.
   */
  async receive(request: ReceiveRequest): Promise<IncomingAnswer> {
    const { db, bookId, clock } = this.#context;
    const cleaned = { ...request, ...bookReceived(request), ...cleanLabels(request) };
    const requestHash = hashReceive(cleaned);
    await this.#gate.judge(request.caller, 'receivePayment', request);
    const today = await followCalendar(db, bookId, clock);
    const work = async (tx: Tx): Promise<IncomingAnswer> => {
      const first = await this.#findFirst(tx, cleaned, requestHash);
      if (first !== undefined) {
        const { actor } = request.caller;
        const use = { actor, key: request.idempotencyKey, operation: 'receivePayment', requestHash };
        await noteKey(tx, bookId, use, clock.nowMs());
        return first;
      }
      if (cleaned.valueDate !== undefined) assertNearToday(cleaned.valueDate, today);
      return this.#book(tx, cleaned, requestHash);
    };
    try {
      return await inTransaction(db, work, { alsoRetry: isTwinPayment });
    } catch (error) {
      throw asLabelError(error);
    }
  }

  /**
   * Credits an account with a payment that waits in suspense. Throws 404 `not_found` for the payment or the account,
   * 409 `payment_not_unresolved`, `account_closed` or `account_frozen`, 422 `currency_mismatch`.
   */
  resolve({ accountId, ...request }: ResolveRequest): Promise<IncomingAnswer> {
    const requestHash = hashRequest('resolveIncomingPayment', [request.id, accountId]);
    return this.#end('resolveIncomingPayment', request, requestHash, async (tx, payment, header) => {
      // One that went with its customer is closed for the ledger, and does not exist for the caller.
      if ((await findAccount(tx, this.#context.bookId, accountId)) === undefined) throw notFound();
      const { amountMinor, currency } = payment.state;
      // It may have waited while its period was closed.
      const valueDate = await firstOpenDate(tx, this.#context.bookId, payment.state.valueDate);
      const debit = await this.#internal(CHART.suspense, currency);
      const postings = [{ debit, credit: accountId, amountMinor, currency }];
      return {
        draft: { ...header, kind: 'incoming_payment', valueDate, postings },
        assertDue: () => payment.assertMayBecome('resolved'),
        apply: async (nowMs) => {
          payment.resolve(accountId, header.entryId, nowMs);
          await this.#storeRow(tx, payment, accountId, header.entryId);
        },
      };
    });
  }

  /**
   * Sends a payment back to where it came from: out of suspense, or from the account that was credited with it, by a
   * transaction that takes the credit back. Throws 404 `not_found`, 409 `payment_not_unresolved` or
   * `payment_not_returnable`, `account_closed` or `account_frozen`, 422 `insufficient_funds`, 400 `validation_failed`
   * for the reason or the date. With `overdrawReason` a manager takes it from an account that does not have it or is
   * frozen. In place of a closed one the bank gives it back. 403 `forbidden` for others.
   */
  async sendBack(given: SendBackRequest): Promise<IncomingAnswer> {
    const { reason, customerReason, reasonCode, returnedOn, ...request } = given;
    const overdrawReason = cleanOverdraw(request.caller, request.overdrawReason);
    const why = cleanReturn({ reason, customerReason, reasonCode, returnedOn });
    const requestHash = hashRequest('returnIncomingPayment', [
      request.id,
      reason,
      ...returnValues(why),
      ...(overdrawReason === undefined ? [] : [`overdraw: ${overdrawReason}`]),
    ]);
    await assertReturnDate(this.#context, returnedOn);
    return this.#end('returnIncomingPayment', request, requestHash, async (tx, payment, header) => {
      const { status, entryId, endingEntryId, accountId } = payment.state;
      const dated = { ...header, ...(returnedOn === undefined ? {} : { valueDate: returnedOn }) };
      // What was resolved came to suspense first, and leaves by the same way.
      const credited = status === 'resolved' && endingEntryId !== undefined ? endingEntryId : entryId;
      const reversal = await findReversal(tx, this.#context.bookId, credited);
      assert(reversal !== undefined, 'a payment that came was booked');
      const { postings } = reversal;
      const isTaken = accountId !== undefined && overdrawReason !== undefined;
      return {
        draft: {
          ...dated,
          kind: 'reversal',
          reversesEntryId: credited,
          mayOverdraw: overdrawReason !== undefined,
          postings,
        },
        ...(isTaken && { ifClosed: draftClaim(await this.#claims(payment), payment.state, dated, postings) }),
        overdrawReason,
        also:
          credited === entryId ? [] : [await draftInternalReversal(tx, this.#context, header.actor, entryId)],
        assertDue: () => payment.assertReturnable(),
        apply: async (nowMs, { businessDate }, isClaim) => {
          const sent = { ...why, returnedOn: returnedOn ?? businessDate, isClaim };
          payment.sendBack(header.entryId, sent, nowMs);
          if (accountId === undefined || isClaim) return;
          await this.#storeRow(tx, payment, accountId, header.entryId, {
            type: 'reversal',
            reason: why.reason,
            description: why.customerReason,
          });
        },
      };
    });
  }

  /** Throws 404 `not_found`. */
  async get(id: IncomingPaymentId): Promise<IncomingPayment> {
    const payment = await findIncoming(this.#context.db, this.#context.bookId, id);
    if (payment === undefined) throw notFound();
    return payment;
  }

  /** The last payment that a page after another one looks at; undefined where the list ends before. */
  lookBackFrom(after: IncomingPaymentId | undefined): Promise<IncomingPaymentId | undefined> {
    return lookBackFrom(this.#context.db, this.#context.bookId, 'incoming_payments', after);
  }

  list(filter: IncomingFilter): Promise<IncomingPayment[]> {
    return listIncoming(this.#context.db, this.#context.bookId, filter);
  }

  /** The answer to the first request with an external reference, which is the key of a payment. */
  async #findFirst(
    tx: Tx,
    { externalReference }: Booking,
    requestHash: Buffer,
  ): Promise<IncomingAnswer | undefined> {
    const { bookId } = this.#context;
    let earlier = await findIncomingByReference(tx, bookId, externalReference);
    if (earlier === undefined) {
      const booked = await findEntryOfReference(tx, bookId, externalReference);
      if (claimKey(booked, requestHash, externalReferenceReused) === undefined) return undefined;
      // Booked between the two statements, or for a customer who is gone: then it is not booked again.
      earlier = await findIncomingByReference(tx, bookId, externalReference);
      if (earlier === undefined) throw commonError('answer_erased');
    }
    const first = claimKey(earlier, requestHash, externalReferenceReused);
    return first && { payment: first.asFirstAnswered(), replayed: true };
  }

  /** To the account with the IBAN or the number, if the ledger lets it: judged and booked under the account's lock. */
  async #book(tx: Tx, request: Booking, requestHash: Buffer): Promise<IncomingAnswer> {
    const { bookId, clock, ids } = this.#context;
    const { amountMinor, currency, caller, idempotencyKey, valueDate } = request;
    const debit = await this.#internal(CHART.clearing, currency);
    const suspense = await this.#internal(CHART.suspense, currency);
    const account = await findCreditor(tx, bookId, request);
    const unknown = request.iban === undefined ? 'unknown_account' : 'unknown_iban';
    const draftTo = (credit: AccountId | InternalAccount): EntryDraft => ({
      entryId,
      kind: 'incoming_payment',
      actor: caller.actor,
      idempotency: { key: idempotencyKey, requestHash },
      ...(valueDate === undefined ? {} : { valueDate }),
      postings: [{ debit, credit, amountMinor, currency }],
    });
    const entryId = newId(ids, 'transaction');
    const posted = await postEntry(tx, this.#context, {
      first: draftTo(account ?? suspense),
      otherwise: account === undefined ? undefined : draftTo(suspense),
      mayFallBack: (code) => problemOf(code) !== undefined,
    });
    if (posted.status === 'replayed') {
      // It was booked a moment ago, or it went with the customer whom it was for.
      const first = await this.#findFirst(tx, request, requestHash);
      if (first === undefined) throw commonError('answer_erased');
      return first;
    }
    const refusedWith = posted.refusedWith === undefined ? undefined : problemOf(posted.refusedWith);
    const problem = account === undefined ? unknown : refusedWith;
    const payment = newPayment(request, {
      id: newId(ids, 'incomingPayment'),
      requestHash,
      entryId,
      problem,
      accountId: problem === undefined ? account : undefined,
      valueDate: posted.entry.valueDate,
      nowMs: clock.nowMs(),
    });
    await insertIncoming(tx, bookId, payment);
    await keepReference(tx, bookId, request.externalReference, entryId);
    if (problem === undefined && account !== undefined) await this.#storeRow(tx, payment, account, entryId);
    await this.#record(tx, caller, 'receivePayment', undefined, payment);
    return { payment, replayed: false };
  }

  async #end(
    operation: string,
    { caller, idempotencyKey, id }: Keyed & { readonly id: IncomingPaymentId },
    requestHash: Buffer,
    plan: (tx: Tx, payment: IncomingPayment, header: EntryHeader) => Promise<Plan>,
  ): Promise<IncomingAnswer> {
    const { db, bookId, clock, ids } = this.#context;
    const entryId = newId(ids, 'transaction');
    const header = { entryId, actor: caller.actor, idempotency: { key: idempotencyKey, requestHash } };
    await followCalendar(db, bookId, clock);
    const work = async (tx: Tx): Promise<IncomingAnswer> => {
      const payment = await lockIncoming(tx, bookId, id);
      if (payment === undefined) throw notFound();
      await this.#gate.judgeWithin(tx, caller, operation, payment.state);
      const before = new IncomingPayment(payment.state);
      const { draft, ifClosed, apply, overdrawReason, ...rest } = await plan(tx, payment, header);
      const posted = await postEntry(tx, this.#context, {
        first: draft,
        otherwise: ifClosed,
        mayFallBack: (code) => ifClosed !== undefined && code === 'account_closed',
        ...rest,
      });
      if (posted.status === 'replayed') return { payment, replayed: true };
      await apply(clock.nowMs(), posted.entry, posted.refusedWith !== undefined);
      await updateIncoming(tx, bookId, payment);
      await this.#record(tx, caller, operation, before, payment, overdrawReason);
      return { payment, replayed: false };
    };
    return inTransaction(db, work, { alsoRetry: isTwinPayment });
  }

  async #storeRow(
    tx: Tx,
    { state }: IncomingPayment,
    accountId: AccountId,
    id: TransactionId,
    { type, ...texts }: RowKind = { type: 'incoming_payment' },
  ): Promise<void> {
    const { amountMinor, reference, debtorName, debtorIban, debtorAccount } = state;
    const counterparty = { name: debtorName, account: debtorIban ?? debtorAccount };
    const row = {
      id,
      accountId,
      amountMinor,
      reference,
      counterparty,
      type,
      ...texts,
      mode: 'clearing',
    } as const;
    await storeTransactionRows(tx, this.#context.bookId, [row]);
  }

  async #record(
    tx: Tx,
    caller: Caller,
    operation: string,
    before: IncomingPayment | undefined,
    after: IncomingPayment,
    overdrawReason?: string,
  ): Promise<void> {
    const { accountId } = after.state;
    const seal = accountId === undefined ? undefined : await accountSeal(tx, this.#context, accountId);
    const changed = changedFields(before && incomingView(before), incomingView(after));
    await recordAudit(tx, this.#context, {
      seal,
      caller,
      operation,
      resourceType: 'incoming_payment',
      resourceId: toTypeId('incomingPayment', after.state.id),
      ...changed,
      after: { ...changed.after, overdrawReason },
    });
  }

  #claims({ state }: IncomingPayment): Promise<InternalAccount> {
    return this.#internal(CHART.customerClaims, state.currency);
  }

  async #internal(glCode: string, currency: Currency): Promise<InternalAccount> {
    const account = await this.#internalAccounts.find(this.#context.db, glCode, currency);
    if (account === undefined) throw notKept(currency);
    return account;
  }
}

/** A payment as it is booked, and by whom. */
type Booking = Keyed & BookedPayment;

type Plan = {
  readonly draft: EntryDraft;
  /** What is posted in its place where the account is closed. */
  readonly ifClosed?: EntryDraft;
  readonly also?: readonly EntryDraft[];
  readonly overdrawReason?: string | undefined;
  readonly assertDue: () => void;
  readonly apply: (nowMs: number, entry: PostedEntry, isClaim: boolean) => Promise<void>;
};

type RowKind = { readonly type: 'incoming_payment' | 'reversal' } & Pick<
  TransactionRow,
  'reason' | 'description'
>;

function notKept(currency: Currency): FlorinError {
  const fields = [{ path: 'currency', message: 'is not one that the bank keeps' }];
  return ledgerError('currency_mismatch', { notKept: currency, fields });
}

function externalReferenceReused(): FlorinError {
  return paymentError('external_reference_reused', {
    fields: [{ path: 'externalReference', message: 'belongs to a payment that says something else' }],
  });
}
