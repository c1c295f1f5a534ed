import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** Whether something was done about a loan after a business date. */
export async function hasLoanEventAfter(db: Db, bookId: number, date: IsoDate): Promise<boolean> {
  const { rows } = await sql`
    select from loan_events where book_id = ${bookId} and booked_on > ${date}::date limit 1`.execute(db);
  return rows.length > 0;
}
