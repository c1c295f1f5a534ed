import { sql } from 'kysely';
import type { Db, Tx } from '#db/database.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';

/** How long postings make way: longer than any batch takes, and soon over if the closing never comes. */
const REQUEST_SECONDS = 2;

/** Asks postings to make way for closeDate, for two seconds. Takes no lock that they hold. */
export async function requestClosing(db: Db, bookId: number): Promise<void> {
  await sql`
    insert into closing_requests (book_id, expires_at)
    values (${bookId}, now() + make_interval(secs => ${REQUEST_SECONDS}))
    on conflict (book_id) do update set expires_at = excluded.expires_at`.execute(db);
}

/**
 * Closes a date for entries and opens the next one, unless a later one is open already. Locks the book's row: by then,
 * postings on the date have committed, and later ones read the new date. Repeating it changes nothing.
 */
export async function closeDate(tx: Tx, bookId: number, date: IsoDate): Promise<void> {
  await sql`
    update books set business_date = greatest(business_date, ${addDays(date, 1)}::date),
      closed_through = greatest(closed_through, ${date}::date)
    where book_id = ${bookId}`.execute(tx);
  await endClosingRequest(tx, bookId);
}

/** Ends a request to close, in the transaction that closed. */
export async function endClosingRequest(tx: Tx, bookId: number): Promise<void> {
  await sql`delete from closing_requests where book_id = ${bookId}`.execute(tx);
}
