import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** Whether a hold or an attachment was placed, or captures settled, after a business date. */
export async function hasHoldAfter(db: Db, bookId: number, date: IsoDate): Promise<boolean> {
  const { rows } = await sql`
    select from holds where book_id = ${bookId} and placed_on > ${date}::date
    union all
    select from attachments where book_id = ${bookId} and placed_on > ${date}::date
    union all
    select from capture_settlements where book_id = ${bookId} and settled_on > ${date}::date limit 1`.execute(
    db,
  );
  return rows.length > 0;
}
