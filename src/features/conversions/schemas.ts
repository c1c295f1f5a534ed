import { type Static, Type } from 'typebox';
import {
  amount,
  choice,
  currency,
  date,
  externalIdFilter,
  givenLabels,
  givenText,
  id,
  instant,
  LENGTHS,
  labelsView,
  list,
  metadataFilter,
  shownLabels,
  text,
} from '#http/fields.ts';
import { idParams } from '#http/operations.ts';
import { pageQuery } from '#http/pagination.ts';
import { requestObject, resource } from '#http/schemas.ts';
import { toTypeId } from '#lib/ids.ts';
import { formatRate, PAIR_PATTERN, pairText, RATE_PATTERN } from '#lib/money/exchange.ts';
import { ROUNDINGS_AND_CUT } from '#lib/money/fraction.ts';
import { formatAmount } from '#lib/money/money.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import { type Conversion, FIXED_SIDES, type PostedConversion } from './conversion.ts';

const EXTERNAL_ID = 'fx-order-4711';
const Rounding = choice('ConversionRounding', 'How the other amount is rounded.', ROUNDINGS_AND_CUT);

const wanted = {
  fromAccountId: id('account', 'The account that pays.'),
  toAccountId: id('account', 'The account that gets the money, in another currency.'),
  amount: amount('How much, above zero: what is paid, or what is to arrive.'),
  currency: currency('The currency of the amount: that of one of the two accounts.'),
  pair: Type.Optional(
    Type.String({
      description: 'The pair of `rate`: the currencies of the two accounts, in either order.',
      pattern: PAIR_PATTERN,
      examples: ['EUR/USD'],
    }),
  ),
  rate: Type.Optional(
    Type.String({
      description: 'A rate of its own, for managers and API keys; that of the table if not given.',
      pattern: RATE_PATTERN,
      examples: ['1.0850'],
    }),
  ),
  rounding: Type.Optional(Rounding),
};

export const QuoteConversionRequest = requestObject(
  'QuoteConversionRequest',
  'What is to be converted.',
  wanted,
);

export const ConvertCurrencyRequest = requestObject('ConvertCurrencyRequest', 'What is to be converted.', {
  ...wanted,
  expectedAmount: Type.Optional(amount('The other amount as a quote said; another one is refused.')),
  reference: Type.Optional(givenText('For your own bookkeeping.', 'INV-2026-0042', LENGTHS.payment)),
  description: Type.Optional(givenText('Shown on statements.', 'Dollars for New York')),
  ...givenLabels(EXTERNAL_ID),
});

const shown = {
  sold: amount('What the payer gives.'),
  soldCurrency: currency('In which currency.'),
  bought: amount('What the payee gets.'),
  boughtCurrency: currency('In which currency.'),
  fixed: choice(
    'ConversionFixedSide',
    'Which of the two amounts was given: the other one is rounded.',
    FIXED_SIDES,
  ),
  rounding: Rounding,
  source: choice('ConversionRateSource', 'Where the rate is from.', ['table', 'given']),
  rates: list(
    'The rate; two over the currency of the bank, where neither is in it.',
    resource('ConversionRate', 'A rate of a pair.', {
      pair: text('One unit of the first currency costs so much of the second.', 'EUR/USD'),
      rate: text('The rate.', '1.084'),
    }),
  ),
  baseAmount: text('What it is worth in the currency of the bank.', '100.00'),
  baseCurrency: currency('The currency of the bank.'),
};

export const ConversionQuoteSchema = resource(
  'ConversionQuote',
  'What a conversion would come to now.',
  shown,
);

export const ConversionSchema = resource(
  'Conversion',
  'Money of one currency that was turned into another.',
  {
    id: id('transaction', 'The transaction (`GET /v1/transactions/{id}`), by which it is reversed.'),
    fromAccountId: id('account', 'The account that paid.'),
    toAccountId: id('account', 'The account that got the money.'),
    ...shown,
    businessDate: date('The business date.'),
    ...shownLabels(EXTERNAL_ID),
    createdBy: text('Who converted.', 'usr_01h455vb4pex5vsknk084sn02q'),
    createdAt: instant('When it was booked.'),
  },
);

export const ListConversionsQuery = pageQuery({
  externalId: externalIdFilter(EXTERNAL_ID),
  metadata: metadataFilter,
});

export const ConversionParams = idParams('transaction');

export function conversionQuoteView(conversion: Conversion): Static<typeof ConversionQuoteSchema> {
  const { sold, soldMinor, bought, boughtMinor, fixed, rounding, source, rates, base, baseMinor } =
    conversion;
  return {
    sold: formatAmount(soldMinor, sold),
    soldCurrency: sold,
    bought: formatAmount(boughtMinor, bought),
    boughtCurrency: bought,
    fixed,
    rounding,
    source,
    rates: rates.map(({ pair, rateE10 }) => ({ pair: pairText(pair), rate: formatRate(rateE10) })),
    baseAmount: formatAmount(baseMinor, base),
    baseCurrency: base,
  };
}

export type ConversionView = Static<typeof ConversionSchema>;

export function conversionView(conversion: PostedConversion): ConversionView {
  return {
    id: toTypeId('transaction', conversion.id),
    fromAccountId: toTypeId('account', conversion.fromAccountId),
    toAccountId: toTypeId('account', conversion.toAccountId),
    ...conversionQuoteView(conversion),
    businessDate: conversion.businessDate,
    ...labelsView(conversion.labels),
    createdBy: conversion.actor,
    createdAt: toIsoInstant(conversion.postedAtMs),
  };
}
