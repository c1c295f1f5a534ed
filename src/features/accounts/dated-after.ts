import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** Whether an account was opened or closed after a business date. */
export async function hasAccountAfter(db: Db, bookId: number, date: IsoDate): Promise<boolean> {
  const { rows } = await sql`
    select from accounts
    where book_id = ${bookId} and (opened_on > ${date}::date or closed_on > ${date}::date) limit 1`.execute(
    db,
  );
  return rows.length > 0;
}
