import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { afterCommit, inTransaction } from '#db/transaction.ts';
import { changedFields, recordAudit } from '#features/audit/contract.ts';
import { lockCustomer } from '#features/customers/contract.ts';
import type { Caller } from '#lib/caller.ts';
import { notFound } from '#lib/errors.ts';
import { newId, toTypeId, type UserId } from '#lib/ids.ts';
import { checkPassword, hashPassword } from './passwords.ts';
import {
  asUserError,
  findUser,
  insertUser,
  listUsers,
  lockWithAdmins,
  type StoredUser,
  type UserFilter,
  updateUser,
} from './repository.ts';
import { revokeSessions } from './session-repository.ts';
import { normalizeEmail, User, type UserChanges, type UserDetails, type UserState } from './user.ts';

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
    const { db, bookId, ids, passwordCost } = this.#context;
    const user = User.create(newId(ids, 'user'), details);
    checkPassword(password, { email: user.state.email, hasTotp: false });
    const passwordHash = await hashPassword(password, passwordCost);
    try {
      await inTransaction(db, async (tx) => {
        await this.#checkCustomer(tx, user);
        await insertUser(tx, bookId, user, passwordHash);
        await this.#record(tx, caller, 'createUser', undefined, user.state);
      });
    } catch (error) {
      throw asUserError(error);
    }
    return afterCommit(() => this.get(user.state.id));
  }

  /** Throws 404 `not_found`. */
  async get(id: UserId): Promise<StoredUser> {
    const user = await findUser(this.#context.db, this.#context.bookId, id);
    if (user === undefined) throw notFound();
    return user;
  }

  list(filter: UserFilter): Promise<StoredUser[]> {
    const email = filter.email === undefined ? undefined : normalizeEmail(filter.email);
    return listUsers(this.#context.db, this.#context.bookId, { ...filter, email });
  }

  /**
   * Changes name or role of the version that the caller read. A new role ends all sessions, which were opened with the
   * old one. Throws 400 `validation_failed`, 404 `not_found`, 409 `user_disabled`, 409 `last_admin`, 412
   * `version_conflict`.
   */
  async change(caller: Caller, id: UserId, version: number | '*', changes: UserChanges): Promise<StoredUser> {
    await this.#alter(caller, 'changeUser', id, (user, otherActiveAdmins) => {
      const roleBefore = user.state.role;
      user.assertVersion(version);
      user.change(changes, otherActiveAdmins);
      return { endsSessions: user.state.role !== roleBefore };
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

  /** Locks the active admins and the user, in ascending id; then the user's sessions. */
  async #alter(
    caller: Caller,
    operation: string,
    id: UserId,
    act: (user: User, otherActiveAdmins: number) => { endsSessions: boolean },
  ): Promise<void> {
    const { db, bookId } = this.#context;
    await inTransaction(db, async (tx) => {
      const { user, otherActiveAdmins } = await lockWithAdmins(tx, bookId, id);
      if (user === undefined) throw notFound();
      const before = user.state;
      const { endsSessions } = act(user, otherActiveAdmins);
      await updateUser(tx, bookId, user);
      await this.#record(tx, caller, operation, before, user.state);
      if (endsSessions) await revokeSessions(tx, bookId, id);
    });
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

  async #checkCustomer(tx: Tx, { state: { customerId } }: User): Promise<void> {
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
