import { AbortedTransactionError } from 'kysely';
import pg from 'pg';
import { commonError, type FlorinError } from '#lib/errors.ts';
import { isDriverConnectionError } from './driver-quirks.ts';

/** SQLSTATE classes and codes that Florin acts on (PostgreSQL manual, appendix A). */
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';
const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';
const DIVISION_BY_ZERO = '22012';
const LOCK_NOT_AVAILABLE = '55P03';
const QUERY_CANCELED = '57014';
const READ_ONLY_TRANSACTION = '25006';
/** The connection is gone, with a transaction that was idle for too long: nothing was done. */
const IDLE_TRANSACTION_ENDED = '25P03';

/** Connection exceptions, insufficient resources (disk full, too many connections), operator intervention. */
const UNAVAILABLE_CLASSES = ['08', '53', '57', '58'];
const NOT_NOW_CODES = [LOCK_NOT_AVAILABLE, QUERY_CANCELED, READ_ONLY_TRANSACTION, IDLE_TRANSACTION_ENDED];
const DEADLY_SEVERITIES = ['FATAL', 'PANIC'];

function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

/** The kind of an error, without its message: the SQLSTATE, or the name of its class. */
export function errorKind(error: unknown): string {
  return sqlState(error) ?? (error instanceof Error ? error.name : typeof error);
}

/** Repeating the whole transaction may succeed. */
export function isRetryable(error: unknown): boolean {
  const state = sqlState(error);
  return state === SERIALIZATION_FAILURE || state === DEADLOCK_DETECTED;
}

/** A check that a flight carries was not met (`failUnless` in db/flight.ts): no other statement divides. */
export function isChecked(error: unknown): boolean {
  return sqlState(error) === DIVISION_BY_ZERO;
}

/** Another transaction has a lock, or wants ours: the same work may succeed when it is done. */
export function isLockRefused(error: unknown): boolean {
  return isRetryable(error) || sqlState(error) === LOCK_NOT_AVAILABLE;
}

/** The name of the unique constraint or index that refused a row, if one did. */
export function violatedUnique(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError && error.code === UNIQUE_VIOLATION ? error.constraint : undefined;
}

/** The name of the foreign key that refused a row, if one did: what it refers to was deleted in the meantime. */
export function violatedForeignKey(error: unknown): string | undefined {
  if (!(error instanceof pg.DatabaseError) || error.code !== FOREIGN_KEY_VIOLATION) return undefined;
  return error.constraint;
}

/**
 * Whether PostgreSQL's answer to COMMIT says that it rolled back: an error after which the session goes on, or a
 * ROLLBACK. A session that dies of the error (FATAL, PANIC) may have written the commit before, whatever the SQLSTATE:
 * ask only about a session that has answered since, because the words for these two are translated.
 */
export function saysRolledBack(error: unknown): boolean {
  if (error instanceof AbortedTransactionError) return true;
  return error instanceof pg.DatabaseError && !DEADLY_SEVERITIES.includes(error.severity ?? '');
}

/**
 * 503 if the database itself is unavailable: unreachable, shutting down, out of disk or connections, a statement or
 * lock that took too long. Undefined for everything else.
 */
export function asUnavailable(error: unknown): FlorinError | undefined {
  const state = sqlState(error);
  const unavailable =
    state === undefined
      ? isDriverConnectionError(error)
      : UNAVAILABLE_CLASSES.includes(state.slice(0, 2)) || NOT_NOW_CODES.includes(state);
  if (!unavailable) return undefined;
  if (state === READ_ONLY_TRANSACTION) return commonError('read_only', { cause: error });
  return commonError('database_unavailable', { cause: error });
}
