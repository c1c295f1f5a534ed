import { operationsOf } from '#http/operations.ts';
import { PageQuery, readPage } from '#http/pagination.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import type { ReferenceRate } from './repository.ts';
import {
  ReferenceRateParams,
  ReferenceRateSchema,
  referenceRateView,
  SetReferenceRateRequest,
} from './schemas.ts';
import type { ReferenceRateService } from './service.ts';

const operation = operationsOf('Interest');

/** The rates that terms refer to. A PUT needs no version: the last word counts, and a date that is over has none. */
export function registerReferenceRateRoutes(server: HttpServer, rates: ReferenceRateService): void {
  server.get(
    '/v1/reference-rates',
    operation('listReferenceRates', 'List reference rates as they are today, by code', {
      querystring: PageQuery,
      response: { 200: pageSchema(ReferenceRateSchema) },
    }),
    ({ query }) =>
      readPage(query, {
        order: 'text',
        placeOf: ({ code }: ReferenceRate) => code,
        read: (limit, after) => rates.list({ after, limit }),
        view: referenceRateView,
      }),
  );

  server.get(
    '/v1/reference-rates/:code',
    operation('listReferenceRateValues', 'List the values of a reference rate, the latest date first', {
      params: ReferenceRateParams,
      querystring: PageQuery,
      response: { 200: pageSchema(ReferenceRateSchema) },
      problems: ['not_found'],
    }),
    ({ params, query }) =>
      readPage(query, {
        order: 'date',
        placeOf: ({ validFrom }: ReferenceRate) => validFrom,
        read: (limit, before) => rates.listValues(params.code, { before, limit }),
        view: referenceRateView,
      }),
  );

  server.put(
    '/v1/reference-rates/:code',
    operation('setReferenceRate', 'Set a reference rate from a date on', {
      params: ReferenceRateParams,
      body: SetReferenceRateRequest,
      response: { 200: ReferenceRateSchema },
      problems: ['rate_date_over'],
    }),
    async ({ caller, params, body: { rate, validFrom } }) =>
      referenceRateView(
        await rates.set(caller, { code: params.code, rate, validFrom: optional(validFrom, isoDate) }),
      ),
  );
}
