import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { IsoDate } from '#lib/dates.ts';
import { addDays } from '#lib/dates.ts';

/**
 * Closes a date for entries and opens the next one, unless a later one is open already. Locks the book's row: those
 * who post on the date have committed then, and whoever comes after reads the new date. Doing it again changes
 * nothing.
 */
export async function closeDate(tx: Tx, bookId: number, date: IsoDate): Promise<void> {
  await sql`
    update books set business_date = greatest(business_date, ${addDays(date, 1)}::date),
      closed_through = greatest(closed_through, ${date}::date)
    where book_id = ${bookId}`.execute(tx);
}
