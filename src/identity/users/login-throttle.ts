import { hash } from 'node:crypto';
import { sql } from 'kysely';
import type { Context } from '#db/context.ts';
import type { Db, Tx } from '#db/database.ts';
import { inTransaction } from '#db/transaction.ts';
import { commonError, type FlorinError } from '#lib/errors.ts';

type Kind = 'pair' | 'device' | 'code' | 'account' | 'address' | 'overall';

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

const GUESSER = {
  free: 10,
  firstDelayMs: 30 * SECOND_MS,
  longestDelayMs: 15 * MINUTE_MS,
  memoryMs: 15 * MINUTE_MS,
} as const satisfies Limit;

/**
 * The failures allowed. Pair, of an account and an address: a guesser has these, and locks out nobody elsewhere.
 * Device: the same for one that the user has logged in with. Code: of codes that were wrong after a right password,
 * which strangers cannot reach. Account: guesses from many addresses, which hold back only callers without a known
 * device or a code. NIST SP 800-63B-4, 3.2.2 requires at most 100 consecutive failures; nobody is locked out
 * permanently. Address: an office of people who mistype. Overall: a bank's Monday morning; its waits stay short, since
 * they affect everybody.
 */
const LIMITS: Readonly<Record<Kind, Limit>> = {
  pair: GUESSER,
  device: GUESSER,
  code: GUESSER,
  account: { ...GUESSER, free: 50 },
  address: {
    free: 100,
    firstDelayMs: 5 * SECOND_MS,
    longestDelayMs: 5 * MINUTE_MS,
    memoryMs: 15 * MINUTE_MS,
  },
  overall: { free: 2_000, firstDelayMs: SECOND_MS, longestDelayMs: 5 * SECOND_MS, memoryMs: 15 * MINUTE_MS },
};

/** The first failures of an account in a row are its owner's; from then on, at each doubling, the owner should know. */
const ALARM_AT = 10;

/** Counters untouched for a day are obsolete. */
const KEPT_MS = 24 * 60 * MINUTE_MS;
/** Old counters removed with each successful login: more than one login adds. */
const SWEEP_COUNT = 20;

/** The subjects under which a login attempt is counted. */
export type Attempt = {
  readonly email: string;
  readonly address: string | undefined;
  /** A device or session that is known to be the account's. */
  readonly device?: string | undefined;
  /** A code came with the password: the counts that strangers can fill do not hold it back. */
  readonly hasCode?: boolean | undefined;
};

/** What the throttle tells of an attempt, each in the transaction that records it. */
export type ThrottleEvents = {
  /** Refused for the first time in a wait: further attempts change nothing and would only fill the audit trail. */
  readonly onRefused: (tx: Tx) => Promise<void>;
  /** The account has enough failures, from wherever they came, for its owner to know. */
  readonly onAlarm: (tx: Tx, failures: number) => Promise<void>;
};

/**
 * Counts failed proofs of identity in PostgreSQL, for all processes together. An attempt is counted before it is
 * checked, so that parallel attempts do not all pass as the first.
 */
export class LoginThrottle {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Counts an attempt as failed until it succeeds. Throws 429 `too_many_requests` while it must wait. */
  async begin(attempt: Attempt, { onRefused, onAlarm }: ThrottleEvents): Promise<void> {
    // The widest last: an attempt refused for its own account or address does not count against everybody.
    for (const [kind, subject] of countersOf(attempt)) {
      const failures = await this.#count(kind, subject);
      const isForStrangers = kind === 'pair' || kind === 'account';
      const isHeldBack = failures === undefined && !(isForStrangers && attempt.hasCode === true);
      if (kind === 'account' && failures !== undefined && isAlarming(failures)) {
        await inTransaction(this.#context.db, (tx) => onAlarm(tx, failures));
      }
      if (!isHeldBack) continue;
      const hash = hashSubject(subject);
      await this.#noteRefusal(kind, hash, onRefused);
      throw await this.#refusal(kind, hash);
    }
  }

  /**
   * Counts a code as wrong until the login succeeds: only callers with the right password come here. False while they
   * must wait.
   */
  async beginCode(email: string): Promise<boolean> {
    return (await this.#count('code', email)) !== undefined;
  }

  /** The whole login succeeded: the account's counts are reset, and address and bank have one failure less. */
  async succeed(tx: Tx, attempt: Attempt): Promise<void> {
    const { email } = attempt;
    const own: [Kind, string][] = [
      ['code', email],
      ['account', email],
      ...countersOf(attempt).filter(([kind]) => kind === 'pair' || kind === 'device'),
    ];
    for (const [kind, subject] of own) {
      await tx
        .deleteFrom('login_attempts')
        .where('book_id', '=', this.#context.bookId)
        .where('kind', '=', kind)
        .where('subject_hash', '=', hashSubject(subject))
        .execute();
    }
    await this.forgive(tx, attempt);
    await this.#sweep(tx);
  }

  /** The attempt did not fail, but the login is not complete yet. */
  async forgive(db: Db, attempt: Attempt): Promise<void> {
    for (const [kind, subject] of countersOf(attempt)) {
      if (kind !== 'address' && kind !== 'overall') continue;
      await db
        .updateTable('login_attempts')
        .set({ failures: sql`greatest(failures - 1, 0)` })
        .where('book_id', '=', this.#context.bookId)
        .where('kind', '=', kind)
        .where('subject_hash', '=', hashSubject(subject))
        .execute();
    }
  }

  /** The failures with this one; undefined while attempts must wait. */
  async #count(kind: Kind, subject: string): Promise<number | undefined> {
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
    return rows[0]?.failures;
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

/** A known device is counted for itself: whoever shares its address, or guesses elsewhere, does not hold it back. */
function countersOf({ email, address, device }: Attempt): [Kind, string][] {
  if (device !== undefined) {
    return [
      ['device', `${email} ${device}`],
      ['overall', ''],
    ];
  }
  const from: [Kind, string][] = address === undefined ? [] : [['address', address]];
  return [['pair', `${email} ${address ?? ''}`], ['account', email], ...from, ['overall', '']];
}

/** At 10 failures, 20, 40, 80 … */
function isAlarming(failures: number): boolean {
  return failures % ALARM_AT === 0 && Number.isInteger(Math.log2(failures / ALARM_AT));
}

function hashSubject(subject: string): Buffer {
  return hash('sha256', subject, 'buffer');
}

function delayMs({ free, firstDelayMs, longestDelayMs }: Limit, failures: number): number {
  return failures < free ? 0 : Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - free));
}
