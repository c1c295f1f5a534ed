import { dryRunNotes } from '#db/ambient-connection.ts';
import type { PostedEntry } from './entry.ts';
import type { ReadAccount } from './lock-accounts.ts';

/** Entries that a dry run wrote, and accounts that it changed, as they were before. */
class PostingNote {
  readonly entries: readonly PostedEntry[];
  readonly before: readonly ReadAccount[];

  constructor(entries: readonly PostedEntry[], before: readonly ReadAccount[]) {
    this.entries = entries;
    this.before = before;
  }
}

/** Whether what is posted is rolled back: then nothing that outlives the transaction may learn of it. */
export function isDryRun(): boolean {
  return dryRunNotes() !== undefined;
}

/** Notes what is posted within a dry run, and accounts as they were before it changed them. */
export function notePosting(entries: readonly PostedEntry[], before: readonly ReadAccount[] = []): void {
  dryRunNotes()?.push(new PostingNote(entries, before));
}

/** What a dry run posted: its entries in order, and each account that they changed as it was before the first. */
export type Posted = { readonly entries: readonly PostedEntry[]; readonly before: readonly ReadAccount[] };

export function postedIn(notes: readonly unknown[]): Posted {
  const all = notes.filter((note) => note instanceof PostingNote);
  const before = new Map(
    all
      .flatMap((note) => note.before)
      .toReversed()
      .map((one) => [one.id, one]),
  );
  return { entries: all.flatMap(({ entries }) => entries), before: [...before.values()].toReversed() };
}
