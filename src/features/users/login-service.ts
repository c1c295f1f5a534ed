import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { inTransaction } from '#db/transaction.ts';
import type { AccessTokens } from '#features/tokens/contract.ts';
import { notFound } from '#lib/errors.ts';
import type { SessionId, UserId } from '#lib/ids.ts';
import { newId } from '#lib/ids.ts';
import { invalidCredentials, invalidRefreshToken, otpRequired } from './errors.ts';
import type { Attempt, LoginThrottle } from './login-throttle.ts';
import { verifyPassword } from './passwords.ts';
import { takeRecoveryCode } from './recovery-codes.ts';
import type { UserWithCredentials } from './repository.ts';
import { findCredentials, findUser, lockCredentials, updateCredentials } from './repository.ts';
import type { RefreshToken, Session, StoredSession } from './session-repository.ts';
import {
  deleteExpiredSessions,
  findRefreshToken,
  hashRefreshToken,
  insertRefreshToken,
  insertSession,
  listSessions,
  lockSessionOf,
  revokeSession,
  spendRefreshToken,
  touchSession,
} from './session-repository.ts';
import { findTotpStep } from './totp.ts';
import { totpSecretOf } from './totp-secret.ts';
import { normalizeEmail } from './user.ts';

const MINUTE_MS = 60_000;
/** NIST SP 800-63B-4, 2.2.3: a new login after a day at the latest, and after an hour without use. */
const SESSION_MS = 24 * 60 * MINUTE_MS;
const IDLE_MS = 60 * MINUTE_MS;
/** Expired sessions are kept so long: a spent token that comes again is known while anybody could mean it. */
const EXPIRED_SESSION_KEPT_MS = 24 * 60 * MINUTE_MS;
/** A client whose answer was lost asks again within its own time-out; later, somebody else is asking. */
const RETRY_GRACE_MS = 30_000;

const MAX_USER_AGENT_LENGTH = 200;

export type LoginRequest = {
  readonly email: string;
  readonly password: string;
  readonly otp?: string | undefined;
  readonly recoveryCode?: string | undefined;
  /** Where from and with what, for the list of sessions. */
  readonly address?: string | undefined;
  readonly userAgent?: string | undefined;
};

export type Tokens = {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresInSeconds: number;
};

/** Opens, prolongs and ends sessions; each use case is one database transaction behind the password's hash. */
export class LoginService {
  readonly #context: Context;
  readonly #accessTokens: AccessTokens;
  readonly #throttle: LoginThrottle;

  constructor(context: Context, accessTokens: AccessTokens, throttle: LoginThrottle) {
    this.#context = context;
    this.#accessTokens = accessTokens;
    this.#throttle = throttle;
  }

  /**
   * Opens a session. Throws 401 `invalid_credentials`, the same after the same work for an unknown user, a wrong
   * password and a disabled user; 401 `otp_required` after a right password alone; 429 `too_many_requests`.
   */
  async login(request: LoginRequest): Promise<Tokens> {
    const { db, bookId } = this.#context;
    const attempt = { email: normalizeEmail(request.email), address: request.address };
    await this.#throttle.begin(attempt);
    const found = await findCredentials(db, bookId, attempt.email);
    const isRight = await verifyPassword(request.password, found?.passwordHash);
    if (found === undefined || !isRight || found.status !== 'active') throw invalidCredentials();
    const { otp, recoveryCode } = request;
    if (found.totp?.isConfirmed === true && otp === undefined && recoveryCode === undefined) {
      await this.#throttle.forgive(db, attempt);
      throw otpRequired();
    }
    return this.#open(found, request, attempt);
  }

  async #open(found: UserWithCredentials, request: LoginRequest, attempt: Attempt): Promise<Tokens> {
    const { db, bookId, ids } = this.#context;
    const sessionId = newId(ids, 'session');
    const refreshToken = await inTransaction(db, async (tx) => {
      const user = await lockCredentials(tx, bookId, found.id);
      // What was proven before the lock must still be so.
      if (user?.status !== 'active' || user.passwordHash !== found.passwordHash) throw invalidCredentials();
      await this.#takeSecondFactor(tx, user, request);
      await this.#throttle.succeed(tx, attempt);
      return this.#insertSession(tx, user.id, sessionId, request);
    });
    return this.#tokensFor(found, sessionId, refreshToken);
  }

  async #insertSession(tx: Tx, userId: UserId, id: SessionId, request: LoginRequest): Promise<string> {
    const { bookId, clock } = this.#context;
    const nowMs = clock.nowMs();
    const now = new Date(nowMs);
    await deleteExpiredSessions(tx, bookId, userId, new Date(nowMs - EXPIRED_SESSION_KEPT_MS));
    await insertSession(tx, bookId, {
      id,
      userId,
      address: request.address,
      userAgent: request.userAgent?.slice(0, MAX_USER_AGENT_LENGTH),
      now,
      expiresAt: new Date(nowMs + SESSION_MS),
    });
    return insertRefreshToken(tx, bookId, id, now);
  }

  /** Takes the code of a locked user with TOTP. Throws 401 `invalid_credentials`. */
  async #takeSecondFactor(
    tx: Tx,
    { id, totp }: UserWithCredentials,
    { otp, recoveryCode }: LoginRequest,
  ): Promise<void> {
    const { bookId, clock, dataKey } = this.#context;
    if (totp?.isConfirmed !== true) return;
    if (otp === undefined) {
      const isTaken = recoveryCode !== undefined && (await takeRecoveryCode(tx, bookId, id, recoveryCode));
      if (!isTaken) throw invalidCredentials();
      return;
    }
    const step = findTotpStep(otp, totpSecretOf(dataKey, id, totp), clock.nowMs(), totp.lastStep);
    if (step === undefined) throw invalidCredentials();
    await updateCredentials(tx, bookId, id, { totp_last_step: BigInt(step) });
  }

  /**
   * Exchanges a refresh token for the next. One that was spent before revokes the session, since two have it; but
   * whoever lost the answer may ask again within 30 s while the successor was not used, which is then dead.
   * Locks the session. Throws 401 `invalid_refresh_token`.
   */
  async refresh(refreshToken: string): Promise<Tokens> {
    const { db, bookId } = this.#context;
    const hash = hashRefreshToken(refreshToken);
    // Thrown outside of the transaction: a revocation must be committed.
    const renewed = await inTransaction(db, async (tx) => {
      const session = await lockSessionOf(tx, bookId, hash);
      return session === undefined ? undefined : this.#renew(tx, session, hash);
    });
    if (renewed === undefined) throw invalidRefreshToken();
    return this.#tokensFor(renewed.user, renewed.sessionId, renewed.token);
  }

  async #renew(tx: Tx, session: Session, hash: Buffer) {
    const { bookId, clock } = this.#context;
    const now = new Date(clock.nowMs());
    if (session.isRevoked || session.expiresAt <= now) return undefined;
    const presented = await findRefreshToken(tx, bookId, hash);
    if (now.getTime() - presented.createdAt.getTime() > IDLE_MS) return undefined;
    if (!(await this.#spend(tx, session.id, presented, now))) {
      await revokeSession(tx, bookId, session.userId, session.id);
      return undefined;
    }
    const user = await findUser(tx, bookId, session.userId);
    if (user?.status !== 'active') return undefined;
    await touchSession(tx, bookId, session.id, now);
    const token = await insertRefreshToken(tx, bookId, session.id, now, hash);
    return { user, sessionId: session.id, token };
  }

  /** Makes room for the next token: false if the presented one gives no right to it. */
  async #spend(tx: Tx, sessionId: SessionId, { hash, spentAt }: RefreshToken, now: Date): Promise<boolean> {
    const { bookId } = this.#context;
    if (spentAt === undefined) return spendRefreshToken(tx, bookId, sessionId, { hash }, now);
    if (now.getTime() - spentAt.getTime() > RETRY_GRACE_MS) return false;
    return spendRefreshToken(tx, bookId, sessionId, { predecessorHash: hash }, now);
  }

  /** Ends a session; ending it twice is no error. */
  async logout(userId: UserId, sessionId: SessionId): Promise<void> {
    await revokeSession(this.#context.db, this.#context.bookId, userId, sessionId);
  }

  listSessions(
    userId: UserId,
    page: { readonly after: SessionId | undefined; readonly limit: number },
  ): Promise<StoredSession[]> {
    const { db, bookId, clock } = this.#context;
    return listSessions(db, bookId, userId, { ...page, now: new Date(clock.nowMs()) });
  }

  /** Ends a session of the user's own. Throws 404 `not_found`, also for somebody else's. */
  async revokeSession(userId: UserId, sessionId: SessionId): Promise<void> {
    const { db, bookId } = this.#context;
    if (!(await revokeSession(db, bookId, userId, sessionId))) throw notFound();
  }

  async #tokensFor(
    { id: userId, role, customerId }: Pick<UserWithCredentials, 'id' | 'role' | 'customerId'>,
    sessionId: SessionId,
    refreshToken: string,
  ): Promise<Tokens> {
    const { token, expiresInSeconds } = await this.#accessTokens.issue({
      userId,
      sessionId,
      role,
      customerId,
    });
    return { accessToken: token, refreshToken, expiresInSeconds };
  }
}
