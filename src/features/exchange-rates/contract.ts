// Exchange rates: what currencies cost in that of the bank, by date.

export type { ExchangeRate, RatesByCurrency } from './exchange-rate.ts';
export { chainOf, midOf } from './exchange-rate.ts';
export { loadExchangeRates } from './repository.ts';
