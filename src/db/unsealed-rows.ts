import { randomIds } from '#lib/ids.ts';
import { uuidArray } from './binary-array.ts';
import type { SqlSession } from './session.ts';

/** The two tables whose rows are sealed: audit_log and journal_entries. */
export type SealedKind = 'audit' | 'entry';

/** As many as the largest batch of the posting queue; half a block. */
const MAX_IDS_A_ROW = 2_000;

const INSERT = `
  insert into unsealed_rows (book_id, unsealed_id, row_kind, row_ids) values ($1, $2, $3, $4)`;

/**
 * Says of rows that are written in this transaction that they wait to be sealed. Whoever inserts into audit_log or
 * journal_entries calls it: what was not said to wait is never sealed, and `audit verify` names it. Takes no lock.
 */
export async function addUnsealedRows(
  session: SqlSession,
  bookId: number,
  kind: SealedKind,
  ids: readonly string[],
): Promise<void> {
  const parts: readonly string[][] = Array.from(
    { length: Math.ceil(ids.length / MAX_IDS_A_ROW) },
    (_, part) => ids.slice(part * MAX_IDS_A_ROW, (part + 1) * MAX_IDS_A_ROW),
  );
  // Never ids from the context's source: the demo counts what it gives out there.
  await Promise.all(
    parts.map((part) => session.run(INSERT, [bookId, randomIds.next(), kind, uuidArray(part)])),
  );
}
