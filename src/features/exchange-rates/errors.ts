import { type ErrorTable, errorsOf } from '#lib/errors.ts';

/** What exchange rates may answer. */
export const EXCHANGE_RATE_ERRORS = {
  exchange_rate_date_over: {
    status: 422,
    message: ({ first }: { readonly first: string }) => `A rate can be set from ${first} on.`,
    meaning: 'The date is over, or its end has begun: positions were valued at the rate that it has.',
    action: 'Give a later date.',
  },
  exchange_rate_missing: {
    status: 422,
    message: ({ currency, date }: { readonly currency: string; readonly date: string }) =>
      `There is no exchange rate of ${currency} on ${date} or before.`,
    meaning: 'The table of rates has nothing for a currency that has to be converted.',
    action: 'Set one (`POST /v1/exchange-rates`), or give the rate with the conversion.',
  },
} as const satisfies ErrorTable;

export const exchangeRateError = errorsOf(EXCHANGE_RATE_ERRORS);
