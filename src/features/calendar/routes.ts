import { decodeCursor, pageLimit, toPage } from '#http/pagination.ts';
import { pageSchema, problemResponses } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { notFound } from '#lib/errors.ts';
import { type IsoDate, isoDate, parseIsoDate } from '#lib/time/dates.ts';
import {
  AddHoliday,
  BusinessDateSchema,
  HolidayParams,
  HolidaySchema,
  ListHolidaysQuery,
  SetBusinessDate,
  SetCalendar,
} from './schemas.ts';
import type { CalendarService } from './service.ts';
import { todayView } from './view.ts';

const tags = ['Calendar'];

/** The bank's date, and the days on which it does business. */
export function registerCalendarRoutes(server: HttpServer, calendar: CalendarService): void {
  registerDate(server, calendar);
  registerHolidays(server, calendar);
}

function registerDate(server: HttpServer, calendar: CalendarService): void {
  server.get(
    '/v1/business-date',
    {
      schema: {
        operationId: 'getBusinessDate',
        summary: 'Get the date that is booked on now',
        tags,
        response: { 200: BusinessDateSchema, ...problemResponses() },
      },
    },
    async () => todayView(await calendar.today()),
  );

  server.post(
    '/v1/business-date',
    {
      schema: {
        operationId: 'setBusinessDate',
        summary: 'Set the business date by hand; it stops following the clock',
        tags,
        body: SetBusinessDate,
        response: { 200: BusinessDateSchema, ...problemResponses(400, 409, 413, 415) },
      },
    },
    async ({ caller, body }) => {
      await calendar.setDate(caller, isoDate(body.businessDate));
      return todayView(await calendar.today());
    },
  );

  server.put(
    '/v1/calendar',
    {
      schema: {
        operationId: 'setCalendar',
        summary: 'Set the weekdays without business',
        tags,
        body: SetCalendar,
        response: { 200: BusinessDateSchema, ...problemResponses(400, 413, 415) },
      },
    },
    async ({ caller, body }) => {
      await calendar.setWeekend(caller, body.weekendDays);
      return todayView(await calendar.today());
    },
  );
}

function registerHolidays(server: HttpServer, calendar: CalendarService): void {
  server.get(
    '/v1/holidays',
    {
      schema: {
        operationId: 'listHolidays',
        summary: 'List holidays by date',
        tags,
        querystring: ListHolidaysQuery,
        response: { 200: pageSchema(HolidaySchema), ...problemResponses(400) },
      },
    },
    async ({ query }) => {
      const limit = pageLimit(query);
      const [after] = query.cursor === undefined ? [] : decodeCursor(query.cursor, ['date']);
      const dateOf = (text: string | undefined): IsoDate | undefined =>
        text === undefined ? undefined : isoDate(text);
      const filter = { from: dateOf(query.from), to: dateOf(query.to), after: dateOf(after) };
      const rows = await calendar.listHolidays({ ...filter, limit: limit + 1 });
      return toPage(rows, limit, ({ date }) => [date]);
    },
  );

  server.post(
    '/v1/holidays',
    {
      schema: {
        operationId: 'addHoliday',
        summary: 'Add a holiday',
        tags,
        body: AddHoliday,
        response: { 201: HolidaySchema, ...problemResponses(400, 409, 413, 415) },
      },
    },
    async ({ caller, body }, reply) => {
      const holiday = await calendar.addHoliday(caller, { date: isoDate(body.date), name: body.name });
      return reply.code(201).send(holiday);
    },
  );

  server.delete(
    '/v1/holidays/:date',
    {
      schema: {
        operationId: 'removeHoliday',
        summary: 'Remove a holiday',
        tags,
        params: HolidayParams,
        response: { 204: { type: 'null', description: 'Removed.' }, ...problemResponses(400, 404, 413, 415) },
      },
    },
    async ({ caller, params }, reply) => {
      const date = parseIsoDate(params.date);
      if (date === undefined) throw notFound();
      await calendar.removeHoliday(caller, date);
      return reply.code(204).send(null);
    },
  );
}
