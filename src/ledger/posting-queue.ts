import { type Db, POSTING_LANES, type PostingPool } from '#db/database.ts';
import { asUnavailable } from '#db/postgres-error.ts';
import type { SqlSession } from '#db/session.ts';
import { PAYMENT_ANSWER_WITHIN_MS, PAYMENT_TURN_TIMEOUT_MS } from '#db/time-limits.ts';
import { inPipelinedTransaction } from '#db/transaction.ts';
import { Admission, overloaded } from '#lib/concurrency/admission.ts';
import { within } from '#lib/concurrency/within.ts';
import { commonError, type FlorinError, isUnavailable } from '#lib/errors.ts';
import type { AccountId } from '#lib/ids.ts';
import { NO_OBSERVER, type Observer, type WaitingPosting } from '#lib/observer.ts';
import { CalendarFollower } from './business-date.ts';
import { isTwin } from './claim-key.ts';
import { ClosingGate } from './closing-gate.ts';
import { accountsOf, splitDisjoint } from './disjoint-batch.ts';
import type { EntryDraft, PostOutcome } from './entry.ts';
import { ledgerError } from './errors.ts';
import { beginGuarded, type OpenGuard } from './guard.ts';
import type { LedgerContext } from './post.ts';

/** A larger batch saves nothing for each request, and those behind it wait longer. */
const MAX_BATCH = 2_000;
/** Two seconds' work and 20 MiB, for callers that submit many at once; single requests are refused long before. */
const MAX_WAITING = 10_000;
/**
 * With a batch under way, a second one sets out only with this many: a lane is worth its round trips when it carries a
 * load, and the rest joins the next batch.
 */
const SECOND_LANE_MIN_BATCH = 16;

/** An entry to post and the row that a feature stores beside it. */
export type PostingRequest<Row> = { readonly draft: EntryDraft; readonly row: Row };

/** Stores the rows of accepted requests, in the same transaction. */
export type StoreRows<Row> = (session: SqlSession, accepted: readonly Row[]) => Promise<void>;

export type Settled = Exclude<PostOutcome, { status: 'refused' | 'barred' }>;

/** The context of the queue: the book and clock, the pool for its reads, and its own connections. */
export type PostingContext = LedgerContext & { readonly db: Db; readonly postingPool: PostingPool };

/** How many requests wait for their batch, and how many batches are under way. */
export type PostingLoad = { readonly waiting: number; readonly batches: number };

type Waiting<Row> = WaitingPosting & {
  readonly request: PostingRequest<Row>;
  readonly resolve: (outcome: Settled) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Group commit: requests that arrive while a batch is being committed are posted together in the next one. So a hot
 * account costs one row update a batch, and a commit is shared. No request waits for others: one that finds the queue
 * idle is posted at once. Each is answered only after its own batch is durable.
 *
 * No request waits for long either. One that could not be answered in well under a second should not be admitted: see
 * `isOverloaded`. One that was admitted before the database stalled is refused after PAYMENT_TURN_TIMEOUT_MS. A batch under way
 * is given up in time for its oldest request.
 */
export class PostingQueue<Row> {
  readonly #context: PostingContext;
  readonly #storeRows: StoreRows<Row>;
  readonly #openGuard: OpenGuard<Row> | undefined;
  readonly #calendar: CalendarFollower;
  readonly #gate: ClosingGate;
  readonly #keysInFlight = new Set<string>();
  readonly #admission: Admission;
  /** Under way, in the order in which they set out. */
  readonly #batches = new Set<readonly Waiting<Row>[]>();
  readonly #observer: Observer;
  #waiting: Waiting<Row>[] = [];
  #dispatching = false;
  #turnTimer: NodeJS.Timeout | undefined;
  #idle = Promise.withResolvers<void>();

  constructor(
    context: PostingContext,
    storeRows: StoreRows<Row>,
    openGuard?: OpenGuard<Row>,
    observer: Observer = NO_OBSERVER,
  ) {
    this.#observer = observer;
    this.#admission = new Admission(context.clock);
    this.#gate = new ClosingGate(context.bookId);
    this.#context = { ...context, onClosing: () => this.#gate.close() };
    this.#storeRows = storeRows;
    this.#openGuard = openGuard;
    this.#calendar = new CalendarFollower(context);
  }

  /**
   * Whether a request that arrives now would wait too long for its answer. Checked on arrival, before its body is read:
   * `submit` itself takes all requests of this process, up to MAX_WAITING.
   */
  get isOverloaded(): boolean {
    return this.#admission.isClosed;
  }

  get load(): PostingLoad {
    return { waiting: this.#waiting.length, batches: this.#batches.size };
  }

  /**
   * Posts one entry with its row. Throws the kernel's refusals (404, 409, 422) and 409 `idempotency_in_progress` while
   * the same key is under way here. Throws 503 `overloaded` when too many wait or its turn does not come, and 503
   * `outcome_unknown` or `database_unavailable` from the database.
   */
  async submit(request: PostingRequest<Row>): Promise<Settled> {
    const key = inFlightKey(request.draft);
    if (key !== undefined && this.#keysInFlight.has(key)) {
      throw ledgerError('idempotency_in_progress');
    }
    if (this.#waiting.length >= MAX_WAITING) throw overloaded();
    if (key !== undefined) this.#keysInFlight.add(key);
    try {
      return await this.#enqueue(request);
    } finally {
      if (key !== undefined) this.#keysInFlight.delete(key);
    }
  }

  /** Resolves when nothing is waiting or under way. */
  async drain(): Promise<void> {
    while (this.#waiting.length > 0 || this.#batches.size > 0) await this.#idle.promise;
  }

  #enqueue(request: PostingRequest<Row>): Promise<Settled> {
    const { promise, resolve, reject } = Promise.withResolvers<Settled>();
    this.#admission.enter();
    const span = this.#observer.tracer?.current();
    this.#waiting.push({ request, sinceMs: this.#context.clock.monotonicMs(), span, resolve, reject });
    if (!this.#dispatching) {
      this.#dispatching = true;
      // One turn of the event loop, so that requests read from other sockets in this turn share the batch.
      setImmediate(() => this.#dispatch());
    }
    return promise;
  }

  #dispatch(): void {
    this.#dispatching = false;
    while (this.#batches.size < POSTING_LANES) {
      const least = this.#batches.size === 0 ? 1 : SECOND_LANE_MIN_BATCH;
      if (this.#waiting.length < least) break;
      const { taken: batch, left } = splitDisjoint(this.#waiting, this.#heldAccounts(), MAX_BATCH);
      if (batch.length < least) break;
      this.#waiting = left;
      this.#batches.add(batch);
      // It answers its requests itself and never rejects.
      void this.#observer.postings.batch(batch, () => this.#settle(batch)).then(() => this.#leaveLane(batch));
    }
    this.#watchTurns();
  }

  /** The accounts of the batches under way: a request that touches one waits in the queue, not for a lock. */
  #heldAccounts(): Set<AccountId> {
    const held = new Set<AccountId>();
    for (const batch of this.#batches) {
      for (const { request } of batch) for (const id of accountsOf(request.draft)) held.add(id);
    }
    return held;
  }

  #leaveLane(batch: readonly Waiting<Row>[]): void {
    this.#admission.leave(batch.length);
    this.#batches.delete(batch);
    this.#dispatch();
    if (this.#batches.size > 0) return;
    this.#idle.resolve();
    this.#idle = Promise.withResolvers<void>();
  }

  /** Ensures that no request waits for a lane for longer than PAYMENT_TURN_TIMEOUT_MS. */
  #watchTurns(): void {
    const [first] = this.#waiting;
    if (first === undefined || this.#turnTimer !== undefined) return;
    const leftMs = first.sinceMs + PAYMENT_TURN_TIMEOUT_MS - this.#context.clock.monotonicMs();
    this.#turnTimer = setTimeout(() => this.#refuseLate(), leftMs).unref();
  }

  #refuseLate(): void {
    this.#turnTimer = undefined;
    const lateMs = this.#context.clock.monotonicMs() - PAYMENT_TURN_TIMEOUT_MS;
    const inTime = this.#waiting.findIndex(({ sinceMs }) => sinceMs > lateMs);
    const late = inTime === -1 ? this.#waiting : this.#waiting.slice(0, inTime);
    this.#waiting = this.#waiting.slice(late.length);
    for (const { reject } of late) reject(overloaded());
    this.#admission.leave(late.length);
    this.#watchTurns();
  }

  /**
   * Posts a batch; if it fails as a whole, posts its halves, so that one bad request fails alone. When the database is
   * gone, the error of requests that it has not seen says so.
   */
  async #settle(batch: readonly Waiting<Row>[]): Promise<void> {
    const untilMs = (batch[0]?.sinceMs ?? 0) + PAYMENT_ANSWER_WITHIN_MS;
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

  async #post(batch: readonly Waiting<Row>[], untilMs: number): Promise<PostOutcome[]> {
    const { db, postingPool } = this.#context;
    await within(untilMs - this.#context.clock.monotonicMs(), this.#calendar.follow(db), () => notReached());
    if (this.#gate.isClosed) {
      await within(untilMs - this.#context.clock.monotonicMs(), this.#gate.waitUntilOpen(db), () =>
        notReached(),
      );
    }
    const work = (session: SqlSession) => this.#postBatch(session, batch);
    return inPipelinedTransaction(postingPool, work, { untilMs, alsoRetry: isTwin() });
  }

  async #postBatch(session: SqlSession, batch: readonly Waiting<Row>[]): Promise<PostOutcome[]> {
    const drafts = batch.map(({ request }) => request.draft);
    const source = this.#openGuard?.(
      session,
      batch.map(({ request }) => request.row),
    );
    const { posting, guard } = await beginGuarded(session, this.#context, drafts, source);
    const outcomes = posting.judge(drafts, guard);
    const posted = batch.filter((_, index) => outcomes[index]?.status === 'posted');
    if (posted.length === 0) return outcomes;
    const rows = posted.map(({ request }) => request.row);
    await Promise.all([posting.write(), this.#storeRows(session, rows), posting.finish()]);
    return outcomes;
  }
}

/** 503 for a request that the database has not seen. */
function notReached(cause?: FlorinError): FlorinError {
  return commonError('database_unavailable', { cause });
}

function answer<Row>(waiting: Waiting<Row>, outcome: PostOutcome | undefined): void {
  if (outcome === undefined) waiting.reject(new TypeError('a batch answers every request'));
  else if (outcome.status === 'refused') waiting.reject(ledgerError(outcome.code));
  else if (outcome.status === 'barred') waiting.reject(outcome.error);
  else waiting.resolve(outcome);
}

function inFlightKey({ actor, idempotency }: EntryDraft): string | undefined {
  return idempotency === undefined ? undefined : `${actor}\n${idempotency.key}`;
}
