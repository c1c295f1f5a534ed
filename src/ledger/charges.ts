import type { EntryDraft, EntryKind, PostingDraft } from './entry.ts';

/**
 * Kinds of entries that move money by their first line. What they cost stands on the lines behind it, and so does what is
 * given back of it in an entry that takes such a one back. Each other kind moves money by all its lines.
 */
const CHARGED_KINDS = ['withdrawal', 'transfer', 'outgoing_payment'] as const satisfies readonly EntryKind[];

/** SQL: whether a line moves money, and is not a charge, by its number and the kind of its entry or of the one it takes back. */
export const movesMoney = (line: string, kind: string): string =>
  `(${line} = 1 or ${kind} <> all('{${CHARGED_KINDS.join(',')}}'::text[]))`;

/** SQL: whether a line is what an entry costs, or what is given back of it. */
export const isCharge = (line: string, kind: string): string =>
  `(${line} > 1 and ${kind} = any('{${CHARGED_KINDS.join(',')}}'::text[]))`;

/**
 * What entries cost beside what they move, in a book with fees. It knows what entries before have cost, so it is asked
 * about each in its turn, with the accounts locked.
 */
export type Charges = {
  /** The lines to add to an entry, from the best on: the next ones are taken where the money does not suffice. */
  readonly linesFor: (draft: EntryDraft) => readonly (readonly PostingDraft[])[];
  /** Takes note of an entry that was accepted, and with which lines: an index. */
  readonly note: (draft: EntryDraft, way: number) => void;
  /** Sends what it noted, behind the entries. */
  readonly write: () => Promise<unknown>;
};
