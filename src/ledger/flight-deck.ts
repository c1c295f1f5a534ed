import type { PostingPool } from '#db/database.ts';
import { Flight, type Landing } from '#db/flight.ts';
import { FlightLine } from '#db/flight-line.ts';
import { asUnavailable } from '#db/postgres-error.ts';
import type { SqlSession } from '#db/session.ts';
import { PAYMENT_ANSWER_WITHIN_MS } from '#db/time-limits.ts';
import { isUnavailable } from '#lib/errors.ts';
import type { AccountId } from '#lib/ids.ts';
import type { AccountCache } from './account-cache.ts';
import { accountsOf } from './disjoint-batch.ts';
import type { EntryDraft, PostedEntry } from './entry.ts';
import type { FlightCharges, OpenFlightCharges } from './flight-charges.ts';
import { type FlightContext, FlightPlan, isPlain, type Verdict } from './flight-plan.ts';
import type { StoreRows } from './locked-way.ts';
import { readAhead } from './read-ahead.ts';
import { answer, type PostingRequest, type Waiting } from './waiting.ts';

/** What features say of requests that may fly. */
export type FlightRules<Row> = {
  /** Whether nothing of it needs to be read before it is judged, but what `confirm` confirms. */
  readonly isPlain: (request: PostingRequest<Row>) => boolean;
  /** Puts statements in that fail (`failUnless`) where a row would be refused, or stored otherwise, on the way with locks. */
  readonly confirm: (flight: SqlSession, rows: readonly Row[]) => void;
  /** What requests cost. Without it nothing flies in a book with fees. */
  readonly charges?: FlightCharges<Row>;
};

type Parts<Row> = {
  readonly rules: FlightRules<Row>;
  readonly storeRows: StoreRows<Row>;
  readonly cache: AccountCache;
};

/** The requests that a flight takes, those that go on waiting, and accounts that are to be read first. */
export type Boarding<Row> = {
  readonly plan: FlightPlan;
  /** In a book with fees. */
  readonly charges: OpenFlightCharges<Row> | undefined;
  readonly taken: readonly Waiting<Row>[];
  readonly left: Waiting<Row>[];
  readonly unknown: ReadonlySet<AccountId>;
};

/** One is written while the next is judged and sent behind it; a third would only make them smaller. */
const MOST_IN_THE_AIR = 2;
/** Fewer join the next one: a flight is worth its commit when it carries a load. */
const MIN_BEHIND = 16;
/** As many fill two flights, each of them worth its commit. */
const WORTH_TWO = 2 * MIN_BEHIND;

/**
 * One flight a batch: requests whose accounts are remembered are judged on that, and sent in one flight with its commit.
 * What is not accepted so is not refused: it goes the way with locks.
 *
 * A flight may be sent behind one that is not answered yet, judged on what that will leave. When one fails, those behind
 * it that were judged on it fail with it, and none is sent until all are heard of. Then all their requests go the way
 * with locks, in their order and before whatever came after them.
 */
export class FlightDeck<Row> {
  readonly #context: FlightContext & { readonly postingPool: PostingPool };
  readonly #parts: Parts<Row>;
  readonly #line: FlightLine;
  /** In the order in which they were sent: in the air, or failed and not taken back yet. */
  #boardings: Boarding<Row>[] = [];
  #inTheAir = 0;
  #hasFailed = false;

  constructor(context: FlightContext & { readonly postingPool: PostingPool }, parts: Parts<Row>) {
    this.#context = context;
    this.#parts = parts;
    this.#line = new FlightLine(context.postingPool);
  }

  /** How many flights are not settled yet. */
  get count(): number {
    return this.#boardings.length;
  }

  /**
   * How many requests it takes for another flight: one, or behind one in the air as many as that has. So those of a
   * number of clients who wait for answers come to halves, and not to a small part that sets out early and a large one.
   */
  get leastForNext(): number {
    const last = this.#boardings.at(-1);
    return last === undefined ? 1 : Math.max(MIN_BEHIND, last.taken.length);
  }

  /**
   * How many of those that wait are taken: behind a flight, no more than make the two equal. A small one before a large
   * one would come again and again: its clients are back while the large one is in the air, too few for another flight.
   */
  #mostOf(waiting: number): number {
    const last = this.#boardings.at(-1);
    if (last === undefined) return waiting;
    return Math.max(WORTH_TWO, Math.ceil((last.taken.length + waiting) / 2));
  }

  /** Whether another flight may be sent. */
  get isOpen(): boolean {
    return this.#boardings.length < MOST_IN_THE_AIR && !this.#hasFailed;
  }

  /** Another batch went the way with locks. */
  noteDetour(): void {
    this.#line.noteDetour();
  }

  /** Whether anything is known of the book, and it has no limits: they are judged by what was paid before. */
  get isReady(): boolean {
    const { book } = this.#parts.cache;
    if (book?.isLimited !== false || this.#line.isOff) return false;
    return !book.isCharged || this.#parts.rules.charges !== undefined;
  }

  /** What is remembered of charges, if the book has any. */
  get #charges(): FlightCharges<Row> | undefined {
    const { cache, rules } = this.#parts;
    return cache.book?.isCharged === true ? rules.charges : undefined;
  }

  /** Whether a request may fly at all. */
  isPlain(request: PostingRequest<Row>): boolean {
    return isPlain(request.draft) && this.#parts.rules.isPlain(request);
  }

  /** Adds the accounts of a request that are not remembered, if it may fly when they are. */
  addUnknown({ request, needsLocks }: Waiting<Row>, unknown: Set<AccountId>): void {
    const { cache } = this.#parts;
    if (needsLocks || cache.book === undefined || !this.isReady) return;
    const verdict = this.#charges?.judge(request, cache.book.businessDate);
    if (verdict === 'needs locks') return;
    for (const id of accountsOf(request.draft)) {
      if (verdict === 'unknown account' || !cache.has(id)) unknown.add(id);
    }
  }

  /** Accounts of the flights that are not settled yet. */
  *accountIds(): Iterable<AccountId> {
    for (const { plan } of this.#boardings) yield* plan.accountIds;
  }

  /**
   * Takes up to `most` requests, in their order. One that is left blocks its accounts for those behind it, as `blocked`
   * are: requests of one account never overtake each other.
   */
  board(waiting: readonly Waiting<Row>[], blocked: Set<AccountId>, most: number): Boarding<Row> | undefined {
    const { cache } = this.#parts;
    if (cache.book === undefined) return undefined;
    const plan = new FlightPlan(cache, cache.book);
    const charges = this.#charges?.open(cache.book.businessDate);
    const limit = Math.min(most, this.#mostOf(waiting.length));
    const taken: Waiting<Row>[] = [];
    const left: Waiting<Row>[] = [];
    const unknown = new Set<AccountId>();
    for (const item of waiting) {
      const { draft } = item.request;
      if (taken.length < limit && !item.needsLocks && !isAnyIn(blocked, draft)) {
        const verdict = firstOf(charges?.judge(item.request), () => judge(plan, draft));
        if (verdict === 'taken') {
          taken.push(item);
          continue;
        }
        if (verdict === 'needs locks') item.needsLocks = true;
        else this.addUnknown(item, unknown);
      }
      left.push(item);
      for (const id of accountsOf(draft)) blocked.add(id);
    }
    return { plan, charges, taken, left, unknown };
  }

  /** Reads accounts; requests among `waiting` whose accounts are still not known go the way with locks. */
  async readAhead(unknown: ReadonlySet<AccountId>, waiting: () => readonly Waiting<Row>[]): Promise<void> {
    const { cache } = this.#parts;
    const charges = this.#charges;
    const date = cache.book?.businessDate;
    await readAhead(this.#context, cache, unknown, async (session) => {
      if (date !== undefined) await charges?.read(session, unknown, date);
    });
    for (const item of waiting()) {
      const ids = [...accountsOf(item.request.draft)].filter((id) => unknown.has(id));
      if (ids.length === 0) continue;
      const verdict = date && charges?.judge(item.request, date);
      if (verdict === 'unknown account' || ids.some((id) => !cache.has(id))) item.needsLocks = true;
    }
  }

  /** Sends what boarded and answers it; never rejects. Returns how many were answered: of a flight that failed, none. */
  async fly(boarding: Boarding<Row>): Promise<number> {
    const { rules, storeRows, cache } = this.#parts;
    const { plan, charges, taken } = boarding;
    const rows = taken.map(({ request }) => request.row);
    const flight = new Flight();
    let stored: Promise<void> | undefined;
    let entries: readonly PostedEntry[] = [];
    this.#boardings.push(boarding);
    this.#inTheAir += 1;
    const untilMs = (taken[0]?.sinceMs ?? 0) + PAYMENT_ANSWER_WITHIN_MS;
    let landing: Landing;
    try {
      entries = plan.board(flight, this.#context, () => {
        rules.confirm(flight, rows);
        charges?.confirm(flight);
        stored = storeRows(flight, rows);
        stored.catch(() => undefined);
      });
      landing = await this.#line.send(flight, untilMs);
    } catch (error) {
      // Nothing was sent. With locks, halves of halves show which request it was.
      landing = { status: 'failed', error, isStale: false };
    }
    this.#inTheAir -= 1;
    if (landing.status === 'landed') {
      this.#settle(boarding);
      await answerAll(taken, entries, stored);
      return taken.length;
    }
    this.#hasFailed = true;
    cache.forget(plan.accountIds);
    charges?.forget();
    cache.book = undefined;
    const { error } = landing;
    const refusal = landing.status === 'unknown' || isUnavailable(error) ? error : asUnavailable(error);
    if (refusal === undefined) {
      for (const item of taken) item.needsLocks = true;
      return 0;
    }
    this.#settle(boarding);
    for (const { reject } of taken) reject(refusal);
    return taken.length;
  }

  /** What was in flights that failed, in its order, once nothing is in the air that might have to go before it. */
  takeReturned(): Waiting<Row>[] {
    if (this.#inTheAir > 0) return [];
    const failed = this.#boardings;
    this.#boardings = [];
    this.#hasFailed = false;
    return failed.flatMap(({ taken }) => taken);
  }

  /** Before its requests are answered: what is left here is sent again. */
  #settle(boarding: Boarding<Row>): void {
    this.#boardings.splice(this.#boardings.indexOf(boarding), 1);
  }
}

async function answerAll<Row>(
  taken: readonly Waiting<Row>[],
  entries: readonly PostedEntry[],
  stored: Promise<void> | undefined,
): Promise<void> {
  try {
    await stored;
    for (const [index, waiting] of taken.entries()) {
      const entry = entries[index];
      answer(waiting, entry && { status: 'posted', entry });
    }
  } catch (error) {
    for (const { reject } of taken) reject(error);
  }
}

/** Where a draft cannot be judged at all, the way with locks says so to the one who sent it. */
function judge(plan: FlightPlan, draft: EntryDraft): Verdict {
  try {
    return plan.add(draft);
  } catch {
    return 'needs locks';
  }
}

/** The first verdict, unless that takes it: then the second. */
function firstOf(verdict: Verdict = 'taken', next: () => Verdict): Verdict {
  return verdict === 'taken' ? next() : verdict;
}

function isAnyIn(blocked: ReadonlySet<AccountId>, draft: EntryDraft): boolean {
  if (blocked.size === 0) return false;
  for (const id of accountsOf(draft)) if (blocked.has(id)) return true;
  return false;
}
