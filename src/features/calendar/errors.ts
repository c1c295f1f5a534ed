import { type ErrorTable, errorsOf } from '#lib/errors.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** What the calendar may answer, beside the ledger's `business_date_closed`. */
export const CALENDAR_ERRORS = {
  holiday_exists: {
    status: 409,
    message: ({ date }: { readonly date: IsoDate }) => `${date} is a holiday already.`,
    meaning: 'The date is a holiday of the book already.',
    action: 'Nothing, or delete it and add it with another name.',
  },
} as const satisfies ErrorTable;

export const calendarError = errorsOf(CALENDAR_ERRORS);
