import { type Static, Type } from 'typebox';
import { currency, date, list, signedAmount, text } from '#http/fields.ts';
import { closedObject, nullable, resource } from '#http/schemas.ts';
import { formatRate, pairText } from '#lib/money/exchange.ts';
import { formatAmount } from '#lib/money/money.ts';
import { orNull } from '#lib/text.ts';
import type { PositionReport } from './service.ts';

export const PositionsQuery = closedObject({
  asOf: Type.Optional(date('At the end of this date; now if not given.')),
});

export const PositionReportSchema = resource(
  'PositionReport',
  'What the bank has bought and sold of foreign currencies, and what that is worth.',
  {
    asOf: date('It is of the end of this date.'),
    baseCurrency: currency('The currency of the bank, in which values are.'),
    positions: list(
      'By currency, those that are closed too.',
      resource('CurrencyPosition', 'A position in a foreign currency.', {
        currency: currency('The foreign currency.'),
        position: signedAmount('What was bought less what was sold, in that currency.'),
        bookValue: signedAmount('What it stands for in the books, in the currency of the bank.'),
        pair: nullable(text('The pair of the rate; null without a rate.', 'EUR/USD')),
        rate: nullable(text('The middle rate.', '1.085')),
        rateOn: nullable(date('From when the rate is.')),
        value: nullable(signedAmount('What the position is worth at that rate.')),
        unrealisedResult: nullable(
          signedAmount(
            'The value less the book value: what the end of the day would post, below zero for a loss.',
          ),
        ),
      }),
    ),
  },
);

export function positionReportView({
  asOf,
  base,
  positions,
}: PositionReport): Static<typeof PositionReportSchema> {
  return {
    asOf,
    baseCurrency: base,
    positions: positions.map(({ currency: code, positionMinor, bookMinor, rate, worthMinor }) => ({
      currency: code,
      position: formatAmount(positionMinor, code),
      bookValue: formatAmount(bookMinor, base),
      pair: orNull(rate, ({ pair }) => pairText(pair)),
      rate: orNull(rate, ({ midE10 }) => formatRate(midE10)),
      rateOn: orNull(rate, ({ validOn }) => validOn),
      value: orNull(worthMinor, (minor) => formatAmount(minor, base)),
      unrealisedResult: orNull(worthMinor, (minor) => formatAmount(minor - bookMinor, base)),
    })),
  };
}
