import { POSTING_LANES } from '#db/database.ts';
import { refuseInRehearsal } from '#db/rehearsal.ts';
import { PAYMENT_TURN_TIMEOUT_MS } from '#db/time-limits.ts';
import { Admission, overloaded } from '#lib/concurrency/admission.ts';
import { LruMap } from '#lib/concurrency/lru-map.ts';
import type { AccountId } from '#lib/ids.ts';
import { NO_OBSERVER, type Observer } from '#lib/observer.ts';
import { AccountCache } from './account-cache.ts';
import { CalendarFollower } from './business-date.ts';
import { ClosingGate } from './closing-gate.ts';
import { accountsOf, splitDisjoint } from './disjoint-batch.ts';
import type { EntryDraft } from './entry.ts';
import { ledgerError } from './errors.ts';
import { type Boarding, FlightDeck, type FlightRules } from './flight-deck.ts';
import type { OpenGuard } from './guard.ts';
import { LockedWay, type PostingContext, type StoreRows } from './locked-way.ts';
import { isDryRun } from './posting-notes.ts';
import type { PostingRequest, Settled, Waiting } from './waiting.ts';

/** A larger batch saves nothing for each request, and those behind it wait longer. */
const MAX_BATCH = 2_000;
/** Two seconds' work and 20 MiB, for callers that submit many at once; single requests are refused long before. */
const MAX_WAITING = 10_000;
/**
 * With a batch under way, a second one sets out only with this many: a lane is worth its round trips when it carries a
 * load, and the rest joins the next batch.
 */
const SECOND_LANE_MIN_BATCH = 16;

/** Some seconds' requests at full load, and 3 MB: most repetitions come as soon. */
const MAX_RECENT_KEYS = 20_000;

/** How many requests wait for their batch, and how many batches are under way. */
export type PostingLoad = { readonly waiting: number; readonly batches: number };

/** What features add to the queue. */
export type PostingParts<Row> = {
  readonly storeRows: StoreRows<Row>;
  readonly openGuard?: OpenGuard<Row>;
  /** Without them, everything goes the way with locks. */
  readonly flightRules?: FlightRules<Row>;
  readonly observer?: Observer;
};

/**
 * Group commit: requests that arrive while a batch is being committed are posted together in the next one. So a hot
 * account costs one row update a batch, and a commit is shared. No request waits for others: one that finds the queue
 * idle is posted at once. Each is answered only after its own batch is durable.
 *
 * A batch goes one of two ways: in one flight, judged on what this process remembers (FlightDeck), or with locks
 * (LockedWay), on which everything can be posted and refused.
 *
 * No request waits for long either. One that could not be answered in well under a second should not be admitted: see
 * `isOverloaded`. One that was admitted before the database stalled is refused after PAYMENT_TURN_TIMEOUT_MS. A batch under way
 * is given up in time for its oldest request.
 */
export class PostingQueue<Row> {
  readonly #context: PostingContext;
  readonly #calendar: CalendarFollower;
  readonly #gate: ClosingGate;
  readonly #lockedWay: LockedWay<Row>;
  readonly #deck: FlightDeck<Row> | undefined;
  readonly #keysInFlight = new Set<string>();
  /** Keys that came before: another request with one is probably a repetition, which would fail the flight of others. */
  readonly #recentKeys = new LruMap<true>(MAX_RECENT_KEYS);
  readonly #admission: Admission;
  /** Under way with locks, in the order in which they set out. */
  readonly #batches = new Set<readonly Waiting<Row>[]>();
  readonly #observer: Observer;
  #waiting: Waiting<Row>[] = [];
  /** Accounts of what waits that nothing is known of: they are read while other batches are under way. */
  #unknown = new Set<AccountId>();
  #dispatching = false;
  #reading = false;
  #turnTimer: NodeJS.Timeout | undefined;
  #idle = Promise.withResolvers<void>();

  constructor(context: PostingContext, parts: PostingParts<Row>) {
    const { storeRows, openGuard, flightRules: rules, observer = NO_OBSERVER } = parts;
    this.#observer = observer;
    this.#admission = new Admission(context.clock);
    const gate = new ClosingGate(context.bookId);
    const calendar = new CalendarFollower(context);
    const cache = new AccountCache();
    this.#gate = gate;
    this.#calendar = calendar;
    this.#context = { ...context, onClosing: () => gate.close() };
    this.#lockedWay = new LockedWay(this.#context, { storeRows, openGuard, calendar, gate, cache });
    this.#deck = rules && new FlightDeck(this.#context, { rules, storeRows, cache });
  }

  /**
   * Whether a request that arrives now would wait too long for its answer. Checked on arrival, before its body is read:
   * `submit` itself takes all requests of this process, up to MAX_WAITING.
   */
  get isOverloaded(): boolean {
    return this.#admission.isClosed;
  }

  get load(): PostingLoad {
    return { waiting: this.#waiting.length, batches: this.#batches.size + this.#flights };
  }

  /**
   * Posts one entry with its row. Throws the kernel's refusals (404, 409, 422) and 409 `idempotency_in_progress` while
   * the same key is under way here. Throws 503 `overloaded` when too many wait or its turn does not come, and 503
   * `outcome_unknown` or `database_unavailable` from the database.
   */
  async submit(request: PostingRequest<Row>): Promise<Settled> {
    refuseInRehearsal();
    // Nobody else may wait for it, and nothing may be remembered of it.
    if (isDryRun()) return this.#lockedWay.tryOut(request);
    const key = inFlightKey(request.draft);
    if (key !== undefined && this.#keysInFlight.has(key)) {
      throw ledgerError('idempotency_in_progress');
    }
    if (this.#waiting.length >= MAX_WAITING) throw overloaded();
    if (key === undefined) return this.#enqueue(request, false);
    const isRepeated = this.#recentKeys.peek(key) === true;
    this.#recentKeys.set(key, true);
    this.#keysInFlight.add(key);
    try {
      return await this.#enqueue(request, isRepeated);
    } finally {
      this.#keysInFlight.delete(key);
    }
  }

  /** Resolves when nothing is waiting or under way. */
  async drain(): Promise<void> {
    while (!this.#isIdle) await this.#idle.promise;
  }

  get #flights(): number {
    return this.#deck?.count ?? 0;
  }

  get #isIdle(): boolean {
    return this.#waiting.length + this.#batches.size + this.#flights === 0 && !this.#reading;
  }

  #enqueue(request: PostingRequest<Row>, isRepeated: boolean): Promise<Settled> {
    const { promise, resolve, reject } = Promise.withResolvers<Settled>();
    this.#admission.enter();
    const span = this.#observer.tracer?.current();
    const needsLocks = isRepeated || this.#deck?.isPlain(request) !== true;
    const sinceMs = this.#context.clock.monotonicMs();
    const waiting = { request, needsLocks, sinceMs, span, resolve, reject };
    this.#waiting.push(waiting);
    this.#deck?.addUnknown(waiting, this.#unknown);
    if (!this.#dispatching) {
      this.#dispatching = true;
      // One turn of the event loop, so that requests read from other sockets in this turn share the batch.
      setImmediate(() => this.#dispatch());
    }
    return promise;
  }

  #dispatch(): void {
    this.#dispatching = false;
    const mayFly = this.#deck?.isReady === true && this.#calendar.isCurrent && !this.#gate.isClosed;
    if (mayFly && this.#deck !== undefined) {
      this.#sendFlight(this.#deck);
      if (this.#unknown.size > 0 && !this.#reading) void this.#readAhead(this.#deck);
    } else {
      this.#unknown.clear();
    }
    this.#sendLocked(mayFly);
    this.#watchTurns();
  }

  #sendFlight(deck: FlightDeck<Row>): void {
    const least = deck.leastForNext;
    if (!deck.isOpen || this.#waiting.length < least) return;
    const boarding = deck.board(this.#waiting, new Set(this.#lockedAccounts()), MAX_BATCH);
    if (boarding === undefined) return;
    this.#waiting = boarding.left;
    if (boarding.taken.length > 0) {
      void this.#observer.postings
        .batch(boarding.taken, () => this.#fly(deck, boarding))
        .then(() => this.#next());
    }
    for (const id of boarding.unknown) this.#unknown.add(id);
  }

  async #fly(deck: FlightDeck<Row>, boarding: Boarding<Row>): Promise<void> {
    this.#admission.leave(await deck.fly(boarding));
    this.#waiting = [...deck.takeReturned(), ...this.#waiting];
  }

  async #readAhead(deck: FlightDeck<Row>): Promise<void> {
    const unknown = this.#unknown;
    this.#unknown = new Set();
    this.#reading = true;
    await deck.readAhead(unknown, () => this.#waiting);
    this.#reading = false;
    this.#next();
  }

  /** Sends what needs locks, or all that waits while nothing may fly. */
  #sendLocked(mayFly: boolean): void {
    const isWanted = mayFly ? (item: Waiting<Row>) => item.needsLocks : undefined;
    while (this.#batches.size < POSTING_LANES) {
      const least = this.#batches.size === 0 ? 1 : SECOND_LANE_MIN_BATCH;
      if (this.#waiting.length < least || (isWanted && !this.#waiting.some(isWanted))) break;
      const { taken: batch, left } = splitDisjoint(this.#waiting, this.#heldAccounts(), MAX_BATCH, isWanted);
      if (batch.length < least) break;
      this.#waiting = left;
      this.#batches.add(batch);
      this.#deck?.noteDetour();
      // It answers its requests itself and never rejects.
      void this.#observer.postings
        .batch(batch, () => this.#lockedWay.settle(batch))
        .then(() => this.#leaveLane(batch));
    }
  }

  /** The accounts of all that is under way: a request with locks that touches one waits here, not for a lock. */
  #heldAccounts(): Set<AccountId> {
    return new Set([...this.#lockedAccounts(), ...(this.#deck?.accountIds() ?? [])]);
  }

  *#lockedAccounts(): Iterable<AccountId> {
    for (const batch of this.#batches) for (const { request } of batch) yield* accountsOf(request.draft);
  }

  #leaveLane(batch: readonly Waiting<Row>[]): void {
    this.#admission.leave(batch.length);
    this.#batches.delete(batch);
    this.#next();
  }

  #next(): void {
    this.#dispatch();
    if (!this.#isIdle) return;
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
}

function inFlightKey({ actor, idempotency }: EntryDraft): string | undefined {
  return idempotency === undefined ? undefined : `${actor}\n${idempotency.key}`;
}
