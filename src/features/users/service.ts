import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { inTransaction } from '#db/transaction.ts';
import { lockCustomer } from '#features/customers/contract.ts';
import { notFound } from '#lib/errors.ts';
import type { UserId } from '#lib/ids.ts';
import { newId } from '#lib/ids.ts';
import { asUserError } from './errors.ts';
import { checkPassword, hashPassword } from './passwords.ts';
import type { StoredUser, UserFilter } from './repository.ts';
import { findUser, insertUser, listUsers, lockWithAdmins, updateUser } from './repository.ts';
import { revokeSessions } from './session-repository.ts';
import type { UserChanges, UserDetails } from './user.ts';
import { normalizeEmail, User } from './user.ts';

/** The use cases of those who look after users; each is one database transaction. */
export class UserService {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Takes on a user with an initial password. Throws 400 `validation_failed`, 404 `not_found` for the customer,
   * 409 `customer_closed`, 409 `user_exists`.
   */
  async create(details: UserDetails, password: string): Promise<StoredUser> {
    const { db, bookId, ids } = this.#context;
    const user = User.create(newId(ids, 'user'), details);
    checkPassword(password, { email: user.state.email, hasTotp: false });
    const passwordHash = await hashPassword(password);
    try {
      await inTransaction(db, async (tx) => {
        await this.#checkCustomer(tx, user);
        await insertUser(tx, bookId, user, passwordHash);
      });
    } catch (error) {
      throw asUserError(error);
    }
    return this.get(user.state.id);
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
   * Changes name or role of the version the caller read; another role ends all sessions, which were opened with
   * the old one. Throws 400 `validation_failed`, 404 `not_found`, 409 `user_disabled`, 409 `last_admin`,
   * 412 `version_conflict`.
   */
  async change(id: UserId, version: number | '*', changes: UserChanges): Promise<StoredUser> {
    await this.#alter(id, (user, otherActiveAdmins) => {
      const roleBefore = user.state.role;
      user.assertVersion(version);
      user.change(changes, otherActiveAdmins);
      return { endsSessions: user.state.role !== roleBefore };
    });
    return this.get(id);
  }

  /** Ends a user's access, and every session. Throws 404 `not_found`, 409 `user_disabled`, 409 `last_admin`. */
  async disable(id: UserId): Promise<StoredUser> {
    await this.#alter(id, (user, otherActiveAdmins) => {
      user.disable(otherActiveAdmins);
      return { endsSessions: true };
    });
    return this.get(id);
  }

  /** Locks the active admins and the user, in ascending id; then the user's sessions. */
  async #alter(
    id: UserId,
    act: (user: User, otherActiveAdmins: number) => { endsSessions: boolean },
  ): Promise<void> {
    const { db, bookId } = this.#context;
    await inTransaction(db, async (tx) => {
      const { user, otherActiveAdmins } = await lockWithAdmins(tx, bookId, id);
      if (user === undefined) throw notFound();
      const { endsSessions } = act(user, otherActiveAdmins);
      await updateUser(tx, bookId, user);
      if (endsSessions) await revokeSessions(tx, bookId, id);
    });
  }

  async #checkCustomer(tx: Tx, { state: { customerId } }: User): Promise<void> {
    if (customerId === undefined) return;
    const customer = await lockCustomer(this.#context, tx, customerId);
    if (customer === undefined) throw notFound();
    customer.assertActive();
  }
}
