import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { violatedUnique } from '#db/postgres-error.ts';
import { inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#features/audit/contract.ts';
import { claimKey, isTwin } from '#ledger/claim-key.ts';
import { ledgerError } from '#ledger/errors.ts';
import { registerKey } from '#ledger/used-keys.ts';
import type { Caller } from '#lib/caller.ts';
import { FlorinError, notFound } from '#lib/errors.ts';
import { newId, type SubmissionId, type TransactionId, toTypeId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { hashRequest } from '#lib/request-hash.ts';
import { cleanText } from '#lib/text.ts';
import { paymentError } from './errors.ts';
import type { OutgoingPayment } from './outgoing-payment.ts';
import { lockOutgoings, lockWaiting, updateSubmitted } from './outgoing-repository.ts';
import { MAX_PAYMENTS_AT_ONCE, type Submission, totalsOf } from './submission.ts';
import { findSubmission, findSubmissionByKey, insertSubmission } from './submission-repository.ts';

export type SubmitRequest = {
  readonly caller: Caller;
  readonly idempotencyKey: string;
  /** The file or message in which the payments are sent. */
  readonly message: string;
  /** Which payments; all that wait, the oldest first, if not given. */
  readonly ids?: readonly TransactionId[] | undefined;
  readonly currency?: Currency | undefined;
  readonly limit?: number | undefined;
};

export type SubmissionAnswer = { readonly submission: Submission; readonly replayed: boolean };

const isTwinSubmission = isTwin('payment_submissions_idempotency');

/**
 * Claims outgoing payments for the sender, so that two connectors on one queue never send the same. Each call is one
 * database transaction, which locks the payments.
 */
export class SubmissionService {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Claims payments: those that are named, all or none, or as many as wait. Throws 404 `not_found` for one that does not
   * exist, 409 `payment_not_pending` for one that cannot be claimed, `nothing_to_submit` where none waits,
   * `message_used` for a name that another submission has, 400 `validation_failed`, 422 `idempotency_key_reused`.
   */
  async submit(request: SubmitRequest): Promise<SubmissionAnswer> {
    const { db } = this.#context;
    const message = cleanText(request.message, 'message', 140);
    const ids = request.ids === undefined ? undefined : [...new Set(request.ids)].toSorted();
    const requestHash = hashRequest('submitOutgoingPayments', [
      message,
      request.currency,
      String(request.limit ?? MAX_PAYMENTS_AT_ONCE),
      ...(ids ?? []),
    ]);
    const work = (tx: Tx) => this.#claim(tx, { ...request, message, ids }, requestHash);
    try {
      return await inTransaction(db, work, { alsoRetry: isTwinSubmission });
    } catch (error) {
      if (violatedUnique(error) !== 'payment_submissions_message') throw error;
      throw paymentError('message_used', {
        fields: [{ path: 'message', message: 'names another submission' }],
      });
    }
  }

  /** Throws 404 `not_found`. */
  async get(id: SubmissionId): Promise<Submission> {
    const submission = await findSubmission(this.#context.db, this.#context.bookId, id);
    if (submission === undefined) throw notFound();
    return submission;
  }

  async #claim(tx: Tx, request: SubmitRequest, requestHash: Buffer): Promise<SubmissionAnswer> {
    const { bookId, clock, ids } = this.#context;
    const { caller, idempotencyKey, message } = request;
    const earlier = await findSubmissionByKey(tx, bookId, caller.actor, idempotencyKey);
    const first = claimKey(earlier, requestHash);
    if (first !== undefined) return { submission: first, replayed: true };
    const payments = await this.#lock(tx, request);
    const id = newId(ids, 'submission');
    for (const payment of payments) payment.submit(id);
    const submission = {
      id,
      message,
      actor: caller.actor,
      requestHash,
      paymentIds: payments.map(({ state }) => state.id),
      totals: totalsOf(payments.map(({ state }) => state)),
      createdAtMs: clock.nowMs(),
    };
    await insertSubmission(tx, bookId, submission, idempotencyKey);
    const use = {
      actor: caller.actor,
      key: idempotencyKey,
      operation: 'submitOutgoingPayments',
      requestHash,
    };
    await registerKey(tx, bookId, use, { nowMs: submission.createdAtMs });
    await updateSubmitted(tx, bookId, id, submission.paymentIds, submission.createdAtMs);
    await recordAudit(tx, this.#context, {
      caller,
      operation: 'submitOutgoingPayments',
      resourceType: 'payment_submission',
      resourceId: toTypeId('submission', id),
      after: { message, paymentCount: payments.length },
    });
    return { submission, replayed: false };
  }

  async #lock(tx: Tx, { ids, currency, limit }: SubmitRequest): Promise<OutgoingPayment[]> {
    const { bookId } = this.#context;
    if (ids === undefined) {
      const waiting = await lockWaiting(tx, bookId, { currency, limit: limit ?? MAX_PAYMENTS_AT_ONCE });
      if (waiting.length === 0) throw paymentError('nothing_to_submit');
      return waiting;
    }
    const payments = await lockOutgoings(tx, bookId, ids);
    if (payments.length < ids.length) throw notFound();
    for (const payment of payments) nameRefused(payment);
    return payments;
  }
}

/** Throws 409 `payment_not_pending` or `customer_deceased` that says which payment it is. */
function nameRefused(payment: OutgoingPayment): void {
  try {
    payment.assertMayBecome('submitted');
  } catch (error) {
    if (!(error instanceof FlorinError)) throw error;
    const { id, status } = payment.state;
    const path = toTypeId('transaction', id);
    if (error.code === 'customer_deceased') {
      throw ledgerError(error.code, { fields: [{ path, message: 'is held: its payer has died' }] });
    }
    const fields = [{ path, message: `is ${status}` }];
    throw paymentError('payment_not_pending', { status, wanted: 'submitted', fields });
  }
}
