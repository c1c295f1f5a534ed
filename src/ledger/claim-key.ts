import { violatedUnique } from '#db/postgres-error.ts';
import type { FlorinError } from '#lib/errors.ts';
import { ledgerError } from './errors.ts';

/** The indexes by which the journal refuses the second of two equal requests that did not see each other. */
const JOURNAL_INDEXES: readonly string[] = ['journal_entries_idempotency', 'journal_entries_reversals'];

/** The first request under a key, as its feature stored it. */
type FirstRequest = { readonly requestHash: Buffer };

/**
 * Claims the key of a request, given what was found under it: the first request if this one repeats it, undefined if
 * the key is free. Look it up under a lock that an equal request needs too, so that it is found as soon as that lock is
 * free. Where two requests share no lock, the unique index of the keys refuses the second, and `isTwin` has it run
 * again. Throws 422 `idempotency_key_reused`, or the error of `reused`, for a different request.
 */
export function claimKey<First extends FirstRequest>(
  first: First | undefined,
  requestHash: Buffer,
  reused: () => FlorinError = () => ledgerError('idempotency_key_reused'),
): First | undefined {
  if (first !== undefined && !first.requestHash.equals(requestHash)) throw reused();
  return first;
}

/**
 * Whether an error says that another process committed an equal request, or the same reversal, in the meantime: run
 * again, the work finds it. `indexes` are the unique indexes of keys that a feature stores beside the journal.
 */
export function isTwin(...indexes: readonly string[]): (error: unknown) => boolean {
  const known = new Set([...JOURNAL_INDEXES, ...indexes]);
  return (error) => known.has(violatedUnique(error) ?? '');
}
