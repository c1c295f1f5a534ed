import type { TrialDifference } from '#ledger/check-trial-balance.ts';
import type { KeptDifference } from '#ledger/end-of-day-balances.ts';
import { type ErrorTable, errorsOf } from '#lib/errors.ts';
import type { IsoDate } from '#lib/time/dates.ts';

const FIND_ROW = 'Run florin verify, which names the row; the date stays open.';

/** What an end of day may answer. */
export const END_OF_DAY_ERRORS = {
  date_not_reached: {
    status: 422,
    message: ({ date, today }: { readonly date: IsoDate; readonly today: IsoDate }) =>
      `It is ${today} at the bank: ${date} has not come yet. Name ${today} or an earlier date, or wait. To try days out, set the business date by hand first (POST /v1/business-date, florin business-date set): then dates follow it and not the clock.`,
    meaning: 'The date lies after the day that it is at the bank.',
    action:
      'Wait for the date, or name an earlier one. To try days out, `POST /v1/business-date` with the present date: from then on the date moves by hand. `florin demo --days 7` closes a week of the demo bank.',
  },
  end_of_day_in_progress: {
    status: 409,
    message: ({ date }: { readonly date: IsoDate }) => `The end of ${date} is being run by another process.`,
    meaning: 'Another process runs the same step and does not get on with it.',
    action: 'Wait for it, then run the end of day again.',
  },
  end_of_day_not_running: {
    status: 409,
    message: 'No dates are being closed.',
    action: 'Nothing: there is nothing to stop.',
  },
  trial_balance_broken: {
    status: 409,
    message: ({ glCode, currency, differenceMinor }: TrialDifference) =>
      `The trial balance is uneven by ${differenceMinor} minor units on ${glCode === null ? 'all lines of the chart' : `line ${glCode}`} in ${currency}; the date stays open. florin verify names the row.`,
    meaning: 'Debits and credits of the date differ: the books were changed from outside.',
    action: FIND_ROW,
  },
  balances_broken: {
    status: 409,
    message: ({ glCode, currency, differenceMinor }: KeptDifference) =>
      `The balances kept for line ${glCode} in ${currency} differ from its total by ${differenceMinor} minor units. florin verify names the row.`,
    meaning: 'What was kept of the date contradicts itself: the books were changed from outside.',
    action: FIND_ROW,
  },
} as const satisfies ErrorTable;

export const endOfDayError = errorsOf(END_OF_DAY_ERRORS);
