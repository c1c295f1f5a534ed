import type { AnyTx } from '#db/session.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { Charges } from './charges.ts';
import type { EntryDraft, Guard } from './entry.ts';
import { type LedgerContext, Posting } from './post.ts';

/** How a guard gets the data it judges by, in the transaction that posts. A part that is left out costs nothing. */
export type GuardSource = {
  /** Sends statements that lock the caller's own rows: before the book and the ledger accounts are locked. */
  readonly lock?: () => Promise<unknown>;
  /** Sends reads that need those locks, with the business date held. */
  readonly load?: () => Promise<Guard>;
  /** For a book with limited payments: called when all is locked, it puts its own guard before the other. */
  readonly limit?: (
    inner: Guard | undefined,
    drafts: readonly EntryDraft[],
    businessDate: IsoDate,
  ) => Promise<Guard | undefined>;
  /** For a book with fees: what the drafts cost. Called when all is locked. */
  readonly charge?: (drafts: readonly EntryDraft[], businessDate: IsoDate) => Promise<Charges | undefined>;
  /** Called last, when all is locked: it puts a guard of its own before the others. */
  readonly last?: (inner: Guard | undefined) => Promise<Guard | undefined>;
};

/** The guard of rows. */
export type OpenGuard<Row> = (tx: AnyTx, rows: readonly Row[]) => GuardSource;

export type GuardedPosting = { readonly posting: Posting; readonly guard: Guard | undefined };

/**
 * Begins a posting and its guard: all is sent at once, so that a guard costs no extra round trip. A book with limited
 * payments needs one more, and one with fees some.
 */
export async function beginGuarded(
  tx: AnyTx,
  context: LedgerContext,
  drafts: readonly EntryDraft[],
  source: GuardSource | undefined,
): Promise<GuardedPosting> {
  if (source === undefined) {
    return { posting: await Posting.begin(tx, context, drafts), guard: undefined };
  }
  const [, posting, guard] = await Promise.all([
    source.lock?.(),
    Posting.begin(tx, context, drafts),
    source.load?.(),
  ]);
  const { isLimited, isCharged, businessDate } = posting.book;
  const { limit, charge, last } = source;
  if (isCharged && charge !== undefined) posting.charge(await charge(drafts, businessDate));
  const limited = isLimited && limit !== undefined ? await limit(guard, drafts, businessDate) : guard;
  return { posting, guard: last === undefined ? limited : await last(limited) };
}
