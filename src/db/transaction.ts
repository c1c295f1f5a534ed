import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { commonError, isUnavailable } from '#lib/errors.ts';
import { commitOn, rollBackOn } from './commit.ts';
import type { Db, PostingPool, Tx } from './database.ts';
import { asUnavailable, isRetryable, saysRolledBack } from './postgres-error.ts';
import { pipelinedSession, type SqlSession } from './session.ts';

/** Deadlocks and serialization failures are rare with ordered locks; five in a row is not bad luck. */
const MAX_ATTEMPTS = 5;
const BACKOFF_MS = 5;

export type TransactionOptions = {
  /** For a read that must see one state of the books throughout. */
  readonly readOnlySnapshot?: boolean;
  /** Errors besides deadlocks and serialization failures after which the same work may succeed. */
  readonly alsoRetry?: (error: unknown) => boolean;
};

/**
 * Runs the work in one database transaction: all of it happens, or nothing. A deadlock or serialization failure runs
 * the work again, so it must keep nothing from an attempt that failed. Throws 503 `outcome_unknown` for every failure
 * from the moment COMMIT is sent, unless PostgreSQL said that it rolled back, and 503 `database_unavailable` when the
 * database could not go on before: then nothing was done.
 */
export async function inTransaction<Result>(
  db: Db,
  work: (tx: Tx) => Promise<Result>,
  options: TransactionOptions = {},
): Promise<Result> {
  return repeatUntilDone(() => attemptTransaction(db, work, options), options);
}

/**
 * Like inTransaction, on one of the posting queue's connections: statements that the work sends without waiting travel
 * together. At `untilMs` (of the clock's `monotonicMs`) the connection is cut off, whichever attempt it is.
 */
export async function inPipelinedTransaction<Result>(
  pool: PostingPool,
  work: (session: SqlSession) => Promise<Result>,
  { untilMs, ...options }: TransactionOptions & { readonly untilMs: number },
): Promise<Result> {
  return repeatUntilDone(() => attemptPipelined(pool, work, untilMs), options);
}

async function repeatUntilDone<Result>(
  attemptOnce: () => Promise<Outcome<Result>>,
  options: TransactionOptions,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await attemptOnce();
    if (outcome.done) return outcome.result;
    const retryable = isRetryable(outcome.error) || options.alsoRetry?.(outcome.error) === true;
    if (!retryable || attempt >= MAX_ATTEMPTS) throw outcome.error;
    await delay(BACKOFF_MS * attempt * (0.5 + Math.random()));
  }
}

type Outcome<Result> = { done: true; result: Result } | { done: false; error: unknown };

async function attemptTransaction<Result>(
  db: Db,
  work: (tx: Tx) => Promise<Result>,
  options: TransactionOptions,
): Promise<Outcome<Result>> {
  let failure: { error: unknown } | undefined;
  let committing = false;
  const builder = options.readOnlySnapshot
    ? db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only')
    : db.transaction();
  try {
    const result = await builder.execute(async (tx) => {
      try {
        const value = await work(tx);
        committing = true;
        return value;
      } catch (error) {
        // A rollback that fails too would hide this, the reason.
        failure = { error };
        throw error;
      }
    });
    return { done: true, result };
  } catch (rejected) {
    const error = failure === undefined ? rejected : failure.error;
    // An error of COMMIT is passed on when the rollback behind it was answered; else this is the rollback's.
    if (committing && !saysRolledBack(error)) throw commonError('outcome_unknown', { cause: error });
    return { done: false, error: asUnavailable(error) ?? error };
  }
}

async function attemptPipelined<Result>(
  pool: PostingPool,
  work: (session: SqlSession) => Promise<Result>,
  untilMs: number,
): Promise<Outcome<Result>> {
  let client: pg.PoolClient;
  try {
    client = await pool.connect(untilMs);
  } catch (error) {
    return { done: false, error: asUnavailable(error) ?? error };
  }
  let result: Result;
  try {
    const session = pipelinedSession(client);
    // Sent together with the first statements of the work.
    const begun = session.run('begin', []);
    // It is awaited below; until then the statements behind it report its error.
    begun.catch(() => undefined);
    result = await work(session);
    await begun;
  } catch (error) {
    await rollBackOn(client);
    return { done: false, error: asUnavailable(error) ?? error };
  }
  try {
    await commitOn(client);
    return { done: true, result };
  } catch (error) {
    return { done: false, error };
  }
}

/**
 * Reads what a committed change left. When the database does not answer any more, the error is 503 `outcome_unknown`
 * and not `database_unavailable`: that would say that nothing was done.
 */
export async function afterCommit<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    const unavailable = isUnavailable(error) ? error : asUnavailable(error);
    throw unavailable === undefined ? error : commonError('outcome_unknown', { cause: error });
  }
}
