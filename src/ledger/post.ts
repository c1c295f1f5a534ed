import type { SqlSession } from '#db/session.ts';
import type { Clock } from '#lib/clock.ts';
import type { IsoDate } from '#lib/dates.ts';
import type { AccountId } from '#lib/ids.ts';
import { holdBusinessDate } from './business-date.ts';
import { EarlierEntries } from './earlier-entries.ts';
import type { EntryDraft, PostedEntry, PostOutcome } from './entry.ts';
import type { AccountState } from './evaluate.ts';
import { evaluateEntry } from './evaluate.ts';
import { lockAccounts } from './lock-accounts.ts';
import type { AcceptedEntry } from './write-entries.ts';
import { writeEntries } from './write-entries.ts';

/** Which book is posted to, and by whose clock. */
export type LedgerContext = { readonly bookId: number; readonly clock: Clock };

/**
 * The one door through which money moves. Judges the drafts in order, each on the state that those before it
 * left, and writes the accepted ones; the rest of the transaction is the caller's. Answers in the drafts' order.
 *
 * Lock order: the book's row (shared), then customer ledger accounts by ascending id. The caller's own rows
 * (loans, standing orders) come before this call. `alongside` writes rows that belong to the accepted drafts;
 * they are on their way together with the entries.
 */
export async function post(
  session: SqlSession,
  context: LedgerContext,
  drafts: readonly EntryDraft[],
  alongside: (outcomes: readonly PostOutcome[]) => Promise<void> = async () => undefined,
): Promise<PostOutcome[]> {
  const { bookId } = context;
  const [openDate, locked, earlier] = await Promise.all([
    holdBusinessDate(session, bookId),
    lockAccounts(session, bookId, customerAccounts(drafts)),
    // After the locks: a twin of a request holds the same accounts, and is seen as soon as they are free.
    EarlierEntries.load(session, bookId, drafts),
  ]);
  // Instants never go back along an account, even when another server's clock is ahead of this one.
  const postedAtMs = Math.max(context.clock.nowMs(), locked.lastPostedAtMs);

  const states = new Map(locked.states);
  const changed = new Map<AccountId, AccountState>();
  const accepted: AcceptedEntry[] = [];
  const outcomes = drafts.map((draft): PostOutcome => {
    const settled = earlier.settle(draft);
    if (settled !== undefined) return settled;
    const evaluation = evaluateEntry(states, draft, draft.businessDate ?? openDate);
    if (!evaluation.accepted) return { status: 'refused', code: evaluation.code };
    for (const [id, state] of evaluation.changed) {
      states.set(id, state);
      changed.set(id, state);
    }
    earlier.remember(draft);
    const entry = postedEntry(draft, openDate, postedAtMs, evaluation.postings);
    accepted.push({ draft, entry });
    return { status: 'posted', entry };
  });
  await Promise.all([writeEntries(session, bookId, accepted, locked.states, changed), alongside(outcomes)]);
  return outcomes;
}

function* customerAccounts(drafts: readonly EntryDraft[]): Iterable<AccountId> {
  for (const { postings } of drafts) {
    for (const { debit, credit } of postings) {
      if (typeof debit === 'string') yield debit;
      if (typeof credit === 'string') yield credit;
    }
  }
}

function postedEntry(
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
