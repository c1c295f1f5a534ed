import type { Db, Tx } from '#db/database.ts';
import { columns } from '#db/rows.ts';
import { assert } from '#lib/assert.ts';
import { addDays, type IsoDate, laterOf } from '#lib/time/dates.ts';
import type { EntryDraft } from './entry.ts';

/** The last dates of the periods that are closed: all before them are, too. Hard ones are soft as well. */
export type ClosedPeriods = {
  readonly softClosedTo: IsoDate | null;
  readonly hardClosedTo: IsoDate | null;
};

/** A book's closed periods and its date, with its row locked: no posting is under way, and none begins. */
export type LockedPeriods = ClosedPeriods & {
  readonly businessDate: IsoDate;
  readonly closedThrough: IsoDate | null;
};

/** Up to which date the books are closed for a draft that is dated there, by its business date or its value date. */
export function closedFor(
  { softClosedTo, hardClosedTo }: ClosedPeriods,
  {
    businessDate: given,
    valueDate,
    intoClosed,
  }: Pick<EntryDraft, 'businessDate' | 'valueDate' | 'intoClosed'>,
  openDate: IsoDate,
): IsoDate | undefined {
  const closedTo = intoClosed === undefined ? softClosedTo : intoClosed === 'soft' ? hardClosedTo : null;
  if (closedTo === null) return undefined;
  const businessDate = given ?? openDate;
  const isInside = businessDate <= closedTo || (valueDate ?? businessDate) <= closedTo;
  return isInside ? closedTo : undefined;
}

/** The book's row, locked until the end of the transaction. Ask postings to make way first (requestClosing). */
export function lockPeriods(tx: Tx, bookId: number): Promise<LockedPeriods> {
  return tx
    .selectFrom('books')
    .select(columns('books', ['business_date', 'closed_through', 'soft_closed_to', 'hard_closed_to']))
    .where('book_id', '=', bookId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow();
}

/** Says of a locked book up to which dates it is closed. */
export async function setClosedPeriods(
  tx: Tx,
  bookId: number,
  { softClosedTo, hardClosedTo }: ClosedPeriods,
): Promise<void> {
  const updated = await tx
    .updateTable('books')
    .set({ soft_closed_to: softClosedTo, hard_closed_to: hardClosedTo })
    .where('book_id', '=', bookId)
    .executeTakeFirst();
  assert(updated.numUpdatedRows === 1n, 'a locked book is there');
}

/** The first date that no closed period holds; undefined where none is closed. */
export function openDateOf({ softClosedTo }: ClosedPeriods): IsoDate | undefined {
  return softClosedTo === null ? undefined : addDays(softClosedTo, 1);
}

/** The first date from a given one on that no closed period holds. For money that waited while periods were closed. */
export async function firstOpenDate(db: Db, bookId: number, date: IsoDate): Promise<IsoDate> {
  const closedTo = await selectClosedTo(db, bookId);
  return closedTo === undefined ? date : laterOf(date, addDays(closedTo, 1));
}

/** The last date that is closed, softly or hard. */
export async function selectClosedTo(db: Db, bookId: number): Promise<IsoDate | undefined> {
  const { softClosedTo } = await db
    .selectFrom('books')
    .select('soft_closed_to as softClosedTo')
    .where('book_id', '=', bookId)
    .executeTakeFirstOrThrow();
  return softClosedTo ?? undefined;
}
