import { setImmediate } from 'node:timers/promises';
import type { Context } from '#db/context.ts';
import type { SqlSession } from '#db/session.ts';
import { ANSWER_WITHIN_MS, TURN_TIMEOUT_MS } from '#db/time-limits.ts';
import { inPipelinedTransaction } from '#db/transaction.ts';
import { findAccessRefusals } from '#features/accounts/contract.ts';
import { recordAudit } from '#features/audit/contract.ts';
import type { MoneyGate } from '#features/authority/contract.ts';
import { followCalendar } from '#ledger/business-date.ts';
import { claimKey, isTwin } from '#ledger/claim-key.ts';
import type { EntryDraft } from '#ledger/entry.ts';
import { ledgerError } from '#ledger/errors.ts';
import { beginGuarded, type GuardedPosting } from '#ledger/guard.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import type { Posting } from '#ledger/post.ts';
import { type KeyUse, registerKey } from '#ledger/used-keys.ts';
import { assert } from '#lib/assert.ts';
import type { Caller } from '#lib/caller.ts';
import { overloaded } from '#lib/concurrency/admission.ts';
import { Turns } from '#lib/concurrency/turns.ts';
import { type FieldError, isRefusal, notFound } from '#lib/errors.ts';
import { type AccountId, type BatchId, newId, toTypeId } from '#lib/ids.ts';
import { hashRequest } from '#lib/request-hash.ts';
import { type BatchMode, batchRefused, type InvalidItem, type ItemResult } from './batch.ts';
import { cleanItems, judgeValueDates, valuesOf } from './batch-items.ts';
import { findBatch, insertBatch, readBatch, type StoredBatch } from './batch-repository.ts';
import { findDeletedAccounts } from './hide-deleted-account.ts';
import { draftMovement, type Movement, ownAccountOf, type Sides } from './movement.ts';
import { openPaymentGuard } from './payment-guard.ts';
import { lacksName, resolvePayees } from './resolve-payees.ts';
import { storeTransactionRows } from './store-rows.ts';
import type { TransactionRow } from './transaction.ts';

/** Items posted with one set of statements: beyond it nothing is gained, and others get no turn in the meantime. */
const CHUNK_ITEMS = 500;
/** One is posted, one or two get their turn in time; each is held in memory, and may have 16 MiB. */
const MAX_BATCHES_AT_ONCE = 4;

export type BatchRequest = {
  readonly caller: Caller;
  readonly idempotencyKey: string;
  readonly mode: BatchMode;
  readonly items: readonly (Movement | InvalidItem)[];
};

export type BatchAnswer = {
  readonly id: BatchId;
  readonly mode: BatchMode;
  readonly results: readonly ItemResult[];
  readonly replayed: boolean;
};

/** Whether another process posted a batch under the same key in the meantime. */
const isTwinBatch = isTwin('transaction_batches_idempotency', 'transactions_external_id');

/** An item on its way: what is to be posted, or why it cannot be. */
type Item =
  | { readonly draft: EntryDraft; readonly row: TransactionRow }
  | { readonly code: string; readonly errors?: readonly FieldError[] };

/**
 * Posts many movements in one database transaction, under one key. Batches of one process go one after the other:
 * each holds the locks of all its accounts for as long as it takes, and would only wait for those of another.
 */
export class BatchService {
  readonly #context: Context;
  readonly #internalAccounts: InternalAccounts;
  readonly #gate: MoneyGate;
  readonly #keysInFlight = new Set<string>();
  readonly #turns = new Turns();

  constructor(context: Context, internalAccounts: InternalAccounts, gate: MoneyGate) {
    this.#context = context;
    this.#gate = gate;
    this.#internalAccounts = internalAccounts;
  }

  /** Whether a batch that comes now is to be refused: as many as can be have not been answered yet. */
  get isOverloaded(): boolean {
    return this.#keysInFlight.size >= MAX_BATCHES_AT_ONCE;
  }

  /**
   * Posts the items in their order and answers each. Throws 400 `validation_failed` for a text or value date of
   * any item of an atomic batch, 409 `idempotency_in_progress`, 422 `idempotency_key_reused`, 422 `batch_refused` for the first
   * refused item of an atomic batch, 503 as single requests do. Throws 403 `api_key_limit` for the sum of an atomic batch. After `batch_refused` nothing was posted, and the key is
   * free.
   */
  async post(request: BatchRequest): Promise<BatchAnswer> {
    const key = `${request.caller.actor}\n${request.idempotencyKey}`;
    if (this.#keysInFlight.has(key)) {
      throw ledgerError('idempotency_in_progress');
    }
    if (this.isOverloaded) throw overloaded();
    this.#keysInFlight.add(key);
    try {
      return await this.#post(request);
    } finally {
      this.#keysInFlight.delete(key);
    }
  }

  async #post(request: BatchRequest): Promise<BatchAnswer> {
    const { db, bookId, clock, ids } = this.#context;
    const sinceMs = clock.monotonicMs();
    const { caller, idempotencyKey, mode } = request;
    const given = cleanItems(request.items, mode);
    const requestHash = hashRequest(`batch:${mode}`, given.flatMap(valuesOf));
    let judged: readonly (Movement | InvalidItem)[];
    try {
      judged = await judgeValueDates(this.#context, given, mode);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // What was posted once is answered as it was then, though today it might not be accepted.
      const found = await this.#inTurn(sinceMs, (session) =>
        findBatch(session, bookId, caller.actor, idempotencyKey),
      );
      const first = claimKey(found, requestHash);
      if (first === undefined) throw error;
      return replay(first);
    }
    const items = await this.#prepare(judged, caller);
    if (mode === 'atomic' && items.every((item) => 'draft' in item)) {
      this.#gate.judgeWhole(
        caller,
        judged.filter((item) => item.kind !== 'invalid'),
      );
    }
    const id = newId(ids, 'batch');
    await followCalendar(db, bookId, clock);
    return this.#inTurn(sinceMs, async (session): Promise<BatchAnswer> => {
      const drafts = items.flatMap((item) => ('draft' in item ? item.draft : []));
      const rows = items.flatMap((item) => ('row' in item ? item.row : []));
      const entries = rows.map((row) => ({ id: row.id, caller }));
      const source = openPaymentGuard(session, this.#context, rows, { gate: this.#gate, entries });
      const { posting, guard } = await beginGuarded(session, this.#context, drafts, source);
      const first = claimKey(await findBatch(session, bookId, caller.actor, idempotencyKey), requestHash);
      if (first !== undefined) return replay(first);
      const results = await this.#judge({ posting, guard }, items, mode);
      await this.#writeItems(session, posting, items, results);
      const batch = { id, requestHash, results, mode, actor: caller.actor, idempotencyKey };
      await Promise.all([
        posting.finish(),
        insertBatch(session, bookId, batch),
        registerKey(session, bookId, useOf(request, requestHash), { nowMs: clock.nowMs() }),
        this.#record(session, request, id, results),
        this.#gate.countNoted(session),
      ]);
      return { id, mode, results, replayed: false };
    });
  }

  /** Throws 404 `not_found`. */
  async get(id: BatchId): Promise<StoredBatch> {
    const batch = await readBatch(this.#context.db, this.#context.bookId, id);
    if (batch === undefined) throw notFound();
    return batch;
  }

  /** A transaction of the batch's, when it is its turn, that ends in time for a request of `sinceMs`. */
  #inTurn<Result>(sinceMs: number, work: (session: SqlSession) => Promise<Result>): Promise<Result> {
    const untilMs = sinceMs + ANSWER_WITHIN_MS;
    return this.#turns.take(
      sinceMs + TURN_TIMEOUT_MS - this.#context.clock.monotonicMs(),
      () => inPipelinedTransaction(this.#context.postingPool, work, { untilMs, alsoRetry: isTwinBatch }),
      overloaded,
    );
  }

  /** The movements among the items become drafts; the others stay refused, in their places. */
  async #prepare(items: readonly (Movement | InvalidItem)[], caller: Caller): Promise<Item[]> {
    const movements = items.filter((item) => item.kind !== 'invalid');
    const drafts = (await this.#prepareMovements(movements, caller)).values();
    return items.map((item): Item => {
      if (item.kind === 'invalid') return { code: item.refusal.code, errors: item.refusal.fields };
      const { value } = drafts.next();
      assert(value !== undefined, 'every movement has a draft');
      return value;
    });
  }

  async #prepareMovements(movements: readonly Movement[], caller: Caller): Promise<Item[]> {
    const { db, bookId } = this.#context;
    const { actor } = caller;
    const accesses = movements.map((movement) => ({ caller, accountId: ownAccountOf(movement) }));
    const refusals = await findAccessRefusals(db, bookId, accesses, 'pay');
    const sides = await resolvePayees(this.#context, this.#internalAccounts, caller, movements);
    const aboveLimits = await this.#gate.judgeEach(caller, 'postBatch', movements);
    return movements.map((movement, index) => {
      const refusal = refusals[index] ?? aboveLimits[index];
      if (refusal !== undefined) return { code: refusal.code };
      const found = sides[index] ?? 'unknown_payee';
      if (typeof found === 'string') return { code: found };
      if (lacksName(found)) return { code: 'payee_name_required' };
      return draftMovement(movement, found, { entryId: newId(this.#context.ids, 'transaction'), actor });
    });
  }

  /** The batch is one act: who posted an item stands in its journal entry. */
  #record(
    session: SqlSession,
    { caller, mode }: BatchRequest,
    id: BatchId,
    results: readonly ItemResult[],
  ): Promise<void> {
    const postedCount = results.filter(({ status }) => status === 'posted').length;
    return recordAudit(session, this.#context, {
      caller,
      operation: 'postBatch',
      resourceType: 'transaction_batch',
      resourceId: toTypeId('batch', id),
      after: { mode, itemCount: results.length, postedCount },
    });
  }

  /** Judges all items before any is written. Throws 422 `batch_refused` if all or none are to be posted. */
  async #judge(guarded: GuardedPosting, items: readonly Item[], mode: BatchMode): Promise<ItemResult[]> {
    const results: ItemResult[] = [];
    for (const chunk of chunksOf(items)) {
      results.push(...(await this.#judgeChunk(guarded, chunk)));
      const index = mode === 'atomic' ? results.findIndex(({ status }) => status === 'refused') : -1;
      const refused = results[index];
      if (refused?.status === 'refused') throw batchRefused(index, refused.code);
      // The requests of others get a turn.
      await setImmediate();
    }
    return results;
  }

  async #judgeChunk({ posting, guard }: GuardedPosting, items: readonly Item[]): Promise<ItemResult[]> {
    const drafts = items.flatMap((item) => ('draft' in item ? item.draft : []));
    const outcomes = posting.judge(drafts, guard);
    const refusals = new Map(
      outcomes.flatMap((outcome, index): [string | undefined, string][] => {
        if (outcome.status === 'barred') return [[drafts[index]?.entryId, outcome.error.code]];
        return outcome.status === 'refused' ? [[drafts[index]?.entryId, outcome.code]] : [];
      }),
    );
    const closed = drafts.filter(({ entryId }) => refusals.get(entryId) === 'account_closed');
    const deleted = await findDeletedAccounts(
      this.#context,
      closed.flatMap(({ postings }) => postings),
    );
    return items.map((item): ItemResult => {
      if ('code' in item) return { status: 'refused', ...item };
      const { entryId, postings } = item.draft;
      const code = refusals.get(entryId);
      if (code === undefined) return { status: 'posted', transactionId: entryId };
      const hidden = code === 'account_closed' && postings.some((sides) => isDeleted(sides, deleted));
      return { status: 'refused', code: hidden ? 'not_found' : code };
    });
  }

  /** While PostgreSQL writes a chunk, the next one is put into words; never more than that ahead. */
  async #writeItems(
    session: SqlSession,
    posting: Posting,
    items: readonly Item[],
    results: readonly ItemResult[],
  ): Promise<void> {
    const rows = items.flatMap((item, index) =>
      'row' in item && results[index]?.status === 'posted' ? item.row : [],
    );
    let before: Promise<unknown> = Promise.resolve();
    for (const chunk of chunksOf(rows)) {
      const written = Promise.all([
        posting.write(chunk.length),
        storeTransactionRows(session, this.#context.bookId, chunk),
      ]);
      // It is awaited a chunk later; until then a failure of the one before is the one that counts.
      written.catch(() => undefined);
      await before;
      before = written;
    }
    await before;
  }
}

function useOf({ caller, idempotencyKey: key }: BatchRequest, requestHash: Buffer): KeyUse {
  return { actor: caller.actor, key, operation: 'postBatch', requestHash };
}

function* chunksOf<Value>(values: readonly Value[]): Iterable<readonly Value[]> {
  for (let start = 0; start < values.length; start += CHUNK_ITEMS) {
    yield values.slice(start, start + CHUNK_ITEMS);
  }
}

function isDeleted({ debit, credit }: Sides, deleted: ReadonlySet<AccountId>): boolean {
  return [debit, credit].some((side) => typeof side === 'string' && deleted.has(side));
}

function replay({ id, mode, results }: StoredBatch): BatchAnswer {
  return { id, mode, results, replayed: true };
}
