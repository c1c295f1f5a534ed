import { type Static, Type } from 'typebox';
import { currency, date, instant, text } from '#http/fields.ts';
import { pageQuery } from '#http/pagination.ts';
import { closedObject, requestObject, resource } from '#http/schemas.ts';
import { formatRate, PAIR_PATTERN, pairText, RATE_PATTERN } from '#lib/money/exchange.ts';
import type { ExchangeRate } from './exchange-rate.ts';

export const ExchangeRateSchema = resource(
  'ExchangeRate',
  'What a foreign currency costs in that of the bank, from a date on.',
  {
    currency: currency('The foreign currency.'),
    pair: text('The pair: one unit of the first costs so much of the second.', 'EUR/USD'),
    bid: text('What the bank pays for the first currency.', '1.084'),
    ask: text('What the bank asks for it.', '1.086'),
    mid: text('What positions are valued at.', '1.085'),
    validOn: date('From this date on, until the next rate.'),
    setBy: text('Who set it.', 'usr_01h455vb4pex5vsknk084sn02q'),
    setAt: instant('When it was set.'),
  },
);

export function exchangeRateView({
  bidE10,
  askE10,
  midE10,
  pair,
  setAt,
  ...rate
}: ExchangeRate): Static<typeof ExchangeRateSchema> {
  return {
    ...rate,
    pair: pairText(pair),
    bid: formatRate(bidE10),
    ask: formatRate(askE10),
    mid: formatRate(midE10),
    setAt: setAt.toISOString(),
  };
}

const price = (description: string, example: string) =>
  Type.String({ description, pattern: RATE_PATTERN, examples: [example] });

const givenPair = (description: string) =>
  Type.String({ description, pattern: PAIR_PATTERN, examples: ['EUR/USD'] });

export const SetExchangeRateRequest = requestObject('SetExchangeRateRequest', 'A rate from a date on.', {
  pair: givenPair('Two currencies; one of them is that of the bank.'),
  bid: price('What the bank pays for one unit of the first currency, up to nine decimals.', '1.0840'),
  ask: price('What the bank asks for it.', '1.0860'),
  mid: Type.Optional(price('What positions are valued at; the middle of the two if not given.', '1.0850')),
  validOn: Type.Optional(date('From this date on: today, if not given, or later.')),
});

export const ListExchangeRatesQuery = pageQuery({
  on: Type.Optional(date('As they are on this date; today if not given.')),
});

export const ExchangeRateParams = closedObject({
  currency: text('The foreign currency; 404 for any other text.', 'USD'),
});
