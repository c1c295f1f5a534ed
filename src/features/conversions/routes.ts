import type { Static } from 'typebox';
import { IdempotencyHeaders, markReplay, requireIdempotencyKey } from '#http/idempotency.ts';
import { operationsOf } from '#http/operations.ts';
import { readPage } from '#http/pagination.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { checkAll } from '#lib/check-all.ts';
import { validationFailed } from '#lib/errors.ts';
import { fromTypeId } from '#lib/ids.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { type PairRate, parsePair, parseRate } from '#lib/money/exchange.ts';
import { parseAmount } from '#lib/money/money.ts';
import type { PostedConversion } from './conversion.ts';
import {
  ConversionParams,
  ConversionQuoteSchema,
  ConversionSchema,
  ConvertCurrencyRequest,
  conversionQuoteView,
  conversionView,
  ListConversionsQuery,
  QuoteConversionRequest,
} from './schemas.ts';
import type { ConversionService, WantedConversion } from './service.ts';

const operation = operationsOf('Currencies');
const LIST = '/v1/conversions';
const QUOTE_PROBLEMS = [
  'not_found',
  'conversion_rate_requires_manager',
  'conversion_same_currency',
  'conversion_too_small',
  'currency_mismatch',
  'exchange_rate_missing',
];

/** Money that changes its currency. */
export function registerConversionRoutes(server: HttpServer, conversions: ConversionService): void {
  server.post(
    `${LIST}/quote`,
    {
      config: { changesNothing: true },
      ...operation('quoteConversion', 'Quote what a conversion would come to now', {
        body: QuoteConversionRequest,
        response: { 200: ConversionQuoteSchema },
        problems: QUOTE_PROBLEMS,
      }),
    },
    async ({ caller, body }) => conversionQuoteView(await conversions.quote(caller, wantedOf(body))),
  );

  server.post(
    LIST,
    operation('convertCurrency', 'Convert money between two accounts of different currencies', {
      headers: IdempotencyHeaders,
      body: ConvertCurrencyRequest,
      response: { 201: ConversionSchema },
      problems: [
        ...QUOTE_PROBLEMS,
        'external_id_exists',
        'limit_requires_manager',
        'account_closed',
        'account_frozen',
        'customer_deceased',
        'balance_overflow',
        'insufficient_funds',
        'limit_exceeded',
        'period_closed',
        'conversion_amount_changed',
      ],
    }),
    async (request, reply) => {
      const { caller, body } = request;
      const { expectedAmount, reference, description, externalId, metadata } = body;
      const { conversion, replayed } = await conversions.convert({
        ...wantedOf(body),
        expectedAmount,
        reference,
        description,
        externalId,
        metadata,
        caller,
        idempotencyKey: requireIdempotencyKey(request),
      });
      markReplay(reply, replayed);
      const view = conversionView(conversion);
      return reply.code(201).header('location', `${LIST}/${view.id}`).send(view);
    },
  );

  registerReading(server, conversions);
}

function registerReading(server: HttpServer, conversions: ConversionService): void {
  server.get(
    LIST,
    operation('listConversions', 'List conversions, newest first', {
      querystring: ListConversionsQuery,
      response: { 200: pageSchema(ConversionSchema) },
    }),
    ({ caller, query }) =>
      readPage(query, {
        order: 'uuid',
        placeOf: ({ id }: PostedConversion) => id,
        read: (limit, after) =>
          conversions.page(caller, { externalId: query.externalId, metadata: query.metadata, after, limit }),
        view: conversionView,
      }),
  );

  server.get(
    `${LIST}/:id`,
    operation('getConversion', 'Get a conversion', {
      params: ConversionParams,
      response: { 200: ConversionSchema },
    }),
    async ({ params }) => conversionView(await conversions.get(fromTypeId('transaction', params.id))),
  );
}

/** Throws 400 `validation_failed` and `invalid_amount` for all that is wrong. */
function wantedOf(body: Static<typeof QuoteConversionRequest>): WantedConversion {
  const { currency, rate } = checkAll({
    currency: () => requireCurrency(body.currency),
    rate: () => rateOf(body),
  });
  return {
    fromAccountId: fromTypeId('account', body.fromAccountId),
    toAccountId: fromTypeId('account', body.toAccountId),
    amountMinor: parseAmount(body.amount, currency),
    currency,
    rate,
    rounding: body.rounding,
  };
}

function rateOf({ pair, rate }: Static<typeof QuoteConversionRequest>): PairRate | undefined {
  if (pair === undefined && rate === undefined) return undefined;
  if (pair === undefined) throw validationFailed({ path: 'pair', message: 'is required with rate' });
  if (rate === undefined) throw validationFailed({ path: 'rate', message: 'is required with pair' });
  return { pair: parsePair(pair), rateE10: parseRate(rate) };
}
