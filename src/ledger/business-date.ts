import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { columns } from '#db/rows.ts';
import { type AnyTx, run } from '#db/session.ts';
import { assert } from '#lib/assert.ts';
import { validationFailed } from '#lib/errors.ts';
import type { Clock } from '#lib/time/clock.ts';
import { dateAt, type IsoDate } from '#lib/time/dates.ts';
import { believableNowMs } from './believable-clock.ts';
import type { ClosedPeriods } from './closed-periods.ts';

const HOLD_DATE = `
  select business_date as "businessDate", soft_closed_to as "softClosedTo", hard_closed_to as "hardClosedTo",
    floor(extract(epoch from now()) * 1000)::float8 as "databaseNowMs",
    exists (select from closing_requests where book_id = $1 and expires_at > now()) as "isClosing",
    exists (select from limited_books where book_id = $1) as "isLimited",
    exists (select from charged_books where book_id = $1) as "isCharged"
  from books where book_id = $1 for share`;

function selectBookDate(db: Db, bookId: number) {
  return db
    .selectFrom('books')
    .select([
      ...columns('books', ['business_date', 'date_policy', 'time_zone', 'closed_through']),
      sql<boolean>`current_setting('transaction_read_only') = 'on'`.as('isReadOnly'),
      sql<number>`floor(extract(epoch from now()) * 1000)::float8`.as('databaseNowMs'),
    ])
    .where('book_id', '=', bookId);
}

/** The book's business date. Throws when there is no such book. */
export async function selectBusinessDate(db: Db, bookId: number): Promise<IsoDate> {
  return (await selectBookDate(db, bookId).executeTakeFirstOrThrow()).businessDate;
}

/**
 * The business date for postings of this transaction, which nobody can close before it ends: locks the book's row
 * (shared), before any ledger account. `onClosing` is called when somebody waits to close it.
 */
export async function holdBusinessDate(tx: AnyTx, bookId: number, onClosing?: () => void): Promise<IsoDate> {
  return (await holdBook(tx, bookId, onClosing)).businessDate;
}

/** Waits until nobody holds the book, and lets nobody hold it until the transaction ends: it is to be a short one. */
export async function lockBook(tx: Tx, bookId: number): Promise<void> {
  await tx.selectFrom('books').select('book_id').where('book_id', '=', bookId).forNoKeyUpdate().execute();
}

/**
 * A book whose date is held, the periods that are closed, and its flags: whether its postings are limited, so that their
 * guard must be asked, and whether they may cost a fee.
 */
export type HeldBook = ClosedPeriods & {
  readonly businessDate: IsoDate;
  readonly isLimited: boolean;
  /** Whether payments may cost a fee, so that its charges must be asked. */
  readonly isCharged: boolean;
  /** The database's time as it was held, in ms since 1970. */
  readonly databaseNowMs: number;
};

/** Like holdBusinessDate. */
export async function holdBook(
  tx: AnyTx,
  bookId: number,
  onClosing: () => void = () => undefined,
): Promise<HeldBook> {
  const { rows } = await run<HeldBook & { isClosing: boolean }>(tx, HOLD_DATE, [bookId]);
  assert(rows[0] !== undefined, 'a book is opened before it is posted to');
  const { isClosing, ...book } = rows[0];
  if (isClosing) onClosing();
  return book;
}

/**
 * Sets the flag of a book whose postings are limited from now on. It is read with the date, so that a book without
 * limits pays nothing for them. It has a row of its own: the book's row is shared by all postings.
 */
export async function markLimited(tx: Tx, bookId: number): Promise<void> {
  await tx
    .insertInto('limited_books')
    .values({ book_id: bookId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await noteChanged(tx, bookId, 'limited_books', ['book']);
}

/** Sets the flag of a book whose payments may cost a fee from now on, as markLimited does. */
export async function markCharged(tx: Tx, bookId: number): Promise<void> {
  await tx
    .insertInto('charged_books')
    .values({ book_id: bookId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await noteChanged(tx, bookId, 'charged_books', ['book']);
}

/**
 * Moves the date of a book that follows the calendar to today in its time zone. A date never goes back, so a
 * clock that was set back changes nothing, and one that is far ahead is not believed (believableNowMs). Where nothing
 * can be written the date stays, too. Returns the date that is now open.
 */
export async function followCalendar(db: Db, bookId: number, clock: Clock): Promise<IsoDate> {
  const book = await selectBookDate(db, bookId).executeTakeFirstOrThrow();
  if (book.datePolicy !== 'calendar' || book.isReadOnly) return book.businessDate;
  const today = dateAt(believableNowMs(clock, book.databaseNowMs), book.timeZone);
  if (today <= book.businessDate) return book.businessDate;
  await db
    .updateTable('books')
    .set({ business_date: today })
    .where('book_id', '=', bookId)
    .where('business_date', '<', today)
    .where('date_policy', '=', 'calendar')
    .execute();
  return selectBusinessDate(db, bookId);
}

/**
 * Throws 400 `validation_failed` for a date after the one that is open, or an instant that has not come: there are no
 * books of the future.
 */
export async function requireCome(
  db: Db,
  { bookId, clock }: { readonly bookId: number; readonly clock: Clock },
  asOf: { readonly businessDate: IsoDate } | { readonly instantMs: number },
): Promise<void> {
  const isFuture =
    'businessDate' in asOf
      ? asOf.businessDate > (await followCalendar(db, bookId, clock))
      : asOf.instantMs > clock.nowMs();
  if (isFuture) throw validationFailed({ path: 'asOf', message: 'must not be in the future' });
}

/** No time zone has its midnight within a quarter of an hour. */
const QUARTER_MS = 900_000;

/** Follows the calendar before every batch at the cost of a comparison: queries the database once a day. */
export class CalendarFollower {
  readonly #context: { readonly bookId: number; readonly clock: Clock };
  #timeZone: string | undefined;
  #today: IsoDate | undefined;
  /** The last quarter of an hour that was found to be of today. */
  #quarter: number | undefined;

  constructor(context: { readonly bookId: number; readonly clock: Clock }) {
    this.#context = context;
  }

  /** Whether the date was followed today, so that there is nothing to do. */
  get isCurrent(): boolean {
    const nowMs = this.#context.clock.nowMs();
    const quarter = Math.floor(nowMs / QUARTER_MS);
    if (quarter === this.#quarter) return true;
    if (this.#timeZone === undefined || dateAt(nowMs, this.#timeZone) !== this.#today) return false;
    this.#quarter = quarter;
    return true;
  }

  async follow(db: Db): Promise<void> {
    if (this.isCurrent) return;
    const { bookId, clock } = this.#context;
    this.#timeZone ??= (await selectBookDate(db, bookId).executeTakeFirstOrThrow()).timeZone;
    const today = dateAt(clock.nowMs(), this.#timeZone);
    if (today === this.#today) return;
    // A clock that is not believed has another midnight than the one that counts: asked again until it has passed.
    if ((await followCalendar(db, bookId, clock)) >= today) this.#today = today;
  }
}

/** The last closed date; undefined before the first end of day. */
export async function selectClosedThrough(db: Db, bookId: number): Promise<IsoDate | undefined> {
  return (await selectBookDate(db, bookId).executeTakeFirstOrThrow()).closedThrough ?? undefined;
}

/**
 * Opens a book for entries of an import up to a date. A book without entries begins on that date and stops following
 * the calendar. One that is moved by hand and stands before the date moves on to it. Any other stays as it is. Returns
 * the date that is then open: no entry may be later, or on a closed date. Where the date may move, this locks the
 * book's row, before any ledger account.
 */
export async function admitDates(tx: Tx, bookId: number, lastDate: IsoDate): Promise<IsoDate> {
  const seen = await selectBookDate(tx, bookId).executeTakeFirstOrThrow();
  // Entries are permanent and a date with entries never goes back: what is open now stays open.
  if (lastDate <= seen.businessDate && (await hasEntries(tx, bookId))) return seen.businessDate;
  const book = await selectBookDate(tx, bookId).forNoKeyUpdate().executeTakeFirstOrThrow();
  if (await hasEntries(tx, bookId)) {
    if (book.datePolicy !== 'manual' || lastDate <= book.businessDate) return book.businessDate;
  }
  if (book.closedThrough !== null && lastDate <= book.closedThrough) return book.businessDate;
  await tx
    .updateTable('books')
    .set({ business_date: lastDate, date_policy: 'manual' })
    .where('book_id', '=', bookId)
    .execute();
  return lastDate;
}

async function hasEntries(tx: Tx, bookId: number): Promise<boolean> {
  const entry = await tx
    .selectFrom('journal_entries')
    .select('entry_id')
    .where('book_id', '=', bookId)
    .limit(1)
    .executeTakeFirst();
  return entry !== undefined;
}
