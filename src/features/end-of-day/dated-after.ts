import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** Whether the end of a business date, or of one after it, was begun. */
export async function hasRunFrom(db: Db, bookId: number, date: IsoDate): Promise<boolean> {
  const { rows } = await sql`
    select from end_of_day_runs where book_id = ${bookId} and business_date >= ${date}::date limit 1`.execute(
    db,
  );
  return rows.length > 0;
}
