import type { Context } from '#db/context.ts';
import { followCalendar } from '#ledger/business-date.ts';
import { validationFailed } from '#lib/errors.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';

/** A value date may be this far from the business date: further is a typing error. */
const MAX_VALUE_DATE_DAYS = 366;

/** Throws 400 `validation_failed` for a value date that is far from `today`, the business date. */
export function assertNearToday(date: IsoDate, today: IsoDate, path = 'valueDate'): void {
  if (date >= addDays(today, -MAX_VALUE_DATE_DAYS) && date <= addDays(today, MAX_VALUE_DATE_DAYS)) return;
  throw validationFailed({ path, message: 'must be within a year of today' });
}

/** Throws 400 `validation_failed` for a value date that is far from today. */
export async function checkValueDate(
  { db, bookId, clock }: Context,
  valueDate: IsoDate | undefined,
): Promise<void> {
  if (valueDate === undefined) return;
  assertNearToday(valueDate, await followCalendar(db, bookId, clock));
}
