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
  date_far_ahead: {
    status: 422,
    message: ({ date, businessDate }: { readonly date: IsoDate; readonly businessDate: IsoDate }) =>
      `${date} is more than 366 days after ${businessDate}. Send confirm: true if that is meant.`,
    meaning: 'The date is more than a year after the open one: most likely a typing error.',
    action: 'Correct the date, or confirm it.',
  },
  date_change_final: {
    status: 409,
    message: ({ because }: { readonly because: 'no change' | 'dated after' }) =>
      because === 'no change'
        ? 'There is no change of the business date to take back: none was made by hand, or the date has moved on since.'
        : 'Something is dated after the date to go back to.',
    meaning:
      'The last change of the business date was taken back, was followed by another, or has been booked on.',
    action: 'Nothing: go on from the open date.',
  },
} as const satisfies ErrorTable;

export const calendarError = errorsOf(CALENDAR_ERRORS);
