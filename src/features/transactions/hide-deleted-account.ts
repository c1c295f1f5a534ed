import { sql } from 'kysely';
import type { Context } from '#db/context.ts';
import { FlorinError, notFound } from '#lib/errors.ts';
import type { AccountId } from '#lib/ids.ts';
import type { Sides } from './movement.ts';

/**
 * Those of the sides whose account went with its customer. Its ledger account is left, closed, but nobody must
 * tell it from an id that never was: `account_closed` becomes `not_found`.
 */
export async function findDeletedAccounts(
  { db, bookId }: Pick<Context, 'db' | 'bookId'>,
  sides: readonly Sides[],
): Promise<ReadonlySet<AccountId>> {
  const ids = sides
    .flatMap(({ debit, credit }) => [debit, credit])
    .filter((side) => typeof side === 'string');
  if (ids.length === 0) return new Set();
  const { rows } = await sql<{ id: AccountId }>`
    select id from unnest(${ids}::uuid[]) as wanted (id)
    where not exists (select from accounts where book_id = ${bookId} and account_id = wanted.id)`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

/** 404 `not_found` in place of 409 `account_closed` for a deleted account; any other error as it is. */
export async function hideDeletedAccount(context: Context, error: unknown, sides: Sides): Promise<unknown> {
  if (!(error instanceof FlorinError) || error.code !== 'account_closed') return error;
  return (await findDeletedAccounts(context, [sides])).size > 0 ? notFound() : error;
}
