import type { AnyTx } from '#db/session.ts';
import { assert } from '#lib/assert.ts';
import type { AccountId } from '#lib/ids.ts';
import type { Clock } from '#lib/time/clock.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { believableNowMs } from './believable-clock.ts';
import { type HeldBook, holdBook } from './business-date.ts';
import type { Charges } from './charges.ts';
import { closedFor } from './closed-periods.ts';
import { accountsOf } from './disjoint-batch.ts';
import type { EntryDraft, Guard, PostedEntry, PostOutcome, ReleasedHold } from './entry.ts';
import { type AccountState, type Evaluation, evaluateEntry } from './evaluate.ts';
import { changeHeld } from './holds.ts';
import { lockAccounts, type ReadAccount, type ReadAccounts } from './lock-accounts.ts';
import { isDryRun, notePosting } from './posting-notes.ts';
import { PriorEntries } from './prior-entries.ts';
import { writeUnarranged } from './unarranged.ts';
import { type AcceptedEntry, updateAccounts, writeEntries } from './write-entries.ts';

/** The book to post to, and the clock. */
export type LedgerContext = {
  readonly bookId: number;
  readonly clock: Clock;
  /** Called when somebody waits to close the date of the postings. */
  readonly onClosing?: () => void;
};

/**
 * The one door through which money moves. Judges the drafts in order, each on the state that those before it
 * left, and writes the accepted ones; the rest of the transaction is the caller's. Answers in the drafts' order.
 *
 * Lock order: the book's row (shared), then customer ledger accounts by ascending id. The caller's own rows
 * (loans, standing orders) come before this call.
 */
export async function post(
  tx: AnyTx,
  context: LedgerContext,
  drafts: readonly EntryDraft[],
): Promise<PostOutcome[]> {
  const posting = await Posting.begin(tx, context, drafts);
  const outcomes = posting.judge(drafts);
  await Promise.all([posting.write(), posting.finish()]);
  return outcomes;
}

/**
 * The same in steps, for callers with rows to write beside the entries, or with more entries than one statement should
 * carry: begin, then judge and write in turns, then finish once. Statements sent without waiting travel together, where
 * the transaction allows it.
 */
export class Posting {
  readonly #tx: AnyTx;
  readonly #bookId: number;
  readonly #book: HeldBook;
  readonly #postedAtMs: number;
  readonly #before: ReadonlyMap<AccountId, ReadAccount>;
  readonly #states: Map<AccountId, AccountState>;
  readonly #prior: PriorEntries;
  readonly #changed = new Map<AccountId, AccountState>();
  readonly #heldChanges = new Map<AccountId, bigint>();
  #accepted: AcceptedEntry[] = [];
  #charges: Charges | undefined;

  private constructor(
    tx: AnyTx,
    { bookId, clock }: LedgerContext,
    book: HeldBook,
    locked: ReadAccounts,
    prior: PriorEntries,
  ) {
    this.#tx = tx;
    this.#bookId = bookId;
    this.#book = book;
    // Instants never go back along an account, even when another server's clock is ahead of this one.
    this.#postedAtMs = Math.max(believableNowMs(clock, book.databaseNowMs), locked.lastPostedAtMs);
    this.#before = locked.states;
    this.#states = new Map(locked.states);
    this.#prior = prior;
  }

  /** Locks the accounts that the drafts touch and looks up earlier entries. */
  static async begin(tx: AnyTx, context: LedgerContext, drafts: readonly EntryDraft[]): Promise<Posting> {
    const { bookId, onClosing } = context;
    const [book, locked, prior] = await Promise.all([
      holdBook(tx, bookId, onClosing),
      lockAccounts(tx, bookId, customerAccounts(drafts)),
      // After the locks: an equal request holds the same accounts, and is seen as soon as they are free.
      PriorEntries.load(tx, bookId, drafts),
    ]);
    return new Posting(tx, context, book, locked, prior);
  }

  /** The book as it is held for this posting. */
  get book(): HeldBook {
    return this.#book;
  }

  /** The accounts that it was begun with, as they are once it is committed. */
  get accounts(): ReadAccount[] {
    const lastPostedAtMs = this.#postedAtMs;
    return [...this.#before.values()].map((before) => {
      const changed = this.#changed.get(before.id);
      return changed === undefined ? before : { ...changed, lastPostedAtMs };
    });
  }

  /** Has entries judged from now on with what they cost. */
  charge(charges: Charges | undefined): void {
    this.#charges = charges;
  }

  /** Judges some of the drafts that it was begun with, in order, the guard last; sends nothing yet. */
  judge(drafts: readonly EntryDraft[], guard?: Guard): PostOutcome[] {
    return drafts.map((draft): PostOutcome => {
      const settled = this.#prior.settle(draft);
      if (settled !== undefined) return settled;
      const { businessDate } = this.#book;
      const closedTo = closedFor(this.#book, draft, businessDate);
      if (closedTo !== undefined) return { status: 'refused', code: 'period_closed', closedTo };
      const { evaluation, way, whole } = this.#evaluate(draft);
      if (!evaluation.accepted) return { status: 'refused', code: evaluation.code };
      const error = guard?.(draft);
      if (error !== undefined) return { status: 'barred', error };
      for (const [id, state] of evaluation.changed) {
        this.#states.set(id, state);
        this.#changed.set(id, state);
      }
      if (draft.releases !== undefined) this.#noteRelease(draft.releases);
      const reversalNumber = this.#prior.remember(draft);
      this.#charges?.note(draft, way);
      const entry = postedEntry(whole, businessDate, this.#postedAtMs, evaluation.postings);
      this.#accepted.push({ draft: whole, entry, reversalNumber });
      return { status: 'posted', entry };
    });
  }

  /** Writes the next accepted entries, all of them or up to a number, with their postings. */
  async write(count = this.#accepted.length): Promise<void> {
    const entries = this.#accepted.slice(0, count);
    this.#accepted = this.#accepted.slice(count);
    if (isDryRun()) notePosting(entries.map(({ entry }) => entry));
    await writeEntries(this.#tx, this.#bookId, entries);
  }

  /** Writes the accounts as the last of all entries left them: once, after the last write. */
  async finish(): Promise<void> {
    assert(this.#accepted.length === 0, 'all accepted entries are written');
    if (isDryRun())
      notePosting(
        [],
        [...this.#before.values()].filter(({ id }) => this.#changed.has(id)),
      );
    await Promise.all([
      // First: a balance may fall below the held amount only when that is released.
      changeHeld(this.#tx, this.#bookId, this.#heldChanges),
      writeUnarranged(this.#tx, this.#bookId, this.#before, this.#changed, 'make room'),
      updateAccounts(this.#tx, this.#bookId, this.#before, this.#changed, this.#postedAtMs),
      writeUnarranged(this.#tx, this.#bookId, this.#before, this.#changed, 'settle'),
      this.#charges?.write(),
    ]);
  }

  /** Judges a draft with what it costs, or with the part of it that is left where the money does not suffice. */
  #evaluate(draft: EntryDraft): Way {
    const businessDate = draft.businessDate ?? this.#book.businessDate;
    const ways = this.#charges?.linesFor(draft) ?? [[]];
    let last: Way | undefined;
    for (const [way, lines] of ways.entries()) {
      const whole = lines.length === 0 ? draft : { ...draft, postings: [...draft.postings, ...lines] };
      last = { evaluation: evaluateEntry(this.#states, whole, businessDate), way, whole };
      if (last.evaluation.accepted || last.evaluation.code !== 'insufficient_funds') break;
    }
    assert(last !== undefined, 'there is a way to judge every entry');
    return last;
  }

  #noteRelease({ accountId, amountMinor }: ReleasedHold): void {
    this.#heldChanges.set(accountId, (this.#heldChanges.get(accountId) ?? 0n) - amountMinor);
  }
}

/** A draft with the lines that it was judged with. */
type Way = { readonly evaluation: Evaluation; readonly way: number; readonly whole: EntryDraft };

function* customerAccounts(drafts: readonly EntryDraft[]): Iterable<AccountId> {
  for (const draft of drafts) yield* accountsOf(draft);
}

/** An entry as it stands in the books once it is written. */
export function postedEntry(
  draft: EntryDraft,
  openDate: IsoDate,
  postedAtMs: number,
  postings: PostedEntry['postings'],
): PostedEntry {
  const businessDate = draft.businessDate ?? openDate;
  return {
    entryId: draft.entryId,
    kind: draft.kind,
    businessDate,
    valueDate: draft.valueDate ?? businessDate,
    postedAtMs,
    postings,
  };
}
