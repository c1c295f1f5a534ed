import { decodeCursor, pageLimit, toPage } from '#http/pagination.ts';
import { pageSchema, problemResponses } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { type IsoDate, isoDate } from '#lib/time/dates.ts';
import { EndOfDaySchema, ListRunsQuery, RunEndOfDay, RunSchema } from './schemas.ts';
import type { EndOfDayService } from './service.ts';
import { endOfDayView, runView } from './view.ts';

const tags = ['Calendar'];

/** A small bank's day is done by then, and is answered as such; a request may take 10 s in all. */
const WAIT_MS = 5_000;

/** Closing the bank's dates. */
export function registerEndOfDayRoutes(server: HttpServer, endOfDay: EndOfDayService): void {
  server.post(
    '/v1/end-of-day',
    {
      schema: {
        operationId: 'runEndOfDay',
        summary:
          'Close business dates, in order; again, it goes on where it was, and changes nothing once done',
        tags,
        body: RunEndOfDay,
        response: {
          200: EndOfDaySchema,
          202: { ...EndOfDaySchema, description: 'It goes on: see the list.' },
          ...problemResponses(400, 409, 413, 415, 422),
        },
      },
    },
    async ({ caller, body, log }, reply) => {
      const until = body.until === undefined ? undefined : isoDate(body.until);
      const result = await endOfDay.startClosing(caller, until, {
        waitMs: WAIT_MS,
        onLateError: (error) => log.error({ err: error }, 'end of day failed'),
      });
      return reply.code(result.isDone ? 200 : 202).send(endOfDayView(result));
    },
  );

  server.get(
    '/v1/end-of-day',
    {
      schema: {
        operationId: 'listEndOfDayRuns',
        summary: 'List the closing of dates with its steps, latest date first',
        tags,
        querystring: ListRunsQuery,
        response: { 200: pageSchema(RunSchema), ...problemResponses(400) },
      },
    },
    async ({ query }) => {
      const limit = pageLimit(query);
      const [before] = query.cursor === undefined ? [] : decodeCursor(query.cursor, ['date']);
      const dateOf = (text: string | undefined): IsoDate | undefined =>
        text === undefined ? undefined : isoDate(text);
      const filter = { from: dateOf(query.from), to: dateOf(query.to), before: dateOf(before) };
      const rows = await endOfDay.list({ ...filter, limit: limit + 1 });
      const page = toPage(rows, limit, ({ businessDate }) => [businessDate]);
      return { ...page, data: page.data.map(runView) };
    },
  );
}
