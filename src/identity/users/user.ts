import type { Role } from '#lib/caller.ts';
import { checkAll } from '#lib/check-all.ts';
import { cleanEmail } from '#lib/contact.ts';
import { validationFailed } from '#lib/errors.ts';
import type { CustomerId, UserId } from '#lib/ids.ts';
import { assertMatch, type IfMatch } from '#lib/if-match.ts';
import { cleanName } from '#lib/text.ts';
import { isUnjudged } from '#lib/unjudged.ts';
import { userError } from './errors.ts';

const MAX_NAME_LENGTH = 200;

export type UserStatus = 'active' | 'disabled';

/** A user's state, without credentials. */
export type UserState = {
  readonly id: UserId;
  /** Normalised; unique in the book. */
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** Only with the role customer: the customer whose accounts the user may use. */
  readonly customerId: CustomerId | undefined;
  readonly status: UserStatus;
  readonly version: number;
};

export type UserDetails = {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly customerId?: CustomerId | undefined;
};

export type UserChanges = {
  readonly name?: string | undefined;
  readonly role?: Role | undefined;
  readonly email?: string | undefined;
};

/** A user who may log in, with every rule except those of passwords. Does no I/O. */
export class User {
  #state: UserState;

  constructor(state: UserState) {
    this.#state = state;
  }

  /** A new user. Throws 400 `validation_failed`, also for a customerId without the role customer or the reverse. */
  static create(id: UserId, { email, name, role, customerId }: UserDetails): User {
    const checked = checkAll({
      email: () => cleanEmail(normalizeEmail(email)),
      name: () => cleanName(name, 'name', MAX_NAME_LENGTH),
      customerId: () => customerOf(role, customerId),
    });
    return new User({
      id,
      ...checked,
      role,
      status: 'active',
      version: 1,
    });
  }

  get state(): UserState {
    return this.#state;
  }

  get isActiveAdmin(): boolean {
    return this.#state.role === 'admin' && this.#state.status === 'active';
  }

  /** Throws 412 `version_conflict` when the caller read another version. */
  assertVersion(version: IfMatch): void {
    assertMatch(version, this.#state.version);
  }

  /**
   * Changes the name, the role or the e-mail address. Throws 400 `validation_failed`, 409 `user_disabled`, 409 `last_admin` when no other
   * active admin would be left.
   */
  change({ name, role, email }: UserChanges, otherActiveAdmins: number): void {
    this.assertActive();
    const before = this.#state.role;
    if (role !== undefined && role !== before && (role === 'customer' || before === 'customer')) {
      throw validationFailed({ path: 'role', message: 'does not change to or from customer' });
    }
    if (role !== undefined && role !== 'admin') this.#assertNotLastAdmin(otherActiveAdmins);
    this.#state = {
      ...this.#state,
      name: name === undefined ? this.#state.name : cleanName(name, 'name', MAX_NAME_LENGTH),
      email: email === undefined ? this.#state.email : cleanEmail(normalizeEmail(email)),
      role: role ?? before,
      version: this.#state.version + 1,
    };
  }

  /** Ends the user's access. Throws 409 `user_disabled`, 409 `last_admin`. */
  disable(otherActiveAdmins: number): void {
    this.assertActive();
    this.#assertNotLastAdmin(otherActiveAdmins);
    this.#state = { ...this.#state, status: 'disabled', version: this.#state.version + 1 };
  }

  /** Gives the access back. Throws 409 `user_active`. */
  enable(): void {
    if (this.#state.status === 'active') throw userError('user_active');
    this.#state = { ...this.#state, status: 'active', version: this.#state.version + 1 };
  }

  /** Throws 409 `user_disabled`. */
  assertActive(): void {
    if (this.#state.status === 'disabled') throw userError('user_disabled');
  }

  #assertNotLastAdmin(otherActiveAdmins: number): void {
    if (this.isActiveAdmin && otherActiveAdmins === 0) {
      throw userError('last_admin');
    }
  }
}

/** An e-mail address as it is compared: trimmed, NFC, in lower case. */
export function normalizeEmail(text: string): string {
  return isUnjudged(text) ? text : text.normalize('NFC').trim().toLowerCase();
}

/** Throws 400 `validation_failed`. */
function customerOf(role: Role, customerId: CustomerId | undefined): CustomerId | undefined {
  if (role === 'customer' && customerId === undefined) {
    throw validationFailed({ path: 'customerId', message: 'is required for the role customer' });
  }
  if (role !== 'customer' && customerId !== undefined) {
    throw validationFailed({ path: 'customerId', message: `does not belong to the role ${role}` });
  }
  return customerId;
}
