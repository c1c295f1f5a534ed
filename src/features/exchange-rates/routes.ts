import { operationsOf } from '#http/operations.ts';
import { PageQuery, readPage } from '#http/pagination.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { notFound } from '#lib/errors.ts';
import { type Currency, parseCurrency } from '#lib/money/currencies.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import type { ExchangeRate } from './exchange-rate.ts';
import {
  ExchangeRateParams,
  ExchangeRateSchema,
  exchangeRateView,
  ListExchangeRatesQuery,
  SetExchangeRateRequest,
} from './schemas.ts';
import type { ExchangeRateService } from './service.ts';

const operation = operationsOf('Currencies');
const LIST = '/v1/exchange-rates';

/** What foreign currencies cost. */
export function registerExchangeRateRoutes(server: HttpServer, rates: ExchangeRateService): void {
  server.get(
    LIST,
    operation('listExchangeRates', 'List the exchange rates of a date, by currency', {
      querystring: ListExchangeRatesQuery,
      response: { 200: pageSchema(ExchangeRateSchema) },
    }),
    ({ query }) =>
      readPage(query, {
        order: 'text',
        placeOf: ({ currency }: ExchangeRate) => currency,
        read: (limit, after) => rates.list({ on: optional(query.on, isoDate), after, limit }),
        view: exchangeRateView,
      }),
  );

  server.get(
    `${LIST}/:currency`,
    operation('listExchangeRateValues', 'List the exchange rates of a currency, the latest date first', {
      params: ExchangeRateParams,
      querystring: PageQuery,
      response: { 200: pageSchema(ExchangeRateSchema) },
    }),
    ({ params, query }) => {
      const currency = currencyIn(params.currency);
      return readPage(query, {
        order: 'date',
        placeOf: ({ validOn }: ExchangeRate) => validOn,
        read: (limit, before) => rates.listValues(currency, { before, limit }),
        view: exchangeRateView,
      });
    },
  );

  server.post(
    LIST,
    operation('setExchangeRate', 'Set the exchange rate of a currency from a date on', {
      body: SetExchangeRateRequest,
      response: { 201: ExchangeRateSchema },
      problems: ['exchange_rate_date_over'],
    }),
    async ({ caller, body: { validOn, ...quotes } }, reply) => {
      const rate = await rates.set(caller, quotes, optional(validOn, isoDate));
      return reply.code(201).header('location', `${LIST}/${rate.currency}`).send(exchangeRateView(rate));
    },
  );
}

function currencyIn(text: string): Currency {
  const currency = parseCurrency(text);
  if (currency === undefined) throw notFound();
  return currency;
}
