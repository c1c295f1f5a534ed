import type { Db } from '#db/database.ts';
import { selectClosedTo } from '#ledger/closed-periods.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** Whether a date lies in a closed period, so that the bank cannot go back to it. */
export async function hasPeriodClosedFrom(db: Db, bookId: number, date: IsoDate): Promise<boolean> {
  const closedTo = await selectClosedTo(db, bookId);
  return closedTo !== undefined && closedTo >= date;
}
