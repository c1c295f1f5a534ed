import type { Db, Tx } from '#db/database.ts';
import { columns, withoutNulls } from '#db/rows.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** The last request to close dates: who asked, up to which date, and its outcome. */
export type Closing = {
  readonly untilOn: IsoDate;
  readonly actor: string;
  readonly startedAt: Date;
  /** Who asked to stop it between two dates. */
  readonly stoppedBy: string | undefined;
  /** Undefined while it is under way, or if its process ended in the middle of it. */
  readonly endedAt: Date | undefined;
};

/** Notes that dates are being closed; an earlier request to stop is over. */
export async function beginClosing(
  db: Db,
  bookId: number,
  {
    until,
    actor,
    startedAtMs,
  }: { readonly until: IsoDate; readonly actor: string; readonly startedAtMs: number },
): Promise<void> {
  const row = {
    until_on: until,
    actor,
    started_at: new Date(startedAtMs),
    stopped_by: null,
    ended_at: null,
  };
  await db
    .insertInto('end_of_day_closings')
    .values({ book_id: bookId, ...row })
    .onConflict((conflict) => conflict.column('book_id').doUpdateSet(row))
    .execute();
}

export async function endClosing(db: Db, bookId: number, endedAtMs: number): Promise<void> {
  await db
    .updateTable('end_of_day_closings')
    .set({ ended_at: new Date(endedAtMs) })
    .where('book_id', '=', bookId)
    .execute();
}

export async function findClosing(db: Db, bookId: number): Promise<Closing | undefined> {
  const row = await db
    .selectFrom('end_of_day_closings')
    .select(columns('end_of_day_closings', ['until_on', 'actor', 'started_at', 'stopped_by', 'ended_at']))
    .where('book_id', '=', bookId)
    .executeTakeFirst();
  return row === undefined ? undefined : withoutNulls(row);
}

/** Asks that no further date be begun; false when none is being closed. Asking again changes nothing. */
export async function stopClosing(tx: Tx, bookId: number, stoppedBy: string): Promise<boolean> {
  const row = await tx
    .selectFrom('end_of_day_closings')
    .select(['ended_at', 'stopped_by'])
    .where('book_id', '=', bookId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined || row.ended_at !== null) return false;
  await tx
    .updateTable('end_of_day_closings')
    .set({ stopped_by: row.stopped_by ?? stoppedBy })
    .where('book_id', '=', bookId)
    .execute();
  return true;
}
