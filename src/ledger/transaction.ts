import type { Db, Tx } from '#db/database.ts';
import { violatedUnique } from '#db/postgres-error.ts';
import { inTransaction } from '#db/transaction.ts';

/** Indexes that refuse the second of two equal requests which did not see each other. */
const TWIN_INDEXES = ['journal_entries_idempotency', 'journal_entries_reversed_once'];

/**
 * A transaction that posts. When another process committed the same key or the same reversal meanwhile, the
 * work runs again and finds it.
 */
export function inLedgerTransaction<Result>(db: Db, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  return inTransaction(db, work, {
    alsoRetry: (error) => TWIN_INDEXES.includes(violatedUnique(error) ?? ''),
  });
}
