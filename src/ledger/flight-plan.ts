import { bigints, foundRows, recordSet, texts, uuids } from '#db/bulk-rows.ts';
import { type Flight, failUnless } from '#db/flight.ts';
import { run, type SqlSession } from '#db/session.ts';
import { sendUnsealedRows } from '#db/unsealed-rows.ts';
import type { AccountId } from '#lib/ids.ts';
import { type Clock, toIsoInstant } from '#lib/time/clock.ts';
import type { AccountCache, SeenBook } from './account-cache.ts';
import { MAX_AHEAD_MS } from './believable-clock.ts';
import { accountsOf } from './disjoint-batch.ts';
import type { EntryDraft, PostedEntry, Posting } from './entry.ts';
import { evaluateEntry } from './evaluate.ts';
import type { ReadAccount } from './lock-accounts.ts';
import { postedEntry } from './post.ts';
import { writeEntries } from './write-entries.ts';

/** What a draft comes to here: a place in the flight, a place on the way with locks, or an account to be read first. */
export type Verdict = 'taken' | 'needs locks' | 'unknown account';

type Keyed = { readonly actor: string; readonly key: string };
type Move = { readonly before: ReadAccount; readonly after: ReadAccount };

/** Holds the date that was judged on, and tells whether somebody waits to close it. */
const HOLD_BOOK = `
  select ${failUnless('count(*) = 1')},
    exists (select from closing_requests where book_id = $1 and expires_at > now())
  from (
    select from books where book_id = $1 and business_date = $2::date
      and ($3::timestamptz is null or now() >= $3::timestamptz)
    for share
  ) as held`;

const MOVES = recordSet<Move>(
  {
    ledger_account_id: uuids(({ before }) => before.id),
    old_seq: bigints(({ before }) => before.seq),
    old_balance: bigints(({ before }) => before.balanceMinor),
    old_held: bigints(({ before }) => before.heldMinor),
    old_floor: bigints(({ before }) => before.floorMinor),
    new_seq: bigints(({ after }) => after.seq),
    new_balance: bigints(({ after }) => after.balanceMinor),
  },
  4,
);

/**
 * Locks the accounts in ascending id and moves them from what was judged on. Who waited for a lock looks at the row as
 * it then is: so all conditions are on the row itself, and not only on its look-up.
 */
const MOVE_ACCOUNTS = `
  with moved as (
    update ledger_accounts as t
    set seq = r.new_seq, balance_minor = r.new_balance, last_business_date = $2::date, last_posted_at = $3::timestamptz
    from ${foundRows(MOVES, 'ledger_accounts', ['t.ledger_account_id = r.ledger_account_id'])}
    where t.ctid = r.row_at and t.seq = r.old_seq and t.balance_minor = r.old_balance and t.held_minor = r.old_held
      and t.floor_minor = r.old_floor and t.status = 'active' and not t.is_estate and t.unarranged_minor = 0
      and t.minimum_minor = 0
    returning 1
  )
  select ${failUnless('count(*) = cardinality($4::uuid[])')} from moved`;

const KEYS = recordSet<Keyed>({
  actor: texts(({ actor }) => actor),
  idempotency_key: texts(({ key }) => key),
});

/**
 * What the way with locks would find under the locks: limits, fees that nobody judged, and keys of requests that left
 * no entry.
 */
const confirmOf = (more = ''): string => `
  select ${failUnless(`not exists (select from limited_books where book_id = $1)${more} and not exists (
    select from ${KEYS.from}
    cross join lateral (
      select from idempotency_keys
      where book_id = $1 and actor = r.actor and idempotency_key = r.idempotency_key limit 1
    ) as used)`)}`;
const CONFIRM = confirmOf(`
    and not exists (select from charged_books where book_id = $1)`);
/** Of a book with fees, whose flights confirm what their payments cost (flight-charges.ts). */
const CONFIRM_WITH_FEES = confirmOf();

type Accepted = { readonly draft: EntryDraft; readonly postings: readonly Posting[] };

/**
 * A batch that is judged on what this process remembers, and written with one flight of statements: begin to commit
 * without an answer between. Each draft is judged on what those before it leave. What it was judged on is confirmed by
 * the database as it is written, or all of it fails.
 */
export class FlightPlan {
  readonly #cache: AccountCache;
  readonly #book: SeenBook;
  readonly #before = new Map<AccountId, ReadAccount>();
  readonly #after = new Map<AccountId, ReadAccount>();
  readonly #accepted: Accepted[] = [];

  constructor(cache: AccountCache, book: SeenBook) {
    this.#cache = cache;
    this.#book = book;
  }

  /** The accounts that it touches. */
  get accountIds(): Iterable<AccountId> {
    return this.#before.keys();
  }

  /** Judges a draft, and takes it in if it may be. Never refuses it. */
  add(draft: EntryDraft): Verdict {
    if (!isPlain(draft)) return 'needs locks';
    for (const id of accountsOf(draft)) {
      if (this.#before.has(id)) continue;
      const account = this.#cache.get(id);
      if (account === undefined) return 'unknown account';
      const { status, unarrangedMinor, minimumMinor } = account;
      if (status !== 'active' || unarrangedMinor !== 0n || minimumMinor !== 0n) return 'needs locks';
      this.#after.set(id, account);
    }
    const evaluation = evaluateEntry(this.#after, draft, this.#book.businessDate);
    if (!evaluation.accepted) return 'needs locks';
    for (const { unarrangedMinor } of evaluation.changed.values()) {
      if (unarrangedMinor !== 0n) return 'needs locks';
    }
    for (const [id, state] of evaluation.changed) {
      const before = this.#after.get(id);
      if (before === undefined) continue;
      if (!this.#before.has(id)) this.#before.set(id, before);
      this.#after.set(id, { ...state, lastPostedAtMs: before.lastPostedAtMs });
    }
    this.#accepted.push({ draft, postings: evaluation.postings });
    return 'taken';
  }

  /**
   * Puts all statements in a flight: the ledger's here, and what `storeRows` adds. The cache then has the accounts as
   * the flight will leave them. Returns the entries, in the order of the drafts.
   */
  board(
    flight: Flight,
    { bookId, clock, onClosing }: FlightContext,
    storeRows: (flight: SqlSession) => unknown,
  ): PostedEntry[] {
    const ids = [...this.#before.keys()].toSorted();
    const moves = ids.flatMap((id): Move[] => {
      const [before, after] = [this.#before.get(id), this.#after.get(id)];
      return before === undefined || after === undefined ? [] : [{ before, after }];
    });
    const nowMs = clock.nowMs();
    // Instants never go back along an account, even when another server's clock is ahead of this one.
    const postedAtMs = moves.reduce((latest, { before }) => Math.max(latest, before.lastPostedAtMs), nowMs);
    const { businessDate, isCharged } = this.#book;
    const postedAt = toIsoInstant(postedAtMs);
    const accepted = this.#accepted.map(({ draft, postings }) => {
      const entry = postedEntry(draft, businessDate, postedAtMs, postings);
      return { draft, entry, reversalNumber: undefined };
    });
    const least = clock.isSimulated === true ? null : toIsoInstant(nowMs - MAX_AHEAD_MS);
    void run<string[]>(flight, HOLD_BOOK, [bookId, businessDate, least]).then(({ rows }) => {
      if (rows[0]?.[1] === 't') onClosing?.();
    }, ignore);
    void run(flight, MOVE_ACCOUNTS, [bookId, businessDate, postedAt, ...MOVES.values(moves)]);
    const confirm = isCharged ? CONFIRM_WITH_FEES : CONFIRM;
    void run(flight, confirm, [bookId, ...KEYS.values(this.#accepted.flatMap(keyOf))]);
    void writeEntries(flight, bookId, accepted).catch(ignore);
    storeRows(flight);
    sendUnsealedRows(flight);
    this.#cache.remember(moves.map(({ after }) => ({ ...after, lastPostedAtMs: postedAtMs })));
    return accepted.map(({ entry }) => entry);
  }
}

/** The book and the clock; `onClosing` is called when somebody waits to close the date. */
export type FlightContext = {
  readonly bookId: number;
  readonly clock: Clock;
  readonly onClosing?: () => void;
};

/** Whether nothing of a draft needs more to be judged than its accounts and its date. */
export function isPlain(draft: EntryDraft): boolean {
  return (
    draft.businessDate === undefined &&
    // It may lie in a closed period, which stands on the book's row.
    draft.valueDate === undefined &&
    draft.reversesEntryId === undefined &&
    draft.releases === undefined &&
    draft.mayOverdraw !== true &&
    draft.isFromEstate !== true
  );
}

function keyOf({ draft: { actor, idempotency } }: Accepted): Keyed[] {
  return idempotency === undefined ? [] : [{ actor, key: idempotency.key }];
}

function ignore(): void {}
