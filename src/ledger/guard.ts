import type { SqlSession } from '#db/session.ts';
import type { EntryDraft, Guard } from './entry.ts';
import type { LedgerContext } from './post.ts';
import { Posting } from './post.ts';

/** How a guard comes to know what it judges by, in the transaction that posts. */
export type GuardSource = {
  /** Sends what locks rows of the caller's own: before the book and the ledger accounts are locked. */
  readonly lock: () => Promise<unknown>;
  /** Sends what is read under those locks, with the business date held. */
  readonly load: () => Promise<Guard>;
};

/** The guard of rows that need one; undefined where none does, and then it costs nothing. */
export type OpenGuard<Row> = (session: SqlSession, rows: readonly Row[]) => GuardSource | undefined;

export type GuardedPosting = { readonly posting: Posting; readonly guard: Guard | undefined };

/** Begins a posting, and its guard along with it: all is sent at once, so that a guard costs no round trip more. */
export async function beginGuarded(
  session: SqlSession,
  context: LedgerContext,
  drafts: readonly EntryDraft[],
  source: GuardSource | undefined,
): Promise<GuardedPosting> {
  if (source === undefined) {
    return { posting: await Posting.begin(session, context, drafts), guard: undefined };
  }
  const [, posting, guard] = await Promise.all([
    source.lock(),
    Posting.begin(session, context, drafts),
    source.load(),
  ]);
  return { posting, guard };
}
