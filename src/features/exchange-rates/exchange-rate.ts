import { checkAll } from '#lib/check-all.ts';
import { validationFailed } from '#lib/errors.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { type Pair, type PairRate, parsePair, parseRate } from '#lib/money/exchange.ts';
import { optional } from '#lib/text.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { exchangeRateError } from './errors.ts';

/** What the bank pays for the first currency of a pair (bid), asks for it, and values it at (mid). In units of 10⁻¹⁰. */
export type Quotes = { readonly bidE10: bigint; readonly askE10: bigint; readonly midE10: bigint };

/** The quotes of a foreign currency from a date on, until the next. One of the pair is the currency of the bank. */
export type ExchangeRate = Quotes & {
  /** The foreign one. */
  readonly currency: Currency;
  readonly pair: Pair;
  readonly validOn: IsoDate;
  readonly setBy: string;
  readonly setAt: Date;
};

export type GivenQuotes = {
  readonly pair: string;
  readonly bid: string;
  readonly ask: string;
  readonly mid?: string | undefined;
};

/**
 * Quotes as they are given; the middle of the two if no other is. Throws 400 `validation_failed` for a pair without the
 * currency of the bank, and for quotes that are not in order.
 */
export function cleanQuotes(
  given: GivenQuotes,
  base: Currency,
): Quotes & Pick<ExchangeRate, 'pair' | 'currency'> {
  const { pair, bidE10, askE10, givenMidE10 } = checkAll({
    pair: () => pairWith(given.pair, base),
    bidE10: () => parseRate(given.bid, 'bid'),
    askE10: () => parseRate(given.ask, 'ask'),
    givenMidE10: () => optional(given.mid, (text) => parseRate(text, 'mid')),
  });
  // Exact: what is given has one decimal less than what is kept.
  const midE10 = givenMidE10 ?? (bidE10 + askE10) / 2n;
  if (bidE10 > askE10) throw validationFailed({ path: 'ask', message: 'must not be below bid' });
  if (midE10 < bidE10 || midE10 > askE10) {
    throw validationFailed({ path: 'mid', message: 'must lie between bid and ask' });
  }
  return { pair, currency: pair.first === base ? pair.second : pair.first, bidE10, askE10, midE10 };
}

function pairWith(text: string, base: Currency): Pair {
  const pair = parsePair(text);
  if (pair.first === base || pair.second === base) return pair;
  throw validationFailed({
    path: 'pair',
    message: `must have ${base}, the currency of the bank, on one side`,
  });
}

export type RatesByCurrency = ReadonlyMap<Currency, ExchangeRate>;

/** The rate at which a foreign currency is valued. Throws 422 `exchange_rate_missing`. */
export function midOf(rates: RatesByCurrency, currency: Currency, date: IsoDate): PairRate {
  const { pair, midE10 } = rateOf(rates, currency, date);
  return { pair, rateE10: midE10 };
}

/**
 * The rates at which somebody who sells one currency to the bank gets another, over the bank's own: what sells the first
 * currency of a pair has the bid, and what buys it the ask. Throws 422 `exchange_rate_missing`.
 */
export function chainOf(
  rates: RatesByCurrency,
  {
    from,
    to,
    base,
    date,
  }: { readonly from: Currency; readonly to: Currency; readonly base: Currency; readonly date: IsoDate },
): PairRate[] {
  const priced = (currency: Currency, sold: Currency): PairRate => {
    const { pair, bidE10, askE10 } = rateOf(rates, currency, date);
    return { pair, rateE10: pair.first === sold ? bidE10 : askE10 };
  };
  return [...(from === base ? [] : [priced(from, from)]), ...(to === base ? [] : [priced(to, base)])];
}

function rateOf(rates: RatesByCurrency, currency: Currency, date: IsoDate): ExchangeRate {
  const rate = rates.get(currency);
  if (rate === undefined) throw exchangeRateError('exchange_rate_missing', { currency, date });
  return rate;
}
