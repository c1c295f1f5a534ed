import { randomIds } from '#lib/ids.ts';
import { uuidArray } from './binary-array.ts';
import { type AnyTx, run } from './session.ts';

/** The two tables whose rows are sealed: audit_log and journal_entries. */
export type SealedKind = 'audit' | 'entry';

/** As many as the largest batch of the posting queue; half a block. */
const MAX_IDS_A_ROW = 2_000;

const INSERT = 'insert into unsealed_rows (book_id, unsealed_id, row_kind, row_ids, written_at) values';

/**
 * One row or two: the ledger's and the trail's rows of one batch are registered with one statement. The database's time
 * and not this process's: it is one clock for all servers, read when the accounts are locked.
 */
const INSERTS = {
  1: `${INSERT} ($1, $2, $3, $4, clock_timestamp())`,
  2: `${INSERT} ($1, $2, $3, $4, clock_timestamp()), ($1, $5, $6, $7, clock_timestamp())`,
} as const;

type Part = readonly [unsealedId: string, kind: SealedKind, ids: Buffer];
type Pending = {
  readonly parts: Part[];
  readonly written: Promise<void>;
  readonly write: () => void;
};

const pending = new WeakMap<AnyTx, Pending>();

/**
 * Registers rows of this transaction to be sealed. All code that inserts into audit_log or journal_entries calls it: a
 * row that is not registered is never sealed, and `audit verify` names it. Rows registered in one turn are written
 * together, after the statements sent in that turn. Takes no lock.
 */
export function addUnsealedRows(
  tx: AnyTx,
  bookId: number,
  kind: SealedKind,
  ids: readonly string[],
): Promise<void> {
  const { parts, written } = pending.get(tx) ?? openPending(tx, bookId);
  for (let start = 0; start < ids.length; start += MAX_IDS_A_ROW) {
    // Never ids from the context's source: the demo counts those it gives out.
    parts.push([randomIds.next(), kind, uuidArray(ids.slice(start, start + MAX_IDS_A_ROW))]);
  }
  return written;
}

/** Sends what was registered at once: for a transaction that is sent whole, with nothing behind it. */
export function sendUnsealedRows(tx: AnyTx): void {
  pending.get(tx)?.write();
}

function openPending(tx: AnyTx, bookId: number): Pending {
  const parts: Part[] = [];
  const { promise: written, resolve } = Promise.withResolvers<void>();
  const write = (): void => {
    if (!pending.delete(tx)) return;
    const writes: Promise<unknown>[] = [];
    for (let at = 0; at < parts.length; at += 2) {
      const row = parts.slice(at, at + 2);
      writes.push(run(tx, row.length === 2 ? INSERTS[2] : INSERTS[1], [bookId, ...row.flat()]));
    }
    resolve(Promise.all(writes).then(() => undefined));
  };
  queueMicrotask(write);
  const opened = { parts, written, write };
  pending.set(tx, opened);
  return opened;
}
