import { randomBytes } from 'node:crypto';
import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { afterCommit, inTransaction } from '#db/transaction.ts';
import { changedFields, recordAudit } from '#features/audit/contract.ts';
import { lockCustomer } from '#features/customers/contract.ts';
import type { Caller } from '#lib/caller.ts';
import { checkAll } from '#lib/check-all.ts';
import { notFound } from '#lib/errors.ts';
import { type CustomerId, newId, toTypeId, type UserId } from '#lib/ids.ts';
import type { IfMatch } from '#lib/if-match.ts';
import { userError } from './errors.ts';
import { forgetDevices } from './known-devices.ts';
import { findLoginPolicy, type LoginPolicy, storeLoginPolicy } from './login-policy.ts';
import { insertReset, type PasswordReset } from './password-resets.ts';
import { checkPassword, hashPassword } from './passwords.ts';
import {
  asUserError,
  findUser,
  insertUser,
  listUsers,
  listUsersOf,
  lockWithAdmins,
  type StoredUser,
  type UserFilter,
  updateCredentials,
  updateUser,
} from './repository.ts';
import { revokeSessions } from './session-repository.ts';
import { normalizeEmail, User, type UserChanges, type UserDetails, type UserState } from './user.ts';

/** 256 random bits. */
const UNKNOWN_PASSWORD_BYTES = 32;

/** User administration. Each use case is one database transaction. */
export class UserService {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Creates a user with an initial password. Throws 400 `validation_failed`, 404 `not_found` for the customer, 409
   * `customer_closed`, 409 `user_exists`.
   */
  async create(caller: Caller, details: UserDetails, password: string): Promise<StoredUser> {
    const { db, bookId, passwordCost } = this.#context;
    const user = this.judge(details, password);
    const passwordHash = await hashPassword(password, passwordCost);
    try {
      await inTransaction(db, async (tx) => {
        await this.#checkCustomer(tx, user.state);
        const { changeFirstPassword: mustChangePassword } = await findLoginPolicy(tx, bookId);
        await insertUser(tx, bookId, user, { passwordHash, mustChangePassword });
        await this.#record(tx, caller, 'createUser', undefined, user.state);
      });
    } catch (error) {
      throw asUserError(error);
    }
    return afterCommit(() => this.get(user.state.id));
  }

  /** The user that would be created. Throws 400 `validation_failed`, and stores nothing. */
  judge(details: UserDetails, password: string): User {
    const { user } = checkAll({
      user: () => User.create(newId(this.#context.ids, 'user'), details),
      password: () => checkPassword(password, { email: normalizeEmail(details.email), hasTotp: false }),
    });
    return user;
  }

  /** Throws 404 `not_found`. */
  async get(id: UserId): Promise<StoredUser> {
    const user = await findUser(this.#context.db, this.#context.bookId, id);
    if (user === undefined) throw notFound();
    return user;
  }

  /** The users of a customer. */
  ofCustomer(customerId: CustomerId): Promise<StoredUser[]> {
    return listUsersOf(this.#context.db, this.#context.bookId, customerId);
  }

  list(filter: UserFilter): Promise<StoredUser[]> {
    const email = filter.email === undefined ? undefined : normalizeEmail(filter.email);
    return listUsers(this.#context.db, this.#context.bookId, { ...filter, email });
  }

  /**
   * Changes name, role or e-mail address of the version that the caller read. A new role or address ends all sessions,
   * which were opened with the old one. Throws 400 `validation_failed`, 404 `not_found`, 409 `user_disabled`,
   * `user_exists` or `last_admin`, 412 `version_conflict`.
   */
  async change(caller: Caller, id: UserId, version: IfMatch, changes: UserChanges): Promise<StoredUser> {
    await this.#alter(caller, 'changeUser', id, (user, otherActiveAdmins) => {
      const { role, email } = user.state;
      user.assertVersion(version);
      user.change(changes, otherActiveAdmins);
      return { endsSessions: user.state.role !== role || user.state.email !== email };
    });
    return afterCommit(() => this.get(id));
  }

  /** Ends a user's access, and every session. Throws 404 `not_found`, 409 `user_disabled`, 409 `last_admin`. */
  async disable(caller: Caller, id: UserId): Promise<StoredUser> {
    await this.#alter(caller, 'disableUser', id, (user, otherActiveAdmins) => {
      user.disable(otherActiveAdmins);
      return { endsSessions: true };
    });
    return afterCommit(() => this.get(id));
  }

  /**
   * Gives a disabled user the access back, with the password as it was. Throws 404 `not_found`, 409 `user_active`, and for a
   * customer's user `customer_closed` or `customer_deceased`.
   */
  async enable(caller: Caller, id: UserId): Promise<StoredUser> {
    const found = await this.get(id);
    await this.#alter(
      caller,
      'enableUser',
      id,
      (user) => {
        user.enable();
        return { endsSessions: false };
      },
      (tx) => this.#checkCustomer(tx, found),
    );
    return this.get(id);
  }

  /**
   * Gives a user who cannot log in a code that sets a new password once, and removes a lost second factor with it. The
   * password until now no longer works, and every session ends. Throws 404 `not_found`, 409 `user_disabled`, 409
   * `own_user` for the caller's own.
   */
  async reset(
    caller: Caller,
    id: UserId,
    { removesSecondFactor }: { readonly removesSecondFactor: boolean },
  ): Promise<PasswordReset> {
    const { db, bookId, clock, passwordCost } = this.#context;
    if (caller.actor === toTypeId('user', id)) throw userError('own_user');
    // Of a password that nobody knows.
    const passwordHash = await hashPassword(
      randomBytes(UNKNOWN_PASSWORD_BYTES).toString('base64url'),
      passwordCost,
    );
    return inTransaction(db, async (tx) => {
      const { user } = await lockWithAdmins(tx, bookId, id);
      if (user === undefined) throw notFound();
      user.assertActive();
      await updateCredentials(tx, bookId, id, { password_hash: passwordHash });
      await revokeSessions(tx, bookId, id);
      await forgetDevices(tx, bookId, id);
      const now = new Date(clock.nowMs());
      const reset = await insertReset(tx, bookId, id, { removesSecondFactor, now });
      const after = removesSecondFactor ? { secondFactor: false } : {};
      const resource = { resourceType: 'user', resourceId: toTypeId('user', id) } as const;
      await recordAudit(tx, this.#context, { caller, operation: 'resetUser', ...resource, after });
      return reset;
    });
  }

  policy(): Promise<LoginPolicy> {
    return findLoginPolicy(this.#context.db, this.#context.bookId);
  }

  /** Sets what the bank asks of those who log in. Sessions that are open follow with their next refresh. */
  async setPolicy(caller: Caller, policy: LoginPolicy): Promise<LoginPolicy> {
    const { db, bookId } = this.#context;
    await inTransaction(db, async (tx) => {
      const before = await findLoginPolicy(tx, bookId);
      await storeLoginPolicy(tx, bookId, policy);
      const resource = { resourceType: 'login_policy' } as const;
      const change = changedFields(before, policy);
      await recordAudit(tx, this.#context, { caller, operation: 'setLoginPolicy', ...resource, ...change });
    });
    return policy;
  }

  /** Locks the active admins and the user, in ascending id; then the user's sessions. */
  async #alter(
    caller: Caller,
    operation: string,
    id: UserId,
    act: (user: User, otherActiveAdmins: number) => { endsSessions: boolean },
    lockFirst: (tx: Tx) => Promise<void> = async () => undefined,
  ): Promise<void> {
    const { db, bookId } = this.#context;
    const work = async (tx: Tx): Promise<void> => {
      await lockFirst(tx);
      const { user, otherActiveAdmins } = await lockWithAdmins(tx, bookId, id);
      if (user === undefined) throw notFound();
      const before = user.state;
      const { endsSessions } = act(user, otherActiveAdmins);
      await updateUser(tx, bookId, user);
      await this.#record(tx, caller, operation, before, user.state);
      if (endsSessions) await revokeSessions(tx, bookId, id);
    };
    try {
      await inTransaction(db, work);
    } catch (error) {
      throw asUserError(error);
    }
  }

  #record(
    tx: Tx,
    caller: Caller,
    operation: string,
    before: UserState | undefined,
    after: UserState,
  ): Promise<void> {
    const change = changedFields(before && fieldsOf(before), fieldsOf(after));
    const resource = { resourceType: 'user', resourceId: toTypeId('user', after.id) } as const;
    return recordAudit(tx, this.#context, { caller, operation, ...resource, ...change });
  }

  async #checkCustomer(tx: Tx, { customerId }: Pick<UserState, 'customerId'>): Promise<void> {
    if (customerId === undefined) return;
    const customer = await lockCustomer(tx, this.#context, customerId);
    if (customer === undefined) throw notFound();
    customer.assertActive();
  }
}

/**
 * The user for the audit trail. It omits the name of a customer's user: the customer can be deleted, the trail stays.
 */
function fieldsOf({ customerId, email, name, ...details }: UserState): Record<string, unknown> {
  if (customerId === undefined) return { email, name, ...details };
  return { ...details, customerId: toTypeId('customer', customerId) };
}
