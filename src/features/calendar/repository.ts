import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { columns, withoutNulls } from '#db/rows.ts';
import { BusinessCalendar, CALENDAR_DAYS_AHEAD, CALENDAR_DAYS_BACK } from '#lib/time/business-calendar.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';

export type Holiday = { readonly date: IsoDate; readonly name: string };

/** A book's date and calendar, as they are. */
export type BookDay = {
  readonly businessDate: IsoDate;
  readonly datePolicy: 'calendar' | 'manual';
  readonly timeZone: string;
  readonly weekendDays: readonly number[];
  /** No entry is booked on this date or before it any more. */
  readonly closedThrough: IsoDate | undefined;
};

/** Throws when there is no such book. */
export async function selectBookDay(db: Db, bookId: number): Promise<BookDay> {
  const row = await db
    .selectFrom('books')
    .select(columns('books', ['business_date', 'date_policy', 'time_zone', 'weekend_days', 'closed_through']))
    .where('book_id', '=', bookId)
    .executeTakeFirstOrThrow();
  return withoutNulls(row);
}

/** The book's calendar, good for questions about a date, the business day before it and the three after it. */
export function loadCalendar(db: Db, bookId: number, from: IsoDate): Promise<BusinessCalendar> {
  const [first, last] = [addDays(from, -CALENDAR_DAYS_BACK), addDays(from, CALENDAR_DAYS_AHEAD)];
  return loadCalendarBetween(db, bookId, first, last);
}

/** The book's calendar with the holidays between two dates. */
export async function loadCalendarBetween(
  db: Db,
  bookId: number,
  from: IsoDate,
  to: IsoDate,
): Promise<BusinessCalendar> {
  const { weekendDays } = await selectBookDay(db, bookId);
  const rows = await db
    .selectFrom('holidays')
    .select('holiday_on as date')
    .where('book_id', '=', bookId)
    .where(sql<boolean>`holiday_on between ${from}::date and ${to}::date`)
    .execute();
  return new BusinessCalendar(
    weekendDays,
    rows.map(({ date }) => date),
  );
}

export type HolidayFilter = {
  readonly from?: IsoDate | undefined;
  readonly to?: IsoDate | undefined;
  readonly after?: IsoDate | undefined;
  readonly limit: number;
};

/** In the order of their dates. */
export async function listHolidays(db: Db, bookId: number, filter: HolidayFilter): Promise<Holiday[]> {
  const { from, to, after, limit } = filter;
  let query = db.selectFrom('holidays').select(['holiday_on as date', 'name']).where('book_id', '=', bookId);
  if (from !== undefined) query = query.where(sql<boolean>`holiday_on >= ${from}::date`);
  if (to !== undefined) query = query.where(sql<boolean>`holiday_on <= ${to}::date`);
  if (after !== undefined) query = query.where(sql<boolean>`holiday_on > ${after}::date`);
  return query.orderBy('holiday_on').limit(limit).execute();
}

/** Stores holidays that are not there yet, and returns them; those that are keep their names. */
export async function insertHolidays(
  tx: Tx,
  bookId: number,
  holidays: readonly Holiday[],
): Promise<Holiday[]> {
  const inserted = await tx
    .insertInto('holidays')
    .values(holidays.map(({ date, name }) => ({ book_id: bookId, holiday_on: date, name })))
    .onConflict((conflict) => conflict.doNothing())
    .returning(['holiday_on as date', 'name'])
    .execute();
  const dates = inserted.map(({ date }) => date);
  await noteChanged(tx, bookId, 'holidays', dates);
  return inserted;
}

/** Whether it was there. */
export async function deleteHoliday(tx: Tx, bookId: number, date: IsoDate): Promise<boolean> {
  const deleted = await tx
    .deleteFrom('holidays')
    .where('book_id', '=', bookId)
    .where(sql<boolean>`holiday_on = ${date}::date`)
    .executeTakeFirst();
  await noteChanged(tx, bookId, 'holidays', [date]);
  return deleted.numDeletedRows === 1n;
}

export async function updateWeekendDays(tx: Tx, bookId: number, days: readonly number[]): Promise<void> {
  await tx
    .updateTable('books')
    .set({ weekend_days: [...days] })
    .where('book_id', '=', bookId)
    .execute();
  await noteChanged(tx, bookId, 'books', ['book']);
}
