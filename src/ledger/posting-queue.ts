import type { Db, Tx } from '#db/database.ts';
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

/** An entry to post and the row that a feature stores beside it. */
export type PostingRequest<Row> = { readonly draft: EntryDraft; readonly row: Row };

/** An accepted request: its row is to be stored, in the same transaction. */
export type StoreRows<Row> = (tx: Tx, accepted: readonly Row[]) => Promise<void>;

export type Settled = Exclude<PostOutcome, { status: 'refused' }>;

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
  readonly #db: Db;
  readonly #context: LedgerContext;
  readonly #storeRows: StoreRows<Row>;
  readonly #calendar: CalendarFollower;
  #waiting: Waiting<Row>[] = [];
  readonly #keysInFlight = new Set<string>();
  #running: Promise<void> | undefined;

  constructor(db: Db, context: LedgerContext, storeRows: StoreRows<Row>) {
    this.#db = db;
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
    while (this.#running !== undefined) await this.#running;
  }

  #enqueue(request: PostingRequest<Row>): Promise<Settled> {
    const { promise, resolve, reject } = Promise.withResolvers<Settled>();
    this.#waiting.push({ request, resolve, reject });
    this.#running ??= this.#run();
    return promise;
  }

  async #run(): Promise<void> {
    // One turn of the event loop, so that requests read from other sockets in this turn share the batch.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, MAX_BATCH);
      this.#waiting = this.#waiting.slice(MAX_BATCH);
      await this.#settle(batch);
    }
    this.#running = undefined;
  }

  /** Posts a batch; if it fails as a whole, posts its halves, so that one bad request fails alone. */
  async #settle(batch: readonly Waiting<Row>[]): Promise<void> {
    try {
      await this.#calendar.follow(this.#db);
      const outcomes = await inLedgerTransaction(this.#db, (tx) => this.#postBatch(tx, batch));
      batch.forEach((waiting, index) => {
        const outcome = outcomes[index];
        if (outcome === undefined) waiting.reject(new TypeError('a batch answers every request'));
        else if (outcome.status === 'refused') waiting.reject(refusalError(outcome.code));
        else waiting.resolve(outcome);
      });
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

  async #postBatch(tx: Tx, batch: readonly Waiting<Row>[]): Promise<PostOutcome[]> {
    const requests = batch.map(({ request }) => request);
    const outcomes = await post(
      tx,
      this.#context,
      requests.map(({ draft }) => draft),
    );
    const rows = requests.filter((_, index) => outcomes[index]?.status === 'posted').map(({ row }) => row);
    if (rows.length > 0) await this.#storeRows(tx, rows);
    return outcomes;
  }
}

function inFlightKey({ actor, idempotency }: EntryDraft): string | undefined {
  return idempotency === undefined ? undefined : `${actor}\n${idempotency.key}`;
}
