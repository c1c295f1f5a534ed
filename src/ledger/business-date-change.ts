import { sql } from 'kysely';
import type { Db, Tx } from '#db/database.ts';
import { columns } from '#db/rows.ts';
import { assert } from '#lib/assert.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** The last change of a book's date by hand. */
export type DateChange = {
  readonly dateBefore: IsoDate;
  readonly policyBefore: 'calendar' | 'manual';
  readonly dateSet: IsoDate;
};

/** A book's date and how far it is closed, with its row locked: no posting is under way, and none begins. */
export type LockedDate = {
  readonly businessDate: IsoDate;
  readonly datePolicy: 'calendar' | 'manual';
  readonly closedThrough: IsoDate | null;
};

export function lockBusinessDate(tx: Tx, bookId: number): Promise<LockedDate> {
  return tx
    .selectFrom('books')
    .select(columns('books', ['business_date', 'date_policy', 'closed_through']))
    .where('book_id', '=', bookId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow();
}

/**
 * Sets the date of a locked book by hand, which stops following the calendar, and keeps what it was before. The date
 * may not go back.
 */
export async function setBusinessDate(
  tx: Tx,
  bookId: number,
  { dateBefore, policyBefore, dateSet }: DateChange,
  { actor, changedAtMs }: { readonly actor: string; readonly changedAtMs: number },
): Promise<void> {
  assert(dateSet >= dateBefore, 'a business date does not go back');
  await updateBook(tx, bookId, { businessDate: dateSet, datePolicy: 'manual' });
  const change = {
    date_before: dateBefore,
    policy_before: policyBefore,
    date_set: dateSet,
    actor,
    changed_at: new Date(changedAtMs),
  };
  await tx
    .insertInto('business_date_changes')
    .values({ book_id: bookId, ...change })
    .onConflict((conflict) => conflict.column('book_id').doUpdateSet(change))
    .execute();
}

/** The last change by hand; undefined without one, or after it was taken back. */
export function findDateChange(db: Db, bookId: number): Promise<DateChange | undefined> {
  return db
    .selectFrom('business_date_changes')
    .select(columns('business_date_changes', ['date_before', 'policy_before', 'date_set']))
    .where('book_id', '=', bookId)
    .executeTakeFirst();
}

/** Takes a change back, in a book that is locked and in which nothing is dated after the date before it. */
export async function undoDateChange(tx: Tx, bookId: number, change: DateChange): Promise<void> {
  const { dateBefore, policyBefore } = change;
  await updateBook(tx, bookId, { businessDate: dateBefore, datePolicy: policyBefore });
  await tx.deleteFrom('business_date_changes').where('book_id', '=', bookId).execute();
}

async function updateBook(
  tx: Tx,
  bookId: number,
  { businessDate, datePolicy }: Pick<LockedDate, 'businessDate' | 'datePolicy'>,
): Promise<void> {
  const updated = await tx
    .updateTable('books')
    .set({ business_date: businessDate, date_policy: datePolicy })
    .where('book_id', '=', bookId)
    .executeTakeFirst();
  assert(updated.numUpdatedRows === 1n, 'a locked book is there');
}

/** Whether an entry is booked on a later date than this one. */
export async function hasEntryAfter(db: Db, bookId: number, date: IsoDate): Promise<boolean> {
  const { rows } = await sql`
    select from journal_entries where book_id = ${bookId} and business_date > ${date}::date limit 1`.execute(
    db,
  );
  return rows.length > 0;
}
