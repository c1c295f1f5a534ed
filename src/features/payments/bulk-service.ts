import type { Context } from '#db/context.ts';
import { inTransaction } from '#db/transaction.ts';
import type { MoneyGate } from '#features/authority/contract.ts';
import { noteKey } from '#ledger/used-keys.ts';
import type { Caller } from '#lib/caller.ts';
import { type FieldError, isRefusal, notFound } from '#lib/errors.ts';
import { type SubmissionId, type TransactionId, toTypeId } from '#lib/ids.ts';
import { hashRequest } from '#lib/request-hash.ts';
import { type OutgoingStatus, type Return, returnValues } from './outgoing-payment.ts';
import type { OutgoingAnswer, OutgoingPaymentService, OutgoingRequest } from './outgoing-service.ts';
import { findSubmission } from './submission-repository.ts';

/** Payments settled or returned side by side: as many as leave connections for everybody else. */
const AT_ONCE = 4;

type Keyed = { readonly caller: Caller; readonly idempotencyKey: string };

/** Which payments are settled: those of a submission, or those that are named. */
export type SettleManyRequest = Keyed &
  ({ readonly submissionId: SubmissionId } | { readonly ids: readonly TransactionId[] });

export type ReturnItem = Return & { readonly id: TransactionId };
export type ReturnManyRequest = Keyed & { readonly items: readonly ReturnItem[] };

/** Payments of one request, and what it is recognised by. */
type Many = {
  readonly operation: string;
  readonly ids: readonly TransactionId[];
  readonly values: readonly string[];
};

/** The outcome of one payment: its status now, or why it was refused. */
export type BulkResult = { readonly id: TransactionId } & (
  | { readonly status: OutgoingStatus }
  | { readonly status: 'refused'; readonly code: string; readonly fields: readonly FieldError[] }
);

/**
 * What the other bank tells about many payments at once. Each is settled or returned for itself, in a transaction and
 * under a key of its own that follows from the request's: a request that was cut off is repeated and does the rest. All
 * throw 422 `idempotency_key_reused`.
 */
export class BulkPaymentService {
  readonly #context: Context;
  readonly #payments: OutgoingPaymentService;
  readonly #gate: MoneyGate;

  constructor(context: Context, payments: OutgoingPaymentService, gate: MoneyGate) {
    this.#context = context;
    this.#payments = payments;
    this.#gate = gate;
  }

  /** Settles each payment. Throws 404 `not_found` for the submission; what a payment is refused for is in its result. */
  async settle(request: SettleManyRequest): Promise<BulkResult[]> {
    const ids = 'ids' in request ? request.ids : await this.#idsOf(request.submissionId);
    const of = { operation: 'settleOutgoingPayments', ids, values: ids };
    return this.#each(request, of, (one) => this.#payments.settle(one));
  }

  /** Returns each payment, with the reason of its own. */
  giveBack(request: ReturnManyRequest): Promise<BulkResult[]> {
    const whys = new Map(request.items.map(({ id, ...why }) => [id, why]));
    const values = request.items.flatMap((why) => [why.id, why.reason, returnValues(why).join('\n')]);
    const of = { operation: 'returnOutgoingPayments', ids: [...whys.keys()], values };
    return this.#each(request, of, (one) => {
      const why = whys.get(one.id);
      if (why === undefined) throw notFound();
      return this.#payments.giveBack({ ...one, ...why });
    });
  }

  async #idsOf(id: SubmissionId): Promise<readonly TransactionId[]> {
    const submission = await findSubmission(this.#context.db, this.#context.bookId, id);
    if (submission === undefined) throw notFound();
    return submission.paymentIds;
  }

  async #each(
    { caller, idempotencyKey }: Keyed,
    { operation, ids, values }: Many,
    act: (one: OutgoingRequest) => Promise<OutgoingAnswer>,
  ): Promise<BulkResult[]> {
    const results: BulkResult[] = [];
    // Each is judged where its amount is known; it may be that none of them is there.
    await this.#gate.judge(caller, operation);
    const { db, bookId, clock } = this.#context;
    const requestHash = hashRequest(operation, values);
    const use = { actor: caller.actor, key: idempotencyKey, operation, requestHash };
    await inTransaction(db, (tx) => noteKey(tx, bookId, use, clock.nowMs()));
    const scope = hashRequest('bulk', [operation, idempotencyKey]).toString('base64url');
    const wanted = [...new Set(ids)];
    for (let start = 0; start < wanted.length; start += AT_ONCE) {
      const group = wanted.slice(start, start + AT_ONCE).map(async (id): Promise<BulkResult> => {
        try {
          const key = `${scope}:${toTypeId('transaction', id)}`;
          const { payment } = await act({ caller, idempotencyKey: key, id, operation });
          return { id, status: payment.status };
        } catch (error) {
          if (!isRefusal(error)) throw error;
          return { id, status: 'refused', code: error.code, fields: error.fields };
        }
      });
      results.push(...(await Promise.all(group)));
    }
    return results;
  }
}
