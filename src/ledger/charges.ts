import type { EntryDraft, EntryKind, PostingDraft } from './entry.ts';

/**
 * Kinds of entries that may cost something: on lines behind those that move the money. What is given back of it stands
 * there too, in the entries that take such a one back. `fee_lines` names these lines.
 */
const CHARGED_KINDS = ['withdrawal', 'transfer', 'outgoing_payment'] as const satisfies readonly EntryKind[];

const isCharged = (kind: string): string => `${kind} = any('{${CHARGED_KINDS.join(',')}}'::text[])`;

/**
 * SQL: whether a posting is what its entry costs, or what is given back of it. By its alias, and the kind of its entry or
 * of the one that this takes back. First lines are not looked up. The order is that of the key, which makes it the
 * cheapest way without statistics, too (db/row-with.ts).
 */
export const isCharge = (
  posting: string,
  kind: string,
): string => `(${posting}.line > 1 and ${isCharged(kind)} and exists (
    select from (
      select line from fee_lines
      where book_id = ${posting}.book_id and entry_id between ${posting}.entry_id and ${posting}.entry_id
      order by entry_id, line
    ) as charge where charge.line = ${posting}.line))`;

/** SQL: whether a posting moves money, and is not a charge. */
export const movesMoney = (posting: string, kind: string): string => `not ${isCharge(posting, kind)}`;

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
