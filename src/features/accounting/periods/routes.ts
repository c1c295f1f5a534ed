import { operationsOf } from '#http/operations.ts';
import { PageQuery, readPage } from '#http/pagination.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import type { YearService } from '../years/service.ts';
import { type PeriodState, periodOf, yearOf } from './period.ts';
import {
  ClosePeriodRequest,
  CloseYearRequest,
  PeriodParams,
  PeriodSchema,
  periodView,
  ReopenRequest,
  YearParams,
  YearSchema,
  yearView,
} from './schemas.ts';
import type { PeriodService } from './service.ts';

const operation = operationsOf('Accounting');

/** Months and years of the bank's books: closed and reopened. */
export function registerPeriodRoutes(server: HttpServer, periods: PeriodService, years: YearService): void {
  server.get(
    '/v1/accounting/periods',
    operation('listPeriods', 'List the months of the books that were closed, latest first', {
      querystring: PageQuery,
      response: { 200: pageSchema(PeriodSchema) },
    }),
    ({ query }) =>
      readPage(query, {
        order: 'date',
        placeOf: ({ period }: PeriodState) => period,
        read: (limit, after) => periods.list({ after, limit }),
        view: periodView,
      }),
  );

  server.post(
    '/v1/accounting/periods/:period/close',
    operation('closePeriod', 'Close a month of the books, and those before it', {
      params: PeriodParams,
      body: ClosePeriodRequest,
      response: { 200: PeriodSchema },
      problems: ['period_not_over', 'period_closed'],
    }),
    async ({ caller, params, body: { kind = 'hard', reason } }) =>
      periodView(await periods.close(caller, periodOf(params.period), { kind, reason })),
  );

  server.post(
    '/v1/accounting/periods/:period/reopen',
    operation('reopenPeriod', 'Open the last closed month of the books again', {
      params: PeriodParams,
      body: ReopenRequest,
      response: { 200: PeriodSchema },
      problems: ['period_not_closed', 'later_period_closed', 'year_closed'],
    }),
    async ({ caller, params, body }) =>
      periodView(await periods.reopen(caller, periodOf(params.period), body.reason)),
  );

  registerYears(server, years);
}

function registerYears(server: HttpServer, years: YearService): void {
  server.get(
    '/v1/accounting/years',
    operation('listYears', 'List the years of the books that were closed, latest first', {
      response: { 200: pageSchema(YearSchema) },
    }),
    async () => ({ data: (await years.list()).map(yearView), nextCursor: null }),
  );

  server.post(
    '/v1/accounting/years/:year/close',
    operation('closeYear', 'Close a year: carry its result over to retained earnings', {
      params: YearParams,
      body: CloseYearRequest,
      response: { 200: YearSchema },
      problems: ['year_closed', 'later_period_closed', 'period_not_over'],
    }),
    async ({ caller, params, body }) => yearView(await years.close(caller, yearOf(params.year), body.reason)),
  );

  server.post(
    '/v1/accounting/years/:year/reopen',
    operation('reopenYear', 'Take the close of a year back', {
      params: YearParams,
      body: ReopenRequest,
      response: { 200: YearSchema },
      problems: ['period_not_closed', 'later_period_closed'],
    }),
    async ({ caller, params, body }) =>
      yearView(await years.reopen(caller, yearOf(params.year), body.reason)),
  );
}
