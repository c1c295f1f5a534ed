import { operationsOf } from '#http/operations.ts';
import { readPage } from '#http/pagination.ts';
import { described, pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import type { EndOfDayRun } from './repository.ts';
import {
  EndOfDayProgressSchema,
  EndOfDayRunSchema,
  EndOfDaySchema,
  endOfDayProgressView,
  endOfDayView,
  ListRunsQuery,
  RunEndOfDayRequest,
  runView,
} from './schemas.ts';
import type { EndOfDayService } from './service.ts';

const operation = operationsOf('Calendar');

/** A small bank's day is done by then, and is answered as such; a request may take 10 s in all. */
const WAIT_MS = 5_000;

/** Closing the bank's dates. */
export function registerEndOfDayRoutes(server: HttpServer, endOfDay: EndOfDayService): void {
  server.post(
    '/v1/end-of-day',
    {
      config: { isNotRehearsed: 'it goes on for longer than its request, and no other field can be wrong' },
      ...operation(
        'runEndOfDay',
        'Close business dates, in order; again, it goes on where it was, and changes nothing once done',
        {
          body: RunEndOfDayRequest,
          response: {
            200: EndOfDaySchema,
            202: described(EndOfDaySchema, 'It goes on: see the list.'),
          },
          problems: ['balances_broken', 'date_not_reached', 'end_of_day_in_progress', 'trial_balance_broken'],
        },
      ),
    },
    async ({ caller, body, log }, reply) => {
      const until = optional(body.until, isoDate);
      const result = await endOfDay.startClosing(caller, until, {
        waitMs: WAIT_MS,
        onLateError: (error) => log.error({ err: error }, 'end of day failed'),
      });
      return reply.code(result.isDone || result.isStopped === true ? 200 : 202).send(endOfDayView(result));
    },
  );

  server.post(
    '/v1/end-of-day/stop',
    operation('stopEndOfDay', 'Stop closing dates once the one that is under way is closed', {
      response: { 200: EndOfDayProgressSchema },
      problems: ['end_of_day_not_running'],
    }),
    async ({ caller }) => endOfDayProgressView(await endOfDay.requestStop(caller)),
  );

  server.get(
    '/v1/end-of-day/progress',
    operation('getEndOfDayProgress', 'Get what the end of the day is at', {
      response: { 200: EndOfDayProgressSchema },
    }),
    async () => endOfDayProgressView(await endOfDay.progress()),
  );

  server.get(
    '/v1/end-of-day',
    operation('listEndOfDayRuns', 'List the closing of dates with its steps, latest date first', {
      querystring: ListRunsQuery,
      response: { 200: pageSchema(EndOfDayRunSchema) },
    }),
    ({ query }) =>
      readPage(query, {
        order: 'date',
        placeOf: ({ businessDate }: EndOfDayRun) => businessDate,
        read: (limit, before) => {
          const period = { from: optional(query.from, isoDate), to: optional(query.to, isoDate) };
          return endOfDay.list({ ...period, before, limit });
        },
        view: runView,
      }),
  );
}
