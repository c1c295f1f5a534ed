import { hash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Db, Tx } from '#db/database.ts';
import { columns, withoutNulls } from '#db/rows.ts';
import { assert } from '#lib/assert.ts';
import type { SessionId, UserId } from '#lib/ids.ts';

/** 256 random bits: nobody can guess one, so SHA-256 is enough of a hash. */
const REFRESH_TOKEN_BYTES = 32;

export type Session = {
  readonly id: SessionId;
  readonly userId: UserId;
  readonly expiresAt: Date;
  readonly isRevoked: boolean;
};

export type StoredSession = {
  readonly id: SessionId;
  readonly address: string | undefined;
  readonly userAgent: string | undefined;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
};

export type NewSession = {
  readonly id: SessionId;
  readonly userId: UserId;
  readonly address: string | undefined;
  readonly userAgent: string | undefined;
  readonly now: Date;
  readonly expiresAt: Date;
};

export type RefreshToken = {
  readonly hash: Buffer;
  readonly createdAt: Date;
  readonly spentAt: Date | undefined;
  /** The address from which it was spent. */
  readonly spentFrom: string | undefined;
};

export function hashRefreshToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

export async function insertSession(tx: Tx, bookId: number, session: NewSession): Promise<void> {
  const { id, userId, address, userAgent, now, expiresAt } = session;
  const row = {
    book_id: bookId,
    session_id: id,
    user_id: userId,
    address: address ?? null,
    user_agent: userAgent ?? null,
    created_at: now,
    last_used_at: now,
    expires_at: expiresAt,
  };
  await tx.insertInto('user_sessions').values(row).execute();
}

/** Stores and returns a new refresh token of the session. */
export async function insertRefreshToken(
  tx: Tx,
  bookId: number,
  sessionId: SessionId,
  now: Date,
  predecessorHash: Buffer | null = null,
): Promise<string> {
  const token = randomBytes(REFRESH_TOKEN_BYTES).toString('base64url');
  const row = {
    book_id: bookId,
    token_hash: hashRefreshToken(token),
    session_id: sessionId,
    predecessor_hash: predecessorHash,
    created_at: now,
  };
  await tx.insertInto('refresh_tokens').values(row).execute();
  return token;
}

/** The session of a refresh token, spent or not, locked for the rest of the transaction. */
export async function lockSessionOf(tx: Tx, bookId: number, tokenHash: Buffer): Promise<Session | undefined> {
  const row = await tx
    .selectFrom('user_sessions')
    .select('session_id as id')
    .select(columns('user_sessions', ['user_id', 'expires_at', 'revoked_at']))
    .where('book_id', '=', bookId)
    .where('session_id', '=', (from) =>
      from
        .selectFrom('refresh_tokens')
        .select('session_id')
        .where('book_id', '=', bookId)
        .where('token_hash', '=', tokenHash),
    )
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { revokedAt, ...session } = row;
  return { ...session, isRevoked: revokedAt !== null };
}

/** A refresh token of a locked session. */
export async function findRefreshToken(tx: Tx, bookId: number, hash: Buffer): Promise<RefreshToken> {
  const row = await tx
    .selectFrom('refresh_tokens')
    .select(['created_at', 'spent_at', 'spent_from'])
    .where('book_id', '=', bookId)
    .where('token_hash', '=', hash)
    .executeTakeFirst();
  assert(row !== undefined, 'the refresh token of a locked session is there');
  return {
    hash,
    createdAt: row.created_at,
    spentAt: row.spent_at ?? undefined,
    spentFrom: row.spent_from ?? undefined,
  };
}

/** Spends an unspent token of the session, or all the unspent successors of one; returns whether there was any. */
export async function spendRefreshToken(
  tx: Tx,
  bookId: number,
  sessionId: SessionId,
  which: { readonly hash: Buffer } | { readonly predecessorHash: Buffer },
  { now, from }: { readonly now: Date; readonly from: string | undefined },
): Promise<boolean> {
  const update = tx
    .updateTable('refresh_tokens')
    .set({ spent_at: now, spent_from: from ?? null })
    .where('book_id', '=', bookId)
    .where('session_id', '=', sessionId)
    .where('spent_at', 'is', null);
  const { numUpdatedRows } = await ('hash' in which
    ? update.where('token_hash', '=', which.hash)
    : update.where('predecessor_hash', '=', which.predecessorHash)
  ).executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** How many unspent tokens the session has. */
export async function countUnspentTokens(tx: Tx, bookId: number, sessionId: SessionId): Promise<number> {
  const row = await tx
    .selectFrom('refresh_tokens')
    .select(sql<number>`count(*)::int`.as('unspent'))
    .where('book_id', '=', bookId)
    .where('session_id', '=', sessionId)
    .where('spent_at', 'is', null)
    .executeTakeFirstOrThrow();
  return row.unspent;
}

export async function touchSession(tx: Tx, bookId: number, id: SessionId, now: Date): Promise<void> {
  await tx
    .updateTable('user_sessions')
    .set({ last_used_at: now })
    .where('book_id', '=', bookId)
    .where('session_id', '=', id)
    .execute();
}

/** Revokes one session of a user; returns whether there was one to revoke. */
export async function revokeSession(db: Db, bookId: number, userId: UserId, id: SessionId): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('user_sessions')
    .set({ revoked_at: sql`now()` })
    .where('book_id', '=', bookId)
    .where('user_id', '=', userId)
    .where('session_id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Revokes every session of a user except the given one. */
export async function revokeSessions(
  tx: Tx,
  bookId: number,
  userId: UserId,
  except?: SessionId,
): Promise<void> {
  let update = tx
    .updateTable('user_sessions')
    .set({ revoked_at: sql`now()` })
    .where('book_id', '=', bookId)
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null);
  if (except !== undefined) update = update.where('session_id', '<>', except);
  await update.execute();
}

/** The sessions of a user that are neither revoked nor expired, newest first. */
export async function listSessions(
  db: Db,
  bookId: number,
  userId: UserId,
  filter: { readonly now: Date; readonly after: SessionId | undefined; readonly limit: number },
): Promise<StoredSession[]> {
  let query = db
    .selectFrom('user_sessions')
    .select('session_id as id')
    .select(columns('user_sessions', ['address', 'user_agent', 'created_at', 'last_used_at', 'expires_at']))
    .where('book_id', '=', bookId)
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', filter.now);
  if (filter.after !== undefined) query = query.where('session_id', '<', filter.after);
  const rows = await query.orderBy('session_id', 'desc').limit(filter.limit).execute();
  return rows.map(withoutNulls);
}

/** Deletes a user's sessions that expired before an instant, with their tokens. */
export async function deleteExpiredSessions(
  tx: Tx,
  bookId: number,
  userId: UserId,
  before: Date,
): Promise<void> {
  await tx
    .deleteFrom('user_sessions')
    .where('book_id', '=', bookId)
    .where('user_id', '=', userId)
    .where('expires_at', '<', before)
    .execute();
}
