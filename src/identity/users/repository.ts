import { type Insertable, sql, type Updateable } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { violatedUnique } from '#db/postgres-error.ts';
import { columns } from '#db/rows.ts';
import type { Users } from '#db/tables.ts';
import { assert } from '#lib/assert.ts';
import type { Role } from '#lib/caller.ts';
import type { CustomerId, UserId } from '#lib/ids.ts';
import { userError } from './errors.ts';
import { User, type UserState, type UserStatus } from './user.ts';

/** A user with the instants of its row; without credentials. */
export type StoredUser = UserState & {
  readonly hasTotp: boolean;
  readonly mustChangePassword: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** A user with credentials. Stays in this feature. */
export type UserWithCredentials = UserState & {
  readonly passwordHash: string;
  readonly totp: TotpState | undefined;
  readonly hasTotp: boolean;
  readonly mustChangePassword: boolean;
};

export type TotpState = {
  readonly sealedSecret: Buffer;
  readonly isConfirmed: boolean;
  readonly lastStep: number | undefined;
};

export type UserFilter = {
  readonly role?: Role | undefined;
  readonly status?: UserStatus | undefined;
  readonly email?: string | undefined;
  readonly after?: UserId | undefined;
  readonly limit: number;
};

export async function insertUser(
  tx: Tx,
  bookId: number,
  user: User,
  {
    passwordHash,
    mustChangePassword = false,
  }: { readonly passwordHash: string; readonly mustChangePassword?: boolean },
): Promise<void> {
  const row = {
    book_id: bookId,
    ...toRow(user.state),
    password_hash: passwordHash,
    must_change_password: mustChangePassword,
  };
  await tx.insertInto('users').values(row).execute();
  await noteChanged(tx, bookId, 'users', [user.state.id]);
}

export async function updateUser(tx: Tx, bookId: number, { state }: User): Promise<void> {
  const updated = await tx
    .updateTable('users')
    .set({ ...toRow(state), updated_at: sql`now()` })
    .where('book_id', '=', bookId)
    .where('user_id', '=', state.id)
    .where('version', '=', state.version - 1)
    .executeTakeFirst();
  assert(updated.numUpdatedRows === 1n, 'a locked user is there to be changed');
  await noteChanged(tx, bookId, 'users', [state.id]);
}

/**
 * The user and every active admin, locked in ascending id for the rest of the transaction, so that two admins cannot
 * remove each other's role at the same time.
 */
export async function lockWithAdmins(
  tx: Tx,
  bookId: number,
  id: UserId,
): Promise<{ user: User | undefined; otherActiveAdmins: number }> {
  const rows = await selectRows(tx, bookId)
    .where((row) =>
      row.or([row('user_id', '=', id), row.and([row('role', '=', 'admin'), row('status', '=', 'active')])]),
    )
    .orderBy('user_id')
    .forNoKeyUpdate()
    .execute();
  const target = rows.find((row) => row.id === id);
  const others = rows.filter((row) => row.id !== id);
  return {
    user: target === undefined ? undefined : new User(toState(target)),
    otherActiveAdmins: others.length,
  };
}

export async function findUser(db: Db, bookId: number, id: UserId): Promise<StoredUser | undefined> {
  const row = await selectRows(db, bookId).where('user_id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toStored(row);
}

/** By normalised e-mail address. */
export async function findCredentials(
  db: Db,
  bookId: number,
  email: string,
): Promise<UserWithCredentials | undefined> {
  const row = await selectRows(db, bookId).where('email', '=', email).executeTakeFirst();
  return row === undefined ? undefined : toCredentials(row);
}

/** The user with credentials, locked for the rest of the transaction. */
export async function lockCredentials(
  tx: Tx,
  bookId: number,
  id: UserId,
): Promise<UserWithCredentials | undefined> {
  const row = await selectRows(tx, bookId).where('user_id', '=', id).forNoKeyUpdate().executeTakeFirst();
  return row === undefined ? undefined : toCredentials(row);
}

type CredentialColumn =
  | 'password_hash'
  | 'must_change_password'
  | 'totp_secret'
  | 'totp_confirmed_at'
  | 'totp_last_step';

/** Changes the credentials of a locked user. The version stays: of them, the resource shows only whether TOTP is on. */
export async function updateCredentials(
  tx: Tx,
  bookId: number,
  id: UserId,
  credentials: Pick<Updateable<Users>, CredentialColumn>,
): Promise<void> {
  const updated = await tx
    .updateTable('users')
    .set({ ...credentials, updated_at: sql`now()` })
    .where('book_id', '=', bookId)
    .where('user_id', '=', id)
    .executeTakeFirst();
  assert(updated.numUpdatedRows === 1n, 'a locked user is there to be changed');
  await noteChanged(tx, bookId, 'users', [id]);
}

/** Newest first. */
export async function listUsers(db: Db, bookId: number, filter: UserFilter): Promise<StoredUser[]> {
  let query = selectRows(db, bookId);
  if (filter.role !== undefined) query = query.where('role', '=', filter.role);
  if (filter.status !== undefined) query = query.where('status', '=', filter.status);
  if (filter.email !== undefined) query = query.where('email', '=', filter.email);
  if (filter.after !== undefined) query = query.where('user_id', '<', filter.after);
  const rows = await query.orderBy('user_id', 'desc').limit(filter.limit).execute();
  return rows.map(toStored);
}

/** The users of a customer, oldest first: a handful. */
export async function listUsersOf(db: Db, bookId: number, customerId: CustomerId): Promise<StoredUser[]> {
  const rows = await selectRows(db, bookId)
    .where('customer_id', '=', customerId)
    .orderBy('user_id')
    .execute();
  return rows.map(toStored);
}

export async function hasAnyUser(db: Db, bookId: number): Promise<boolean> {
  const row = await db
    .selectFrom('users')
    .select('user_id')
    .where('book_id', '=', bookId)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

function selectRows(db: Db, bookId: number) {
  return db
    .selectFrom('users as u')
    .select('u.user_id as id')
    .select(
      columns('u', ['email', 'name', 'role', 'customer_id', 'status', 'version', 'created_at', 'updated_at']),
    )
    .select(columns('u', ['password_hash', 'totp_secret', 'totp_confirmed_at', 'totp_last_step']))
    .select('u.must_change_password as mustChangePassword')
    .where('book_id', '=', bookId);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectRows>['executeTakeFirstOrThrow']>>;

function toRow(state: UserState): Omit<Insertable<Users>, 'book_id' | 'password_hash'> {
  return {
    user_id: state.id,
    email: state.email,
    name: state.name,
    role: state.role,
    customer_id: state.customerId ?? null,
    status: state.status,
    // Only a report of a death sets it.
    disabled_for: null,
    version: state.version,
  };
}

function toStored(row: Row): StoredUser {
  const { totpConfirmedAt, mustChangePassword, createdAt, updatedAt } = row;
  const hasTotp = totpConfirmedAt !== null;
  return { ...toState(row), hasTotp, mustChangePassword, createdAt, updatedAt };
}

function toCredentials(row: Row): UserWithCredentials {
  const { totpSecret: sealedSecret, totpConfirmedAt, totpLastStep, passwordHash, mustChangePassword } = row;
  const totp =
    sealedSecret === null
      ? undefined
      : {
          sealedSecret,
          isConfirmed: totpConfirmedAt !== null,
          lastStep: totpLastStep === null ? undefined : Number(totpLastStep),
        };
  return { ...toState(row), passwordHash, totp, hasTotp: totp?.isConfirmed === true, mustChangePassword };
}

function toState(row: Row): UserState {
  const { id, email, name, role, customerId, status, version } = row;
  return { id, email, name, role, customerId: customerId ?? undefined, status, version };
}

/** 409 `user_exists` if the database refused a user's e-mail address, otherwise the error itself. */
export function asUserError(error: unknown): unknown {
  if (violatedUnique(error) !== 'users_book_id_email_key') return error;
  return userError('user_exists', { fields: [{ path: 'email', message: 'belongs to another user' }] });
}
