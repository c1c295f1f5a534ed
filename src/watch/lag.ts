import type { Context } from '#db/context.ts';
import { columns } from '#db/rows.ts';
import { daysBetween } from '#lib/time/calendar.ts';
import { dateAt } from '#lib/time/dates.ts';

/** How far the bank lags behind. */
export type Lag = {
  readonly sealingSeconds: number;
  readonly businessDateDays: number;
  /** Undefined before the first end of day. */
  readonly closedDays: number | undefined;
};

/** Two reads of one row each. */
export async function readLag({ db, bookId, clock }: Pick<Context, 'db' | 'bookId' | 'clock'>): Promise<Lag> {
  const [book, oldest] = await Promise.all([
    db
      .selectFrom('books')
      .select(columns('books', ['business_date', 'closed_through', 'time_zone']))
      .where('book_id', '=', bookId)
      .executeTakeFirstOrThrow(),
    db
      .selectFrom('unsealed_rows')
      .select('unsealed_id as id')
      .where('book_id', '=', bookId)
      .orderBy('unsealed_id')
      .limit(1)
      .executeTakeFirst(),
  ]);
  const nowMs = clock.nowMs();
  const today = dateAt(nowMs, book.timeZone);
  return {
    // Another server's clock may be ahead.
    sealingSeconds: oldest === undefined ? 0 : Math.max(0, nowMs - uuidTimeMs(oldest.id)) / 1000,
    businessDateDays: daysBetween(book.businessDate, today),
    closedDays: book.closedThrough === null ? undefined : daysBetween(book.closedThrough, today),
  };
}

/** When a UUIDv7 was made: its first 48 bits (RFC 9562, 5.7). */
function uuidTimeMs(id: string): number {
  return Number.parseInt(id.replace('-', '').slice(0, 12), 16);
}
