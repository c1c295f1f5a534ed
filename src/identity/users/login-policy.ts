import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import type { Restriction } from '#lib/caller.ts';
import type { UserState } from './user.ts';

/** What the bank asks of those who log in. */
export type LoginPolicy = {
  /** Staff have a second factor: without one, they can do nothing but enrol it. */
  readonly staffSecondFactor: boolean;
  /** A password that an admin chose is changed at the first login. Applies to users who are created from then on. */
  readonly changeFirstPassword: boolean;
};

const NOTHING: LoginPolicy = { staffSecondFactor: false, changeFirstPassword: false };

export async function findLoginPolicy(db: Db, bookId: number): Promise<LoginPolicy> {
  const row = await db
    .selectFrom('login_policies')
    .select(['staff_second_factor as staffSecondFactor', 'change_first_password as changeFirstPassword'])
    .where('book_id', '=', bookId)
    .executeTakeFirst();
  return row ?? NOTHING;
}

export async function storeLoginPolicy(tx: Tx, bookId: number, policy: LoginPolicy): Promise<void> {
  const values = {
    staff_second_factor: policy.staffSecondFactor,
    change_first_password: policy.changeFirstPassword,
  };
  await tx
    .insertInto('login_policies')
    .values({ book_id: bookId, ...values })
    .onConflict((conflict) => conflict.column('book_id').doUpdateSet({ ...values, updated_at: sql`now()` }))
    .execute();
  await noteChanged(tx, bookId, 'login_policies', ['book']);
}

/** What a user must do before anything else; undefined for nothing. */
export function restrictionOf(
  policy: LoginPolicy,
  user: Pick<UserState, 'role'> & { readonly hasTotp: boolean; readonly mustChangePassword: boolean },
): Restriction | undefined {
  if (user.mustChangePassword) return 'password_change';
  const needsFactor = policy.staffSecondFactor && user.role !== 'customer' && !user.hasTotp;
  return needsFactor ? 'second_factor' : undefined;
}
