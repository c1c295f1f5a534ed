import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { inTransaction } from '#db/transaction.ts';
import type { AccessTokens } from '#identity/tokens/contract.ts';
import type { Caller, Restriction } from '#lib/caller.ts';
import { notFound } from '#lib/errors.ts';
import { newId, type SessionId, toTypeId, type UserId } from '#lib/ids.ts';
import type { OwnSession } from './credential-service.ts';
import { userError } from './errors.ts';
import { isKnownDevice, rememberDevice } from './known-devices.ts';
import {
  anonymous,
  callerOfUser,
  type Origin,
  type Refusal,
  recordAlarm,
  recordRefusal,
  recordSessionAct,
  recordUserAct,
  triedFor,
} from './login-audit.ts';
import { findLoginPolicy, restrictionOf } from './login-policy.ts';
import type { Attempt, LoginThrottle } from './login-throttle.ts';
import { verifyPassword } from './passwords.ts';
import { takeRecoveryCode } from './recovery-codes.ts';
import {
  findCredentials,
  findUser,
  lockCredentials,
  type UserWithCredentials,
  updateCredentials,
} from './repository.ts';
import {
  countUnspentTokens,
  deleteExpiredSessions,
  findRefreshToken,
  hashRefreshToken,
  insertRefreshToken,
  insertSession,
  listSessions,
  lockSessionOf,
  type RefreshToken,
  revokeSession,
  type Session,
  type StoredSession,
  spendRefreshToken,
  touchSession,
} from './session-repository.ts';
import { findTotpStep, totpSecretOf } from './totp.ts';
import { normalizeEmail } from './user.ts';

const MINUTE_MS = 60_000;
/** NIST SP 800-63B-4, 2.2.3: a new login after a day at the latest, and after an hour without use. */
const SESSION_MS = 24 * 60 * MINUTE_MS;
const IDLE_MS = 60 * MINUTE_MS;
/** Expired sessions are kept this long, so that a reused token is recognised as long as it can matter. */
const EXPIRED_SESSION_KEPT_MS = 24 * 60 * MINUTE_MS;
/** A client that lost the response retries within its own time-out; a later retry comes from somebody else. */
const RETRY_GRACE_MS = 30_000;

/** Tabs that may go on from one session: more than anybody keeps open, and a bound on what a thief can make. */
const MAX_TABS = 20;

const MAX_USER_AGENT_LENGTH = 200;

export type LoginRequest = {
  readonly email: string;
  readonly password: string;
  readonly otp?: string | undefined;
  readonly recoveryCode?: string | undefined;
  /** From an earlier login with this program: it is let in while strangers must wait. */
  readonly deviceToken?: string | undefined;
  /** Address and client, for the list of sessions. */
  readonly address?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly requestId?: string | undefined;
};

export type Tokens = {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresInSeconds: number;
  /** What must be done about the login before the tokens are good for anything else. */
  readonly restriction?: Restriction | undefined;
};

/** The answer to a login: also what names this device at the next one. */
export type LoginTokens = Tokens & { readonly deviceToken: string };

/** Opens, prolongs and ends sessions. Each use case is one database transaction, after the password is hashed. */
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
  async login(request: LoginRequest): Promise<LoginTokens> {
    const { db, bookId, passwordCost } = this.#context;
    const attempt = await this.#attemptOf(request);
    await this.#throttle.begin(attempt, {
      onRefused: async (tx) => {
        const user = await findCredentials(tx, bookId, attempt.email);
        await this.#recordRefusal(tx, request, user, 'too_many_requests');
      },
      onAlarm: async (tx, failedAttempts) => {
        const user = await findCredentials(tx, bookId, attempt.email);
        if (user !== undefined) await recordAlarm(tx, this.#context, { userId: user.id, failedAttempts });
      },
    });
    const found = await findCredentials(db, bookId, attempt.email);
    const isRight = await verifyPassword(request.password, found?.passwordHash, passwordCost);
    const refusal = refusalOf(found, isRight);
    if (refusal !== undefined || found === undefined) {
      await inTransaction(db, (tx) => this.#recordRefusal(tx, request, found, refusal ?? 'unknown_user'));
      throw userError('invalid_credentials');
    }
    const { otp, recoveryCode } = request;
    if (found.totp?.isConfirmed === true && otp === undefined && recoveryCode === undefined) {
      await inTransaction(db, async (tx) => {
        await this.#throttle.forgive(tx, attempt);
        await this.#recordRefusal(tx, request, found, 'otp_required');
      });
      throw userError('otp_required');
    }
    return this.#open(found, request, attempt);
  }

  /** How the attempt is counted. A device counts where it is one of the account's. */
  async #attemptOf({ email: text, address, deviceToken, otp, recoveryCode }: LoginRequest): Promise<Attempt> {
    const { db, bookId, clock } = this.#context;
    const email = normalizeEmail(text);
    const user = await findCredentials(db, bookId, email);
    const isKnown =
      user !== undefined &&
      deviceToken !== undefined &&
      (await isKnownDevice(db, bookId, user.id, { token: deviceToken, nowMs: clock.nowMs() }));
    const hasCode = user?.totp?.isConfirmed === true && (otp !== undefined || recoveryCode !== undefined);
    return { email, address, device: isKnown ? deviceToken : undefined, hasCode };
  }

  #recordRefusal(
    tx: Tx,
    request: LoginRequest,
    user: UserWithCredentials | undefined,
    refusal: Refusal,
  ): Promise<void> {
    const email = normalizeEmail(request.email);
    const what = { operation: 'login', email, user, refusal };
    return recordRefusal(tx, this.#context, { caller: anonymous(request), ...what });
  }

  async #open(found: UserWithCredentials, request: LoginRequest, attempt: Attempt): Promise<LoginTokens> {
    const { db, bookId, clock, ids } = this.#context;
    const sessionId = newId(ids, 'session');
    const mayTryCode = found.totp?.isConfirmed !== true || (await this.#throttle.beginCode(attempt.email));
    // Thrown outside the transaction: the record of the refusal must be committed.
    const opened = await inTransaction(db, async (tx) => {
      const user = await lockCredentials(tx, bookId, found.id);
      // The credentials checked before the lock must still be valid.
      const refusal =
        refusalOf(user, user?.passwordHash === found.passwordHash) ??
        (mayTryCode ? await this.#judgeCode(tx, user, request) : 'too_many_codes');
      if (user === undefined || refusal !== undefined) {
        await this.#recordRefusal(tx, request, user, refusal ?? 'unknown_user');
        return undefined;
      }
      await this.#throttle.succeed(tx, attempt);
      const refreshToken = await this.#insertSession(tx, user.id, sessionId, request);
      const now = new Date(clock.nowMs());
      const deviceToken = await rememberDevice(tx, bookId, user.id, { token: request.deviceToken, now });
      const caller = await callerOfUser(tx, this.#context, user, { ...request, sessionId });
      const after = { sessionId: toTypeId('session', sessionId) };
      await recordUserAct(tx, this.#context, { caller, operation: 'login', userId: user.id, after });
      return { refreshToken, deviceToken };
    });
    if (opened === undefined) throw userError('invalid_credentials');
    const tokens = await this.#tokensFor(found, sessionId, opened.refreshToken);
    return { ...tokens, deviceToken: opened.deviceToken };
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

  /** Accepts the code of a locked user with TOTP, unless it is wrong. */
  async #judgeCode(
    tx: Tx,
    user: UserWithCredentials | undefined,
    { otp, recoveryCode }: LoginRequest,
  ): Promise<Refusal | undefined> {
    const { bookId, clock, dataKey } = this.#context;
    if (user?.totp?.isConfirmed !== true) return undefined;
    const { id, totp } = user;
    if (otp === undefined) {
      const isTaken = recoveryCode !== undefined && (await takeRecoveryCode(tx, bookId, id, recoveryCode));
      return isTaken ? undefined : 'wrong_code';
    }
    const step = findTotpStep(otp, totpSecretOf(dataKey, id, totp), clock.nowMs(), totp.lastStep);
    if (step === undefined) return 'wrong_code';
    await updateCredentials(tx, bookId, id, { totp_last_step: BigInt(step) });
    return undefined;
  }

  /**
   * Exchanges a refresh token for the next. A spent one revokes the session, since two parties have it, unless it comes
   * within 30 s. Then another tab at the same address asks, and both go on; or a client that lost the response asks
   * from elsewhere, and the unused successor is void. Locks the session. Throws 401 `invalid_refresh_token`.
   */
  async refresh(refreshToken: string, origin: Origin = {}): Promise<Tokens> {
    const { db, bookId } = this.#context;
    const hash = hashRefreshToken(refreshToken);
    // Thrown outside the transaction: a revocation must be committed.
    const renewed = await inTransaction(db, async (tx) => {
      const session = await lockSessionOf(tx, bookId, hash);
      return session === undefined ? undefined : this.#renew(tx, session, hash, origin);
    });
    if (renewed === undefined) throw userError('invalid_refresh_token');
    return this.#tokensFor(renewed.user, renewed.sessionId, renewed.token);
  }

  async #renew(tx: Tx, session: Session, hash: Buffer, origin: Origin) {
    const { bookId, clock } = this.#context;
    const now = new Date(clock.nowMs());
    if (session.isRevoked || session.expiresAt <= now) return undefined;
    const presented = await findRefreshToken(tx, bookId, hash);
    if (now.getTime() - presented.createdAt.getTime() > IDLE_MS) return undefined;
    if (!(await this.#spend(tx, session.id, presented, { now, from: origin.address }))) {
      await revokeSession(tx, bookId, session.userId, session.id);
      const owner = await findUser(tx, bookId, session.userId);
      const caller = await triedFor(tx, this.#context, anonymous(origin), owner?.customerId);
      const reuse = { caller, operation: 'refresh', refusedWith: 'refresh_token_reused' };
      await recordSessionAct(tx, this.#context, { ...session, ...reuse });
      return undefined;
    }
    const user = await findUser(tx, bookId, session.userId);
    if (user?.status !== 'active') return undefined;
    await touchSession(tx, bookId, session.id, now);
    const token = await insertRefreshToken(tx, bookId, session.id, now, hash);
    const caller = await callerOfUser(tx, this.#context, user, { ...origin, sessionId: session.id });
    await recordSessionAct(tx, this.#context, { ...session, caller, operation: 'refresh' });
    return { user, sessionId: session.id, token };
  }

  /** Spends a token to make room for the next; false if the presented one does not entitle to it. */
  async #spend(
    tx: Tx,
    sessionId: SessionId,
    { hash, spentAt, spentFrom }: RefreshToken,
    spending: { readonly now: Date; readonly from: string | undefined },
  ): Promise<boolean> {
    const { bookId } = this.#context;
    if (spentAt === undefined) return spendRefreshToken(tx, bookId, sessionId, { hash }, spending);
    if (spending.now.getTime() - spentAt.getTime() > RETRY_GRACE_MS) return false;
    const isTab = spentFrom !== undefined && spentFrom === spending.from;
    if (isTab && (await countUnspentTokens(tx, bookId, sessionId)) < MAX_TABS) return true;
    return spendRefreshToken(tx, bookId, sessionId, { predecessorHash: hash }, spending);
  }

  /** Ends the caller's session. Ending it again succeeds and records nothing. */
  async logout({ userId, sessionId, caller }: OwnSession): Promise<void> {
    await this.#revoke(caller, 'logout', userId, sessionId);
  }

  listSessions(
    userId: UserId,
    page: { readonly after: SessionId | undefined; readonly limit: number },
  ): Promise<StoredSession[]> {
    const { db, bookId, clock } = this.#context;
    return listSessions(db, bookId, userId, { ...page, now: new Date(clock.nowMs()) });
  }

  /** Ends a session of the caller's own. Throws 404 `not_found`, also for somebody else's. */
  async revokeSession({ userId, caller }: OwnSession, sessionId: SessionId): Promise<void> {
    if (!(await this.#revoke(caller, 'revokeOwnSession', userId, sessionId))) throw notFound();
  }

  #revoke(caller: Caller, operation: string, userId: UserId, id: SessionId): Promise<boolean> {
    const { db, bookId } = this.#context;
    return inTransaction(db, async (tx) => {
      const isRevoked = await revokeSession(tx, bookId, userId, id);
      if (isRevoked) await recordSessionAct(tx, this.#context, { id, userId, caller, operation });
      return isRevoked;
    });
  }

  async #tokensFor(
    user: Pick<UserWithCredentials, 'id' | 'role' | 'customerId' | 'hasTotp' | 'mustChangePassword'>,
    sessionId: SessionId,
    refreshToken: string,
  ): Promise<Tokens> {
    const { id: userId, role, customerId } = user;
    const policy = await findLoginPolicy(this.#context.db, this.#context.bookId);
    const restriction = restrictionOf(policy, user);
    const { token, expiresInSeconds } = await this.#accessTokens.issue({
      userId,
      sessionId,
      role,
      customerId,
      restriction,
    });
    return { accessToken: token, refreshToken, expiresInSeconds, restriction };
  }
}

/** Why these credentials are refused. A wrong password comes first: only its owner learns that a user is disabled. */
function refusalOf(user: UserWithCredentials | undefined, isRightPassword: boolean): Refusal | undefined {
  if (user === undefined) return 'unknown_user';
  if (!isRightPassword) return 'wrong_password';
  return user.status === 'active' ? undefined : 'user_disabled';
}
