import type { Context } from '#db/context.ts';
import type { Db } from '#db/database.ts';
import type { PersonalSeal } from '#features/audit/contract.ts';
import { personalSeal } from '#features/customers/contract.ts';
import type { AccountId } from '#lib/ids.ts';

/**
 * Seals for the audit trail what may speak of the people of an account: with the key of its owner, which goes with the
 * owner. Undefined where there is no such account.
 */
export async function accountSeal(
  db: Db,
  context: Pick<Context, 'bookId' | 'dataKey'>,
  accountId: AccountId,
): Promise<PersonalSeal | undefined> {
  const row = await db
    .selectFrom('accounts')
    .select('customer_id')
    .where('book_id', '=', context.bookId)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  return row === undefined ? undefined : personalSeal(db, context, row.customer_id);
}
