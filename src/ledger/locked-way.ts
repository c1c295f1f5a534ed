import type { Db, PostingPool } from '#db/database.ts';
import { asUnavailable } from '#db/postgres-error.ts';
import type { SqlSession } from '#db/session.ts';
import { PAYMENT_ANSWER_WITHIN_MS } from '#db/time-limits.ts';
import { inPipelinedTransaction } from '#db/transaction.ts';
import { within } from '#lib/concurrency/within.ts';
import { commonError, type FlorinError, isUnavailable } from '#lib/errors.ts';
import type { AccountCache } from './account-cache.ts';
import type { CalendarFollower } from './business-date.ts';
import { isTwin } from './claim-key.ts';
import type { ClosingGate } from './closing-gate.ts';
import { accountsOf } from './disjoint-batch.ts';
import type { PostOutcome } from './entry.ts';
import { beginGuarded, type OpenGuard } from './guard.ts';
import type { LedgerContext, Posting } from './post.ts';
import { answer, type PostingRequest, type Settled, type Waiting } from './waiting.ts';

/** Stores the rows of accepted requests, in the same transaction. */
export type StoreRows<Row> = (session: SqlSession, accepted: readonly Row[]) => Promise<void>;

/** The context of the queue: the book and clock, the pool for its reads, and its own connections. */
export type PostingContext = LedgerContext & { readonly db: Db; readonly postingPool: PostingPool };

type Parts<Row> = {
  readonly storeRows: StoreRows<Row>;
  readonly openGuard: OpenGuard<Row> | undefined;
  readonly calendar: CalendarFollower;
  readonly gate: ClosingGate;
  /** Learns what this way finds and leaves. */
  readonly cache: AccountCache;
};

/**
 * The way on which everything can be posted and refused: lock, read, judge, write, commit. It takes three round trips
 * a batch.
 */
export class LockedWay<Row> {
  readonly #context: PostingContext;
  readonly #parts: Parts<Row>;

  constructor(context: PostingContext, parts: Parts<Row>) {
    this.#context = context;
    this.#parts = parts;
  }

  /**
   * Posts a batch and answers its requests; never rejects. If it fails as a whole, posts its halves, so that one bad
   * request fails alone. When the database is gone, the error of requests that it has not seen says so.
   */
  async settle(batch: readonly Waiting<Row>[]): Promise<void> {
    const untilMs = (batch[0]?.sinceMs ?? 0) + PAYMENT_ANSWER_WITHIN_MS;
    this.#parts.cache.forget(batch.flatMap(({ request }) => [...accountsOf(request.draft)]));
    const parts = [batch];
    for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
      try {
        const outcomes = await this.#post(part, untilMs);
        for (const [index, waiting] of part.entries()) answer(waiting, outcomes[index]);
      } catch (error) {
        const unavailable = isUnavailable(error) ? error : asUnavailable(error);
        if (unavailable === undefined && part.length > 1) {
          const half = Math.ceil(part.length / 2);
          parts.unshift(part.slice(0, half), part.slice(half));
          continue;
        }
        for (const { reject } of part) reject(unavailable ?? error);
        if (unavailable === undefined) continue;
        for (const { reject } of parts.flat()) reject(notReached(unavailable));
        return;
      }
    }
  }

  /**
   * Posts one request in the transaction of a dry run, with its locks, and remembers nothing of it. Throws its refusal, and
   * as a transaction does.
   */
  async tryOut(request: PostingRequest<Row>): Promise<Settled> {
    const { promise, resolve, reject } = Promise.withResolvers<Settled>();
    const sinceMs = this.#context.clock.monotonicMs();
    const waiting = { request, needsLocks: true, sinceMs, span: undefined, resolve, reject };
    const { outcomes } = await inPipelinedTransaction(
      this.#context.postingPool,
      (session) => this.#postBatch(session, [waiting]),
      { untilMs: sinceMs + PAYMENT_ANSWER_WITHIN_MS, alsoRetry: isTwin() },
    );
    answer(waiting, outcomes[0]);
    return promise;
  }

  async #post(batch: readonly Waiting<Row>[], untilMs: number): Promise<PostOutcome[]> {
    const { db, postingPool } = this.#context;
    const { calendar, gate, cache } = this.#parts;
    const leftMs = (): number => untilMs - this.#context.clock.monotonicMs();
    await within(leftMs(), calendar.follow(db), () => notReached());
    if (gate.isClosed) await within(leftMs(), gate.waitUntilOpen(db), () => notReached());
    const work = (session: SqlSession) => this.#postBatch(session, batch);
    const { posting, outcomes } = await inPipelinedTransaction(postingPool, work, {
      untilMs,
      alsoRetry: isTwin(),
    });
    cache.book = posting.book;
    cache.remember(posting.accounts);
    return outcomes;
  }

  async #postBatch(
    session: SqlSession,
    batch: readonly Waiting<Row>[],
  ): Promise<{ readonly posting: Posting; readonly outcomes: PostOutcome[] }> {
    const drafts = batch.map(({ request }) => request.draft);
    const source = this.#parts.openGuard?.(
      session,
      batch.map(({ request }) => request.row),
    );
    const { posting, guard } = await beginGuarded(session, this.#context, drafts, source);
    const outcomes = posting.judge(drafts, guard);
    const posted = batch.filter((_, index) => outcomes[index]?.status === 'posted');
    if (posted.length > 0) {
      const rows = posted.map(({ request }) => request.row);
      await Promise.all([posting.write(), this.#parts.storeRows(session, rows), posting.finish()]);
    }
    return { posting, outcomes };
  }
}

/** 503 for a request that the database has not seen. */
function notReached(cause?: FlorinError): FlorinError {
  return commonError('database_unavailable', { cause });
}
