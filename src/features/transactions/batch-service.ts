import type { Context } from '#db/context.ts';
import type { SqlSession } from '#db/session.ts';
import { findHolderRefusals } from '#features/accounts/contract.ts';
import { recordAudit } from '#features/audit/contract.ts';
import { followCalendar, holdBusinessDate } from '#ledger/business-date.ts';
import type { EntryDraft, RefusalCode } from '#ledger/entry.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import { refusalError } from '#ledger/ledger-error.ts';
import { lockAccounts } from '#ledger/lock-accounts.ts';
import { post } from '#ledger/post.ts';
import { inLedgerTransaction } from '#ledger/transaction.ts';
import type { Caller } from '#lib/caller.ts';
import { InProgressError, UnavailableError } from '#lib/errors.ts';
import type { AccountId, BatchId } from '#lib/ids.ts';
import { newId, toTypeId } from '#lib/ids.ts';
import { hashRequest } from '#lib/request-hash.ts';
import type { BatchMode, ItemResult } from './batch.ts';
import { batchRefused } from './batch.ts';
import type { StoredBatch } from './batch-repository.ts';
import { findBatch, insertBatch } from './batch-repository.ts';
import { findSides } from './find-sides.ts';
import { findDeletedAccounts } from './hide-deleted-account.ts';
import type { Movement, Sides } from './movement.ts';
import { cleanMovement, draftMovement, movementValues, ownAccountOf } from './movement.ts';
import { storeTransactionRows } from './store-rows.ts';
import { isOverLimit, OVER_LIMIT } from './teller-limit.ts';
import type { TransactionRow } from './transaction.ts';
import { checkValueDates } from './value-dates.ts';

/** Items posted with one set of statements: beyond it nothing is gained, and others get no turn meanwhile. */
const CHUNK_ITEMS = 1_000;
/** Batches of one process at once: each holds a connection and the locks of all its accounts. */
const MAX_BATCHES_AT_ONCE = 4;

export type BatchRequest = {
  readonly caller: Caller;
  readonly idempotencyKey: string;
  readonly mode: BatchMode;
  readonly items: readonly Movement[];
};

export type BatchAnswer = {
  readonly id: BatchId;
  readonly results: readonly ItemResult[];
  readonly replayed: boolean;
};

/** An item on its way: what is to be posted, or why it cannot be. */
type Item = { readonly draft: EntryDraft; readonly row: TransactionRow } | { readonly code: string };

/** Posts many movements in one database transaction, under one key. */
export class BatchService {
  readonly #context: Context;
  readonly #internalAccounts: InternalAccounts;
  readonly #tellerLimitMajor: bigint;
  readonly #keysInFlight = new Set<string>();

  constructor(context: Context, internalAccounts: InternalAccounts, tellerLimitMajor: bigint) {
    this.#context = context;
    this.#tellerLimitMajor = tellerLimitMajor;
    this.#internalAccounts = internalAccounts;
  }

  /**
   * Posts the items in their order and answers each. Throws 400 `validation_failed` for a text or value date of
   * any item, 409 `idempotency_in_progress`, 422 `idempotency_key_reused`, 422 `batch_refused` for the first
   * refused item of an atomic batch (then nothing was posted, and the key is free), 503 as single requests do.
   */
  async post(request: BatchRequest): Promise<BatchAnswer> {
    const key = `${request.caller.actor}\n${request.idempotencyKey}`;
    if (this.#keysInFlight.has(key)) {
      throw new InProgressError(
        'idempotency_in_progress',
        'The first request with this key is still running.',
      );
    }
    if (this.#keysInFlight.size >= MAX_BATCHES_AT_ONCE) {
      throw new UnavailableError('overloaded', 'Too many batches are under way; try again shortly.');
    }
    this.#keysInFlight.add(key);
    try {
      return await this.#post(request);
    } finally {
      this.#keysInFlight.delete(key);
    }
  }

  async #post(request: BatchRequest): Promise<BatchAnswer> {
    const { db, bookId, clock, ids, postingPool } = this.#context;
    const { caller, idempotencyKey, mode } = request;
    const movements = request.items.map((item, index) => cleanMovement(item, pathOf(index)));
    const requestHash = hashRequest(
      `batch:${mode}`,
      movements.flatMap((one) => [one.kind, ...movementValues(one)]),
    );
    try {
      await checkValueDates(this.#context, movements, pathOf);
    } catch (error) {
      // What was posted once is answered as it was then, though today it might not be accepted.
      const earlier = await inLedgerTransaction(postingPool, (session) =>
        findBatch(session, bookId, caller.actor, idempotencyKey),
      );
      if (earlier === undefined) throw error;
      return replay(earlier, requestHash);
    }
    const items = await this.#prepare(movements, caller);
    const id = newId(ids, 'batch');
    await followCalendar(db, bookId, clock);
    return inLedgerTransaction(postingPool, async (session) => {
      await holdBusinessDate(session, bookId);
      await lockAccounts(session, bookId, accountsOf(items));
      const earlier = await findBatch(session, bookId, caller.actor, idempotencyKey);
      if (earlier !== undefined) return replay(earlier, requestHash);
      const results = await this.#postItems(session, items, mode);
      const batch = { id, requestHash, results, mode, actor: caller.actor, idempotencyKey };
      await insertBatch(session, bookId, batch);
      await this.#record(session, request, id, results);
      return { id, results, replayed: false };
    });
  }

  async #prepare(movements: readonly Movement[], caller: Caller): Promise<Item[]> {
    const { db, bookId } = this.#context;
    const { actor } = caller;
    const accountIds = movements.map(ownAccountOf);
    const refusals = await findHolderRefusals(db, bookId, caller, accountIds, 'pay');
    const sides = await findSides(this.#context, this.#internalAccounts, movements);
    return movements.map((movement, index) => {
      const refusal = refusals.get(ownAccountOf(movement));
      if (refusal !== undefined) return { code: refusal.code };
      if (isOverLimit(caller, this.#tellerLimitMajor, movement)) return { code: OVER_LIMIT };
      const found = sides[index] ?? 'unknown_payee';
      if (typeof found === 'string') return { code: found };
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

  async #postItems(session: SqlSession, items: readonly Item[], mode: BatchMode): Promise<ItemResult[]> {
    const results: ItemResult[] = [];
    for (let start = 0; start < items.length; start += CHUNK_ITEMS) {
      results.push(...(await this.#postChunk(session, items.slice(start, start + CHUNK_ITEMS))));
      const index = mode === 'atomic' ? results.findIndex(({ status }) => status === 'refused') : -1;
      const refused = results[index];
      // Thrown, so that what was posted before it is taken back.
      if (refused?.status === 'refused') throw batchRefused(index, refused.code);
    }
    return results;
  }

  async #postChunk(session: SqlSession, items: readonly Item[]): Promise<ItemResult[]> {
    const { bookId } = this.#context;
    const ready = items.flatMap((item) => ('draft' in item ? item : []));
    const drafts = ready.map(({ draft }) => draft);
    const outcomes = await post(session, this.#context, drafts, async (settled) => {
      const rows = ready.filter((_, index) => settled[index]?.status === 'posted').map(({ row }) => row);
      if (rows.length > 0) await storeTransactionRows(session, bookId, rows);
    });
    const refusals = new Map(
      outcomes.flatMap((outcome, index): [string | undefined, RefusalCode][] =>
        outcome.status === 'refused' ? [[drafts[index]?.entryId, outcome.code]] : [],
      ),
    );
    const closed = drafts.filter(({ entryId }) => refusals.get(entryId) === 'account_closed');
    const deleted = await findDeletedAccounts(
      this.#context,
      closed.flatMap(({ postings }) => postings),
    );
    return items.map((item): ItemResult => {
      if ('code' in item) return { status: 'refused', code: item.code };
      const { entryId, postings } = item.draft;
      const code = refusals.get(entryId);
      if (code === undefined) return { status: 'posted', transactionId: entryId };
      const hidden = code === 'account_closed' && postings.some((sides) => isDeleted(sides, deleted));
      return { status: 'refused', code: hidden ? 'not_found' : code };
    });
  }
}

function pathOf(index: number): string {
  return `items[${index}].`;
}

function isDeleted({ debit, credit }: Sides, deleted: ReadonlySet<AccountId>): boolean {
  return [debit, credit].some((side) => typeof side === 'string' && deleted.has(side));
}

function replay(earlier: StoredBatch, requestHash: Buffer): BatchAnswer {
  if (!earlier.requestHash.equals(requestHash)) throw refusalError('idempotency_key_reused');
  return { id: earlier.id, results: earlier.results, replayed: true };
}

function* accountsOf(items: readonly Item[]): Iterable<AccountId> {
  for (const item of items) {
    if ('code' in item) continue;
    for (const { debit, credit } of item.draft.postings) {
      if (typeof debit === 'string') yield debit;
      if (typeof credit === 'string') yield credit;
    }
  }
}
