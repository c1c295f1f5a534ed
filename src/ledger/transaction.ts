import type { PostingPool } from '#db/database.ts';
import { violatedUnique } from '#db/postgres-error.ts';
import type { SqlSession } from '#db/session.ts';
import { inPipelinedTransaction } from '#db/transaction.ts';

/** Indexes that refuse the second of two equal requests which did not see each other. */
const TWIN_INDEXES = [
  'journal_entries_idempotency',
  'journal_entries_reversed_once',
  'transaction_batches_idempotency',
  'holds_idempotency',
];

/** Whether another process committed the same key or the same reversal meanwhile: done again, the work finds it. */
export function isTwin(error: unknown): boolean {
  return TWIN_INDEXES.includes(violatedUnique(error) ?? '');
}

/**
 * A transaction that posts, on a connection of the posting pool, and ends before `untilMs` (of the clock's `monotonicMs`).
 * When another process committed the same key or the same reversal meanwhile, the work runs again and finds it.
 */
export function inLedgerTransaction<Result>(
  postingPool: PostingPool,
  untilMs: number,
  work: (session: SqlSession) => Promise<Result>,
): Promise<Result> {
  return inPipelinedTransaction(postingPool, work, {
    untilMs,
    alsoRetry: isTwin,
  });
}
