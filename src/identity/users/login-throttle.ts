import { hash } from 'node:crypto';
import { sql } from 'kysely';
import type { Context } from '#db/context.ts';
import type { Db, Tx } from '#db/database.ts';
import { inTransaction } from '#db/transaction.ts';
import { commonError, type FlorinError } from '#lib/errors.ts';

type Kind = 'account' | 'address' | 'overall';

type Limit = {
  /** Failures without a wait. */
  readonly free: number;
  /** The wait after the first failure beyond those; it doubles with each further one, up to the longest. */
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** The count is reset after this time without an attempt beyond the wait. */
  readonly memoryMs: number;
};

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/**
 * The failures allowed by account, by address and overall. Account: NIST SP 800-63B-4, 3.2.2 requires at most 100
 * consecutive failures. Waits of 15 minutes keep a guesser below that a day, and nobody is locked out permanently.
 * Address: an office of people who mistype. Overall: a bank's Monday morning; its waits stay short, since they affect
 * everybody.
 */
const LIMITS: Readonly<Record<Kind, Limit>> = {
  account: {
    free: 10,
    firstDelayMs: 30 * SECOND_MS,
    longestDelayMs: 15 * MINUTE_MS,
    memoryMs: 15 * MINUTE_MS,
  },
  address: {
    free: 100,
    firstDelayMs: 5 * SECOND_MS,
    longestDelayMs: 5 * MINUTE_MS,
    memoryMs: 15 * MINUTE_MS,
  },
  overall: { free: 2_000, firstDelayMs: SECOND_MS, longestDelayMs: 5 * SECOND_MS, memoryMs: 15 * MINUTE_MS },
};

/** Counters untouched for a day are obsolete. */
const KEPT_MS = 24 * 60 * MINUTE_MS;
/** Old counters removed with each successful login: more than one login adds. */
const SWEEP_COUNT = 20;

/** The subjects under which a login attempt is counted. */
export type Attempt = { readonly email: string; readonly address: string | undefined };

/**
 * Counts failed proofs of identity in PostgreSQL, for all processes together. An attempt is counted before it is
 * checked, so that parallel attempts do not all pass as the first.
 */
export class LoginThrottle {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Counts an attempt as failed until it succeeds. Throws 429 `too_many_requests` while it must wait. Only the first
   * refusal of a wait calls `onRefused`, in the transaction that records it: further attempts change nothing and would
   * only fill the audit trail.
   */
  async begin(attempt: Attempt, onRefused: (tx: Tx) => Promise<void>): Promise<void> {
    // The widest last: an attempt refused for its own account or address does not count against everybody.
    for (const [kind, subject] of countersOf(attempt)) {
      if (await this.#count(kind, subject)) continue;
      const hash = hashSubject(subject);
      await this.#noteRefusal(kind, hash, onRefused);
      throw await this.#refusal(kind, hash);
    }
  }

  /** The whole login succeeded: the account's count is reset, and address and bank have one failure less. */
  async succeed(tx: Tx, attempt: Attempt): Promise<void> {
    await tx
      .deleteFrom('login_attempts')
      .where('book_id', '=', this.#context.bookId)
      .where('kind', '=', 'account')
      .where('subject_hash', '=', hashSubject(attempt.email))
      .execute();
    await this.forgive(tx, attempt);
    await this.#sweep(tx);
  }

  /** The attempt did not fail, but the login is not complete yet. */
  async forgive(db: Db, attempt: Attempt): Promise<void> {
    for (const [kind, subject] of countersOf(attempt)) {
      if (kind === 'account') continue;
      await db
        .updateTable('login_attempts')
        .set({ failures: sql`greatest(failures - 1, 0)` })
        .where('book_id', '=', this.#context.bookId)
        .where('kind', '=', kind)
        .where('subject_hash', '=', hashSubject(subject))
        .execute();
    }
  }

  /** Whether the attempt was let through. */
  async #count(kind: Kind, subject: string): Promise<boolean> {
    const { db, bookId, clock } = this.#context;
    const limit = LIMITS[kind];
    const nowMs = clock.nowMs();
    const now = new Date(nowMs);
    const hash = hashSubject(subject);
    const waits = sql`interval '1 millisecond' * case when a.failures < ${limit.free} then 0 else
      least(${limit.longestDelayMs}::float8, ${limit.firstDelayMs} * 2 ^ least(a.failures - ${limit.free}, 30)) end`;
    // Clocks of several processes differ: a last attempt in the future causes no wait while failures are free.
    const { rows } = await sql<{ failures: number }>`
      insert into login_attempts as a (book_id, kind, subject_hash, failures, last_attempt_at)
      values (${bookId}, ${kind}, ${hash}, 1, ${now})
      on conflict (book_id, kind, subject_hash) do update set
        failures = case when a.last_attempt_at + ${waits} + ${limit.memoryMs} * interval '1 millisecond' <= ${now}
          then 1 else a.failures + 1 end,
        last_attempt_at = ${now}
      where a.failures < ${limit.free} or a.last_attempt_at + ${waits} <= ${now}
      returning a.failures`.execute(db);
    return rows.length === 1;
  }

  async #noteRefusal(kind: Kind, hash: Buffer, onRefused: (tx: Tx) => Promise<void>): Promise<void> {
    const { db, bookId } = this.#context;
    await inTransaction(db, async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('login_attempts')
        .set({ refused_attempt_at: sql`last_attempt_at` })
        .where('book_id', '=', bookId)
        .where('kind', '=', kind)
        .where('subject_hash', '=', hash)
        .where(sql<boolean>`refused_attempt_at is distinct from last_attempt_at`)
        .executeTakeFirst();
      if (numUpdatedRows === 1n) await onRefused(tx);
    });
  }

  async #refusal(kind: Kind, hash: Buffer): Promise<FlorinError> {
    const { db, bookId, clock } = this.#context;
    const nowMs = clock.nowMs();
    const row = await db
      .selectFrom('login_attempts')
      .select(['failures', 'last_attempt_at'])
      .where('book_id', '=', bookId)
      .where('kind', '=', kind)
      .where('subject_hash', '=', hash)
      .executeTakeFirst();
    const readyMs =
      row === undefined ? nowMs : row.last_attempt_at.getTime() + delayMs(LIMITS[kind], row.failures);
    const seconds = Math.max(1, Math.ceil((readyMs - nowMs) / SECOND_MS));
    return commonError('too_many_requests', { what: 'failed attempts', retryAfterSeconds: seconds });
  }

  async #sweep(tx: Tx): Promise<void> {
    const { bookId, clock } = this.#context;
    const before = new Date(clock.nowMs() - KEPT_MS);
    await sql`
      delete from login_attempts where (book_id, kind, subject_hash) in (
        select book_id, kind, subject_hash from login_attempts
        where book_id = ${bookId} and last_attempt_at < ${before}
        order by last_attempt_at, kind, subject_hash limit ${SWEEP_COUNT}
        for update skip locked)`.execute(tx);
  }
}

function countersOf({ email, address }: Attempt): [Kind, string][] {
  const own: [Kind, string][] = [['account', email]];
  if (address !== undefined) own.push(['address', address]);
  return [...own, ['overall', '']];
}

function hashSubject(subject: string): Buffer {
  return hash('sha256', subject, 'buffer');
}

function delayMs({ free, firstDelayMs, longestDelayMs }: Limit, failures: number): number {
  return failures < free ? 0 : Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - free));
}
