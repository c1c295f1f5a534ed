import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { lookBackFrom } from '#db/look-back.ts';
import { afterCommit, inTransaction } from '#db/transaction.ts';
import { accountSeal, assertAccess, findAccount } from '#features/accounts/contract.ts';
import { recordAudit } from '#features/audit/contract.ts';
import type { MoneyGate } from '#features/authority/contract.ts';
import { chargesOf, storeTransactionRows } from '#features/transactions/contract.ts';
import { followCalendar } from '#ledger/business-date.ts';
import { CHART } from '#ledger/chart.ts';
import type { EntryDraft, InternalAccount, PostedEntry } from '#ledger/entry.ts';
import type { GuardSource } from '#ledger/guard.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import { findReversal } from '#ledger/reversal.ts';
import { assert } from '#lib/assert.ts';
import { type Caller, ownCustomerOf } from '#lib/caller.ts';
import { notFound } from '#lib/errors.ts';
import { type AccountId, newId, type TransactionId, toTypeId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { hashRequest } from '#lib/request-hash.ts';
import { IncomingPayment, problemOf } from './incoming-payment.ts';
import { insertIncoming } from './incoming-repository.ts';
import { cleanReturn, type OutgoingPayment, type Return, returnValues } from './outgoing-payment.ts';
import {
  findOutgoing,
  listOutgoing,
  lockOutgoing,
  type OutgoingFilter,
  type StoredOutgoing,
  updateOutgoing,
} from './outgoing-repository.ts';
import { isTwinPayment, type Posted, postEntry } from './post-entry.ts';
import { assertReturnDate, draftInternalReversal } from './take-back.ts';

/** The caller, the key under which the request may be repeated, and the payment. */
export type OutgoingRequest = {
  readonly caller: Caller;
  readonly idempotencyKey: string;
  readonly id: TransactionId;
  /** The operation that the trail names, where it is one on many payments. */
  readonly operation?: string | undefined;
};

export type OutgoingAnswer = { readonly payment: StoredOutgoing; readonly replayed: boolean };

type Ending = Omit<Extract<Posted, { status: 'posted' }>, 'status'>;

/**
 * The outcome of payments that left the bank. The transfer that made one debited its payer and credited the line of
 * payments to be settled; here that line is cleared. Each call is one database transaction. Locks: the payment,
 * then what a posting locks. All throw 404 `not_found`, 409 `payment_not_pending`, 422 `idempotency_key_reused`.
 */
export class OutgoingPaymentService {
  readonly #context: Context;
  readonly #internalAccounts: InternalAccounts;
  readonly #gate: MoneyGate;

  constructor(context: Context, internalAccounts: InternalAccounts, gate: MoneyGate) {
    this.#context = context;
    this.#internalAccounts = internalAccounts;
    this.#gate = gate;
  }

  /** The other bank has the money: what was to be settled is owed by clearing no more. */
  settle(request: OutgoingRequest): Promise<OutgoingAnswer> {
    const { caller, operation: asked = 'settleOutgoingPayment' } = request;
    const requestHash = hashRequest('settleOutgoingPayment', [request.id]);
    return this.#end('settleOutgoingPayment', request, requestHash, async (tx, payment, header) => {
      const { amountMinor, currency } = payment.state;
      await this.#gate.judgeWithin(tx, caller, asked, payment.state);
      const debit = await this.#internal(CHART.outgoingPayments, currency);
      const credit = await this.#internal(CHART.clearing, currency);
      return {
        first: { ...header, kind: 'outgoing_payment', postings: [{ debit, credit, amountMinor, currency }] },
        assertDue: () => payment.assertMayBecome('settled'),
        apply: () => payment.settle(header.entryId),
      };
    });
  }

  /**
   * The other bank did not take it, or sends it back after it had it: the payer is credited by a transaction that takes
   * the payment back, with the date on which it was returned as its value date. Where the payer's account is closed,
   * frozen or gone, the money goes to suspense, as an incoming payment to be resolved. What was settled is taken back
   * first. Throws 400 `validation_failed` for the reason or the date.
   */
  async giveBack(given: OutgoingRequest & Return): Promise<OutgoingAnswer> {
    const { reason, customerReason, reasonCode, returnedOn, ...request } = given;
    const { id, caller, operation: asked = 'returnOutgoingPayment' } = request;
    const why = cleanReturn({ reason, customerReason, reasonCode, returnedOn });
    const requestHash = hashRequest('returnOutgoingPayment', [id, why.reason, ...returnValues(why)]);
    await assertReturnDate(this.#context, returnedOn);
    return this.#end('returnOutgoingPayment', request, requestHash, async (tx, payment, header) => {
      const { amountMinor, currency, status, endingEntryId } = payment.state;
      await this.#gate.judgeWithin(tx, caller, asked, payment.state);
      const { postings, payer } = await this.#findPayer(tx, id);
      const debit = await this.#internal(CHART.outgoingPayments, currency);
      const credit = await this.#internal(CHART.suspense, currency);
      const dated = { ...header, ...(returnedOn === undefined ? {} : { valueDate: returnedOn }) };
      const wasSettled = status === 'settled' && endingEntryId !== undefined;
      return {
        payer,
        first: { ...dated, kind: 'reversal', reversesEntryId: id, postings },
        otherwise: {
          ...dated,
          kind: 'incoming_payment',
          postings: [{ debit, credit, amountMinor, currency }],
        },
        also: wasSettled ? [await draftInternalReversal(tx, this.#context, header.actor, endingEntryId)] : [],
        assertDue: () => payment.assertMayBecome('returned'),
        apply: async (ending) => {
          payment.giveBack(header.entryId, { ...why, returnedOn: returnedOn ?? ending.entry.businessDate });
          if (ending.refusedWith === undefined) {
            await this.#storeReturn(tx, ending.entry, payer, why);
          } else {
            await this.#storeSuspense(tx, payment, payer, ending);
          }
        },
      };
    });
  }

  /**
   * The payer takes back what nobody claimed yet, and what it cost: credited by a transaction that takes the payment back.
   * Throws 404
   * `not_found` for a customer who does not hold the account, 409 `account_closed` or `account_frozen`.
   */
  cancel(request: OutgoingRequest): Promise<OutgoingAnswer> {
    const { id, caller } = request;
    const requestHash = hashRequest('cancelOutgoingPayment', [id]);
    return this.#end('cancelOutgoingPayment', request, requestHash, async (tx, payment, header) => {
      const { postings, payer } = await this.#findPayer(tx, id);
      await assertAccess(tx, this.#context.bookId, [{ caller, accountId: payer }], 'pay');
      return {
        first: { ...header, kind: 'reversal', reversesEntryId: id, postings },
        charges: chargesOf(tx, this.#context, [{ ...returnRow(header.entryId, payer), givesBack: id }]),
        assertDue: () => payment.assertMayBecome('cancelled'),
        apply: async ({ entry }) => {
          // Again, with the account locked: a holder who was taken off in the meantime pays and takes back nothing.
          await assertAccess(tx, this.#context.bookId, [{ caller, accountId: payer }], 'pay');
          payment.cancel(header.entryId);
          await this.#storeReturn(tx, entry, payer);
        },
      };
    });
  }

  /** Throws 404 `not_found`. */
  async get(caller: Caller, id: TransactionId): Promise<StoredOutgoing> {
    const { db, bookId } = this.#context;
    const payment = await findOutgoing(db, bookId, id, ownCustomerOf(caller));
    if (payment === undefined) throw notFound();
    return payment;
  }

  /**
   * The last payment that a page after another one looks at; undefined where the list ends before. Those of a customer, or
   * of a key that is bound to some, are found by an index, and no id of another payment goes into its cursors.
   */
  async lookBackFrom(caller: Caller, after: TransactionId | undefined): Promise<TransactionId | undefined> {
    if (ownCustomerOf(caller) !== undefined || caller.bounds !== undefined) return undefined;
    return lookBackFrom(this.#context.db, this.#context.bookId, 'outgoing_payments', after);
  }

  async list(caller: Caller, filter: Omit<OutgoingFilter, 'seenBy'>): Promise<StoredOutgoing[]> {
    return listOutgoing(this.#context.db, this.#context.bookId, { ...filter, seenBy: ownCustomerOf(caller) });
  }

  /** Whom a payment is taken back for, and by which lines. */
  async #findPayer(
    tx: Tx,
    id: TransactionId,
  ): Promise<{ readonly postings: EntryDraft['postings']; readonly payer: AccountId }> {
    const reversal = await findReversal(tx, this.#context.bookId, id);
    const payer = reversal?.postings[0]?.credit;
    assert(
      reversal !== undefined && typeof payer === 'string',
      'a payment has an entry that debited its payer',
    );
    return { postings: reversal.postings, payer };
  }

  async #end(
    operation: string,
    { caller, idempotencyKey, id, operation: asked }: OutgoingRequest,
    requestHash: Buffer,
    plan: (tx: Tx, payment: OutgoingPayment, header: Header) => Promise<Plan>,
  ): Promise<OutgoingAnswer> {
    const { db, bookId, clock, ids } = this.#context;
    const entryId = newId(ids, 'transaction');
    const header = { entryId, actor: caller.actor, idempotency: { key: idempotencyKey, requestHash } };
    await followCalendar(db, bookId, clock);
    const work = async (tx: Tx): Promise<boolean> => {
      const payment = await lockOutgoing(tx, bookId, id);
      if (payment === undefined) throw notFound();
      const before = payment.state.status;
      const { apply, payer, ...drafts } = await plan(tx, payment, header);
      const posted = await postEntry(tx, this.#context, {
        ...drafts,
        mayFallBack: (code) => drafts.otherwise !== undefined && problemOf(code) !== undefined,
      });
      if (posted.status === 'replayed') return true;
      await apply(posted);
      await updateOutgoing(tx, bookId, payment.state, clock.nowMs());
      const { status, reason, customerReason } = payment.state;
      await recordAudit(tx, this.#context, {
        caller,
        operation: asked ?? operation,
        resourceType: 'outgoing_payment',
        resourceId: toTypeId('transaction', id),
        before: { status: before },
        after: { status, reason, customerReason },
        seal: payer && (await accountSeal(tx, this.#context, payer)),
      });
      return false;
    };
    const replayed = await inTransaction(db, work, { alsoRetry: isTwinPayment });
    return { payment: await afterCommit(() => this.get(caller, id)), replayed };
  }

  async #storeReturn(
    tx: Tx,
    entry: PostedEntry,
    accountId: AccountId,
    { reason, customerReason: description }: Partial<Return> = {},
  ): Promise<void> {
    const [posting] = entry.postings;
    assert(posting !== undefined, 'a posted entry has its posting');
    const row = { ...returnRow(entry.entryId, accountId), amountMinor: posting.amountMinor };
    await storeTransactionRows(tx, this.#context.bookId, [{ ...row, reason, description }]);
  }

  async #storeSuspense(
    tx: Tx,
    { state }: OutgoingPayment,
    payerId: AccountId,
    { entry, refusedWith, draft }: Ending,
  ): Promise<void> {
    const { bookId, clock, ids } = this.#context;
    const payer = await findAccount(tx, bookId, payerId);
    assert(draft.idempotency !== undefined && refusedWith !== undefined, 'a return has a key and a reason');
    const nowMs = clock.nowMs();
    const payment = new IncomingPayment({
      id: newId(ids, 'incomingPayment'),
      externalReference: undefined,
      requestHash: draft.idempotency.requestHash,
      returnedPaymentId: state.id,
      iban: payer?.iban,
      currency: state.currency,
      amountMinor: state.amountMinor,
      creditorAccount: payer?.iban === undefined ? payer?.number : undefined,
      debtorName: undefined,
      debtorIban: undefined,
      debtorAccount: undefined,
      asReceived: undefined,
      reference: undefined,
      valueDate: entry.valueDate,
      status: 'unresolved',
      problem: problemOf(refusedWith),
      reason: undefined,
      customerReason: undefined,
      reasonCode: undefined,
      returnedOn: undefined,
      returnEntryId: undefined,
      isClaim: false,
      accountId: undefined,
      entryId: entry.entryId,
      endingEntryId: undefined,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    });
    await insertIncoming(tx, bookId, payment);
  }

  async #internal(glCode: string, currency: Currency): Promise<InternalAccount> {
    const account = await this.#internalAccounts.find(this.#context.db, glCode, currency);
    assert(account !== undefined, `the book keeps line ${glCode} in ${currency}`);
    return account;
  }
}

/** The transaction that takes a payment back. */
function returnRow(id: TransactionId, accountId: AccountId) {
  return { id, accountId, type: 'reversal', mode: 'clearing' } as const;
}

type Header = Required<Pick<EntryDraft, 'entryId' | 'actor' | 'idempotency'>>;

type Plan = {
  /** Of whom the trail speaks, where it keeps texts. */
  readonly payer?: AccountId;
  readonly first: EntryDraft;
  readonly otherwise?: EntryDraft;
  readonly also?: readonly EntryDraft[];
  readonly charges?: GuardSource;
  readonly assertDue: () => void;
  readonly apply: (ending: Ending) => void | Promise<void>;
};
