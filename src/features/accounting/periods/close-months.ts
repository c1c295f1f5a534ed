import type { Tx } from '#db/database.ts';
import { type LockedPeriods, setClosedPeriods } from '#ledger/closed-periods.ts';
import { firstOfMonth, lastOfMonth } from '#lib/time/calendar.ts';
import { type IsoDate, laterOf } from '#lib/time/dates.ts';
import { accountingError } from '../errors.ts';
import { nextPeriod, type Period, type PeriodState, periodsBetween, periodText } from './period.ts';
import { findClosedPeriod, findFirstDate, keepPeriodBalances, putPeriod } from './repository.ts';

/** Throws 409 `period_not_over` for a last day that the bank may still book on, or whose end of day is not done. */
export function assertOver(
  { businessDate, closedThrough }: LockedPeriods,
  lastDay: IsoDate,
  period: string,
): void {
  if (businessDate <= lastDay) {
    throw accountingError('period_not_over', { period, because: `the business date is ${businessDate}` });
  }
  if (closedThrough !== null && closedThrough < lastDay) {
    const because = `the end of day was run up to ${closedThrough}`;
    throw accountingError('period_not_over', { period, because });
  }
}

/**
 * Closes a month of a locked book, and with it all before it that are open: a closed month rests on the balances of
 * those before. Keeps the balances of each that is closed hard.
 */
export async function closeMonths(
  tx: Tx,
  bookId: number,
  locked: LockedPeriods,
  state: PeriodState,
): Promise<void> {
  const { period, status } = state;
  const lastDay = lastOfMonth(period);
  assertOver(locked, lastDay, periodText(period));
  const isHard = status === 'hard_closed';
  const closed = await findClosedPeriod(tx, bookId, isHard ? { status: 'hard_closed' } : {});
  for (const month of await openMonths(tx, bookId, closed?.period, period)) {
    await putPeriod(tx, bookId, { ...state, period: month });
    if (isHard) await keepPeriodBalances(tx, bookId, month);
  }
  const { softClosedTo, hardClosedTo } = locked;
  await setClosedPeriods(tx, bookId, {
    softClosedTo: softClosedTo === null ? lastDay : laterOf(softClosedTo, lastDay),
    hardClosedTo: isHard ? lastDay : hardClosedTo,
  });
}

/** The months up to one that are not closed as it is to be, from the first that has entries. */
async function openMonths(
  tx: Tx,
  bookId: number,
  closed: Period | undefined,
  last: Period,
): Promise<Period[]> {
  if (closed !== undefined) return periodsBetween(nextPeriod(closed), last);
  const first = await findFirstDate(tx, bookId);
  const firstMonth = first === undefined ? last : firstOfMonth(first);
  return periodsBetween(firstMonth < last ? firstMonth : last, last);
}
