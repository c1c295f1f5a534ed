import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { inTransaction } from '#db/transaction.ts';
import type { Caller } from '#lib/caller.ts';
import { unauthenticated, validationFailed } from '#lib/errors.ts';
import type { SessionId, UserId } from '#lib/ids.ts';
import { userError } from './errors.ts';
import { forgetDevices } from './known-devices.ts';
import {
  anonymous,
  type Origin,
  type Refusal,
  recordAlarm,
  recordRefusal,
  recordUserAct,
  triedFor,
} from './login-audit.ts';
import type { LoginThrottle } from './login-throttle.ts';
import { deleteReset, takeReset } from './password-resets.ts';
import {
  checkPassword,
  hashPassword,
  MIN_PASSWORD_LENGTH,
  passwordLength,
  verifyPassword,
} from './passwords.ts';
import { replaceRecoveryCodes } from './recovery-codes.ts';
import {
  asUserError,
  findCredentials,
  findUser,
  lockCredentials,
  lockWithAdmins,
  type TotpState,
  type UserWithCredentials,
  updateCredentials,
  updateUser,
} from './repository.ts';
import { revokeSessions } from './session-repository.ts';
import {
  findTotpStep,
  newRecoveryCodes,
  newTotpSecret,
  otpauthUri,
  sealTotpSecret,
  totpSecretOf,
} from './totp.ts';
import { normalizeEmail } from './user.ts';

/** A caller who may change their own credentials. */
export type OwnSession = {
  readonly userId: UserId;
  readonly sessionId: SessionId;
  readonly caller: Caller;
};

/** A code that an admin made, and what it is used for. */
export type ResetRequest = Origin & {
  readonly email: string;
  readonly code: string;
  readonly newPassword: string;
};

/** Users' changes to their own password and second factor. */
export class CredentialService {
  readonly #context: Context;
  readonly #throttle: LoginThrottle;

  constructor(context: Context, throttle: LoginThrottle) {
    this.#context = context;
    this.#throttle = throttle;
  }

  /**
   * Changes the caller's password, ends every other session and forgets the known devices. Throws 400 `validation_failed`, 401
   * `invalid_credentials` for the old password, 429 `too_many_requests`.
   */
  async changePassword(
    own: OwnSession,
    { oldPassword, newPassword }: { readonly oldPassword: string; readonly newPassword: string },
  ): Promise<void> {
    const proven = await this.#prove(own, 'changeOwnPassword', oldPassword);
    const hasTotp = proven.totp?.isConfirmed === true;
    checkPassword(newPassword, { email: proven.email, hasTotp, path: 'newPassword' });
    await assertNew(newPassword, proven.passwordHash);
    const passwordHash = await hashPassword(newPassword, this.#context.passwordCost);
    await this.#asProven(own, proven, async (tx, { totp }) => {
      checkPassword(newPassword, {
        email: proven.email,
        hasTotp: totp?.isConfirmed === true,
        path: 'newPassword',
      });
      const { bookId } = this.#context;
      const changed = { password_hash: passwordHash, must_change_password: false };
      await updateCredentials(tx, bookId, own.userId, changed);
      await deleteReset(tx, bookId, own.userId);
      await revokeSessions(tx, bookId, own.userId, own.sessionId);
      await forgetDevices(tx, bookId, own.userId);
      await this.#record(tx, own, 'changeOwnPassword');
    });
  }

  /**
   * Sets a new password with the code that an admin made, removes a lost second factor, and ends every session. Throws
   * 400 `validation_failed`, 401 `invalid_credentials` for an unknown user and a wrong, used or old code alike, 429
   * `too_many_requests`.
   */
  async resetPassword({ email: text, code, newPassword, ...origin }: ResetRequest): Promise<void> {
    const { db, bookId, clock, passwordCost } = this.#context;
    const email = normalizeEmail(text);
    const found = await findCredentials(db, bookId, email);
    const operation = 'resetPassword';
    const caller = anonymous(origin);
    const refuse = (tx: Tx, refusal: Refusal) =>
      recordRefusal(tx, this.#context, { caller, operation, email, user: found, refusal });
    // Nobody guesses 80 random bits: the counts that strangers can fill do not hold back the owner.
    const attempt = { email, address: origin.address, hasCode: true };
    await this.#throttle.begin(attempt, {
      onRefused: (tx) => refuse(tx, 'too_many_requests'),
      onAlarm: async () => undefined,
    });
    checkPassword(newPassword, { email, hasTotp: false, path: 'newPassword' });
    const passwordHash = await hashPassword(newPassword, passwordCost);
    const isDone = await inTransaction(db, async (tx) => {
      const user = found && (await lockCredentials(tx, bookId, found.id));
      const now = new Date(clock.nowMs());
      const reset =
        user?.status === 'active' ? await takeReset(tx, bookId, user.id, { code, now }) : undefined;
      if (user === undefined || reset === undefined) {
        await refuse(tx, user === undefined ? 'unknown_user' : 'wrong_code');
        return false;
      }
      await this.#setPassword(tx, user.id, { passwordHash, ...reset });
      await this.#throttle.succeed(tx, attempt);
      const after = reset.removesSecondFactor ? { secondFactor: false } : {};
      const owner = await triedFor(tx, this.#context, caller, user.customerId);
      await recordUserAct(tx, this.#context, { caller: owner, operation, userId: user.id, after });
      return true;
    });
    // Thrown outside the transaction: the record of the refusal must be committed.
    if (!isDone) throw userError('invalid_credentials');
  }

  async #setPassword(
    tx: Tx,
    id: UserId,
    {
      passwordHash,
      removesSecondFactor,
    }: { readonly passwordHash: string; readonly removesSecondFactor: boolean },
  ): Promise<void> {
    const { bookId } = this.#context;
    const nothing = { totp_secret: null, totp_confirmed_at: null, totp_last_step: null };
    await updateCredentials(tx, bookId, id, {
      password_hash: passwordHash,
      must_change_password: false,
      ...(removesSecondFactor ? nothing : {}),
    });
    if (removesSecondFactor) await replaceRecoveryCodes(tx, bookId, id, []);
    await revokeSessions(tx, bookId, id);
    await forgetDevices(tx, bookId, id);
  }

  /**
   * Changes the caller's own e-mail address, and ends every other session. Throws 400 `validation_failed`, 401
   * `invalid_credentials` for the password, 409 `user_exists`, 429 `too_many_requests`.
   */
  async changeEmail(
    own: OwnSession,
    { email, password }: { readonly email: string; readonly password: string },
  ): Promise<void> {
    const { db, bookId } = this.#context;
    const proven = await this.#prove(own, 'changeOwnEmail', password);
    try {
      await inTransaction(db, async (tx) => {
        const { user, otherActiveAdmins } = await lockWithAdmins(tx, bookId, own.userId);
        const locked = await lockCredentials(tx, bookId, own.userId);
        if (user === undefined || locked?.passwordHash !== proven.passwordHash) {
          throw userError('invalid_credentials');
        }
        user.change({ email }, otherActiveAdmins);
        await updateUser(tx, bookId, user);
        await revokeSessions(tx, bookId, own.userId, own.sessionId);
        const isStaff = user.state.customerId === undefined;
        const [before, after] = isStaff ? [{ email: proven.email }, { email: user.state.email }] : [];
        const { caller, userId } = own;
        const operation = 'changeOwnEmail';
        await recordUserAct(tx, this.#context, { caller, operation, userId, before, after });
      });
    } catch (error) {
      throw asUserError(error);
    }
  }

  /**
   * Creates a secret for an authenticator; it takes effect once a code of it is confirmed. Throws 409 `totp_enabled`.
   */
  async enrolTotp(own: OwnSession): Promise<{ secret: string; otpauthUri: string }> {
    const { db, bookId, dataKey } = this.#context;
    const secret = newTotpSecret();
    return inTransaction(db, async (tx) => {
      const { id, email } = await this.#lockWithoutTotp(tx, own);
      const sealed = sealTotpSecret(dataKey, id, secret);
      await updateCredentials(tx, bookId, id, { totp_secret: sealed, totp_last_step: null });
      await this.#record(tx, own, 'enrolTotp');
      return { secret, otpauthUri: otpauthUri(email, secret) };
    });
  }

  /**
   * Enables TOTP with a first code, and returns the recovery codes, which are shown only here. Throws 401
   * `invalid_credentials` for a wrong code, 409 `totp_enabled`, 409 `totp_not_enrolled`.
   */
  async confirmTotp(own: OwnSession, code: string): Promise<string[]> {
    const { db, bookId, clock, dataKey } = this.#context;
    const codes = newRecoveryCodes();
    await inTransaction(db, async (tx) => {
      const { id, totp } = await this.#lockWithoutTotp(tx, own);
      if (totp === undefined) throw userError('totp_not_enrolled');
      const step = this.#stepOf(id, totp, code, clock.nowMs(), dataKey);
      await updateCredentials(tx, bookId, id, {
        totp_confirmed_at: new Date(clock.nowMs()),
        totp_last_step: BigInt(step),
      });
      await replaceRecoveryCodes(tx, bookId, id, codes);
      await this.#record(tx, own, 'confirmTotp', { secondFactor: true });
    });
    return codes;
  }

  #stepOf(id: UserId, totp: TotpState, code: string, nowMs: number, dataKey: Context['dataKey']): number {
    const step = findTotpStep(code, totpSecretOf(dataKey, id, totp), nowMs, totp.lastStep);
    if (step === undefined) throw userError('invalid_credentials');
    return step;
  }

  /**
   * Removes the second factor. Throws 401 `invalid_credentials` for the password, 409 `password_too_short` for one that
   * is too short without a second factor, 429 `too_many_requests`.
   */
  async removeTotp(own: OwnSession, password: string): Promise<void> {
    const proven = await this.#prove(own, 'removeTotp', password);
    if (passwordLength(password) < MIN_PASSWORD_LENGTH) {
      throw userError('password_too_short', { minLength: MIN_PASSWORD_LENGTH });
    }
    await this.#asProven(own, proven, async (tx) => {
      const { bookId } = this.#context;
      const nothing = { totp_secret: null, totp_confirmed_at: null, totp_last_step: null };
      await updateCredentials(tx, bookId, own.userId, nothing);
      await replaceRecoveryCodes(tx, bookId, own.userId, []);
      await this.#record(tx, own, 'removeTotp', { secondFactor: false });
    });
  }

  /** The user with this password. A stolen session must not allow many guesses: they count as logins. */
  async #prove(
    { userId, sessionId, caller }: OwnSession,
    operation: string,
    password: string,
  ): Promise<UserWithCredentials> {
    const { db, bookId, passwordCost } = this.#context;
    const user = await findUser(db, bookId, userId);
    if (user === undefined) throw unauthenticated();
    const { email } = user;
    // The session is known to be the user's: whoever guesses elsewhere does not hold it back.
    const attempt = { email, address: caller.address, device: sessionId };
    const refuse = (tx: Tx, refusal: Refusal) =>
      recordRefusal(tx, this.#context, { caller, operation, email, user, refusal });
    await this.#throttle.begin(attempt, {
      onRefused: (tx) => refuse(tx, 'too_many_requests'),
      onAlarm: (tx, failedAttempts) => recordAlarm(tx, this.#context, { userId, failedAttempts }),
    });
    const found = await findCredentials(db, bookId, email);
    if (!(await verifyPassword(password, found?.passwordHash, passwordCost)) || found === undefined) {
      await inTransaction(db, (tx) => refuse(tx, 'wrong_password'));
      throw userError('invalid_credentials');
    }
    await inTransaction(db, (tx) => this.#throttle.succeed(tx, attempt));
    return found;
  }

  #record(
    tx: Tx,
    { userId, caller }: OwnSession,
    operation: string,
    after?: { readonly secondFactor: boolean },
  ): Promise<void> {
    return recordUserAct(tx, this.#context, { caller, operation, userId, after });
  }

  /** Works on the locked user, unless the checked password is no longer theirs. */
  async #asProven(
    { userId }: OwnSession,
    proven: UserWithCredentials,
    work: (tx: Tx, user: UserWithCredentials) => Promise<void>,
  ): Promise<void> {
    const { db, bookId } = this.#context;
    await inTransaction(db, async (tx) => {
      const user = await lockCredentials(tx, bookId, userId);
      if (user?.status !== 'active' || user.passwordHash !== proven.passwordHash)
        throw userError('invalid_credentials');
      await work(tx, user);
    });
  }

  async #lockWithoutTotp(tx: Tx, { userId }: OwnSession): Promise<UserWithCredentials> {
    const user = await lockCredentials(tx, this.#context.bookId, userId);
    if (user?.status !== 'active') throw unauthenticated();
    if (user.totp?.isConfirmed === true) throw userError('totp_enabled');
    return user;
  }
}

/** Throws 400 `validation_failed` for the password of before: who must change it has learned nothing else. */
async function assertNew(newPassword: string, hashBefore: string): Promise<void> {
  if (await verifyPassword(newPassword, hashBefore)) {
    throw validationFailed({ path: 'newPassword', message: 'must be another one than until now' });
  }
}
