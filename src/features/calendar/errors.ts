import { ConflictError } from '#lib/errors.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** 409: the day is a holiday already. */
export function holidayExists(date: IsoDate): ConflictError {
  return new ConflictError('holiday_exists', `${date} is a holiday already.`);
}

/** 409: what has been closed, or is earlier than the open date, does not come back. */
export function dateClosed(businessDate: IsoDate): ConflictError {
  return new ConflictError(
    'business_date_closed',
    `The business date is ${businessDate} and never goes back.`,
  );
}
