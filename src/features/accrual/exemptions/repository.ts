import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import type { AccountId, CustomerId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { TaxExemption } from './exemption.ts';

/** The exemptions of a customer as they were set last. */
export type StoredExemptions = {
  /** 1, 2, 3 …; 0 where none were ever set. */
  readonly revision: number;
  readonly exemptions: readonly TaxExemption[];
  readonly setBy: string | undefined;
  readonly setAt: Date | undefined;
};

const NONE: StoredExemptions = { revision: 0, exemptions: [], setBy: undefined, setAt: undefined };

export async function findExemptions(
  db: Db,
  bookId: number,
  customerId: CustomerId,
): Promise<StoredExemptions> {
  const row = await db
    .selectFrom('tax_exemptions')
    .select((eb) => [
      'revision',
      eb.ref('exemptions').$castTo<TaxExemption[]>().as('exemptions'),
      'set_by as setBy',
      'set_at as setAt',
    ])
    .where('book_id', '=', bookId)
    .where('customer_id', '=', customerId)
    .orderBy('revision', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? NONE;
}

export async function insertExemptions(
  tx: Tx,
  bookId: number,
  customerId: CustomerId,
  {
    revision,
    exemptions,
    setBy,
    setAt,
  }: Required<StoredExemptions> & { readonly setBy: string; readonly setAt: Date },
): Promise<void> {
  await tx
    .insertInto('tax_exemptions')
    .values({
      book_id: bookId,
      customer_id: customerId,
      revision,
      exemptions: JSON.stringify(exemptions),
      set_by: setBy,
      set_at: setAt,
    })
    .execute();
  await noteChanged(tx, bookId, 'tax_exemptions', [[customerId, revision]]);
}

/** Locks the accounts that a customer owns, by ascending id: what they accrue is written by whoever holds their rows. */
export async function lockOwnedAccounts(
  tx: Tx,
  bookId: number,
  customerId: CustomerId,
): Promise<AccountId[]> {
  const rows = await tx
    .selectFrom('accounts')
    .select('account_id as id')
    .where('book_id', '=', bookId)
    .where('customer_id', '=', customerId)
    .orderBy('account_id')
    .forNoKeyUpdate()
    .execute();
  return rows.map(({ id }) => id);
}

/** Has accounts counted again from a day on, at the next end of a day. Their rows are locked. */
export async function recountFrom(
  tx: Tx,
  bookId: number,
  ids: readonly AccountId[],
  from: IsoDate,
): Promise<void> {
  await tx
    .updateTable('interest_positions')
    .set({ recount_from: sql`least(recount_from, ${from}::date)` })
    .where('book_id', '=', bookId)
    .where(sql<boolean>`account_id = any(${ids}::uuid[])`)
    .execute();
}
