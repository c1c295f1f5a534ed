import type { Db, PostingPool } from '#db/database.ts';
import { POSTING_LANES } from '#db/database.ts';
import type { SqlSession } from '#db/session.ts';
import { InProgressError, UnavailableError } from '#lib/errors.ts';
import { CalendarFollower } from './business-date.ts';
import type { EntryDraft, PostOutcome } from './entry.ts';
import { refusalError } from './ledger-error.ts';
import type { LedgerContext } from './post.ts';
import { post } from './post.ts';
import { inLedgerTransaction } from './transaction.ts';

/** Beyond this a batch gains nothing a request, and those behind it wait longer. */
const MAX_BATCH = 2_000;
/** About a second's work: who comes later is told to try again rather than left waiting. */
const MAX_WAITING = 10_000;
/**
 * With a batch under way, a second one sets out only with this many: a lane is worth its round trips when it
 * carries a load, and what it does not take joins the next batch.
 */
const SECOND_LANE_MIN_BATCH = 16;

/** An entry to post and the row that a feature stores beside it. */
export type PostingRequest<Row> = { readonly draft: EntryDraft; readonly row: Row };

/** Stores the rows of accepted requests, in the same transaction. */
export type StoreRows<Row> = (session: SqlSession, accepted: readonly Row[]) => Promise<void>;

export type Settled = Exclude<PostOutcome, { status: 'refused' }>;

/** What the queue works with: the book and clock, the pool for what it reads, and its own connections. */
export type PostingContext = LedgerContext & { readonly db: Db; readonly postingPool: PostingPool };

type Waiting<Row> = {
  readonly request: PostingRequest<Row>;
  readonly resolve: (outcome: Settled) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Group commit: requests that arrive while a batch is being committed are posted together in the next one, so
 * a hot account costs one row update a batch and a commit is shared. Nobody waits for company: a request that
 * finds the queue idle is posted at once. Each is answered only after its own batch is durable.
 */
export class PostingQueue<Row> {
  readonly #context: PostingContext;
  readonly #storeRows: StoreRows<Row>;
  readonly #calendar: CalendarFollower;
  readonly #keysInFlight = new Set<string>();
  #waiting: Waiting<Row>[] = [];
  #lanesBusy = 0;
  #dispatching = false;
  #idle = Promise.withResolvers<void>();

  constructor(context: PostingContext, storeRows: StoreRows<Row>) {
    this.#context = context;
    this.#storeRows = storeRows;
    this.#calendar = new CalendarFollower(context);
  }

  /**
   * Posts one entry with its row. Throws the kernel's refusals (404, 409, 422), 409 `idempotency_in_progress`
   * while the same key is under way here, 503 `overloaded` when too many wait, and 503 `outcome_unknown` or
   * `database_unavailable` from the database.
   */
  async submit(request: PostingRequest<Row>): Promise<Settled> {
    const key = inFlightKey(request.draft);
    if (key !== undefined && this.#keysInFlight.has(key)) {
      throw new InProgressError(
        'idempotency_in_progress',
        'The first request with this key is still running.',
      );
    }
    if (this.#waiting.length >= MAX_WAITING) {
      throw new UnavailableError('overloaded', 'Too many requests are waiting; try again shortly.');
    }
    if (key !== undefined) this.#keysInFlight.add(key);
    try {
      return await this.#enqueue(request);
    } finally {
      if (key !== undefined) this.#keysInFlight.delete(key);
    }
  }

  /** Resolves when nothing is waiting or under way. */
  async drain(): Promise<void> {
    while (this.#waiting.length > 0 || this.#lanesBusy > 0) await this.#idle.promise;
  }

  #enqueue(request: PostingRequest<Row>): Promise<Settled> {
    const { promise, resolve, reject } = Promise.withResolvers<Settled>();
    this.#waiting.push({ request, resolve, reject });
    if (!this.#dispatching) {
      this.#dispatching = true;
      // One turn of the event loop, so that requests read from other sockets in this turn share the batch.
      setImmediate(() => this.#dispatch());
    }
    return promise;
  }

  #dispatch(): void {
    this.#dispatching = false;
    while (this.#lanesBusy < POSTING_LANES) {
      const least = this.#lanesBusy === 0 ? 1 : SECOND_LANE_MIN_BATCH;
      if (this.#waiting.length < least) return;
      const batch = this.#waiting.slice(0, MAX_BATCH);
      this.#waiting = this.#waiting.slice(MAX_BATCH);
      this.#lanesBusy += 1;
      // It answers its requests itself and never rejects.
      void this.#settle(batch).then(() => this.#leaveLane());
    }
  }

  #leaveLane(): void {
    this.#lanesBusy -= 1;
    this.#dispatch();
    if (this.#lanesBusy > 0) return;
    this.#idle.resolve();
    this.#idle = Promise.withResolvers<void>();
  }

  /** Posts a batch; if it fails as a whole, posts its halves, so that one bad request fails alone. */
  async #settle(batch: readonly Waiting<Row>[]): Promise<void> {
    try {
      await this.#calendar.follow(this.#context.db);
      const outcomes = await inLedgerTransaction(this.#context.postingPool, (session) =>
        this.#postBatch(session, batch),
      );
      for (const [index, waiting] of batch.entries()) answer(waiting, outcomes[index]);
    } catch (error) {
      if (batch.length === 1 || error instanceof UnavailableError) {
        for (const waiting of batch) waiting.reject(error);
        return;
      }
      const half = Math.ceil(batch.length / 2);
      await this.#settle(batch.slice(0, half));
      await this.#settle(batch.slice(half));
    }
  }

  #postBatch(session: SqlSession, batch: readonly Waiting<Row>[]): Promise<PostOutcome[]> {
    const drafts = batch.map(({ request }) => request.draft);
    return post(session, this.#context, drafts, async (outcomes) => {
      const posted = batch.filter((_, index) => outcomes[index]?.status === 'posted');
      if (posted.length > 0)
        await this.#storeRows(
          session,
          posted.map(({ request }) => request.row),
        );
    });
  }
}

function answer<Row>(waiting: Waiting<Row>, outcome: PostOutcome | undefined): void {
  if (outcome === undefined) waiting.reject(new TypeError('a batch answers every request'));
  else if (outcome.status === 'refused') waiting.reject(refusalError(outcome.code));
  else waiting.resolve(outcome);
}

function inFlightKey({ actor, idempotency }: EntryDraft): string | undefined {
  return idempotency === undefined ? undefined : `${actor}\n${idempotency.key}`;
}
