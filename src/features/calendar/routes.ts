import { operationsOf } from '#http/operations.ts';
import { readPage } from '#http/pagination.ts';
import { nothing, pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { notFound } from '#lib/errors.ts';
import { optional } from '#lib/text.ts';
import { isoDate, parseIsoDate } from '#lib/time/dates.ts';
import type { Holiday } from './repository.ts';
import {
  AddHolidayRequest,
  BusinessDateSchema,
  HolidayParams,
  HolidaySchema,
  ListHolidaysQuery,
  SetBusinessDateRequest,
  SetCalendarRequest,
  todayView,
} from './schemas.ts';
import type { CalendarService } from './service.ts';

const operation = operationsOf('Calendar');

/** The bank's date, and the days on which it does business. */
export function registerCalendarRoutes(server: HttpServer, calendar: CalendarService): void {
  registerDate(server, calendar);
  registerHolidays(server, calendar);
}

function registerDate(server: HttpServer, calendar: CalendarService): void {
  server.get(
    '/v1/business-date',
    operation('getBusinessDate', 'Get the date that is booked on now', {
      response: { 200: BusinessDateSchema },
    }),
    async () => todayView(await calendar.today()),
  );

  server.post(
    '/v1/business-date',
    operation('setBusinessDate', 'Set the business date by hand; it stops following the clock', {
      body: SetBusinessDateRequest,
      response: { 200: BusinessDateSchema },
      problems: ['business_date_closed', 'date_far_ahead'],
    }),
    async ({ caller, body }) => {
      await calendar.setDate(caller, isoDate(body.businessDate), { isConfirmed: body.confirm });
      return todayView(await calendar.today());
    },
  );

  server.post(
    '/v1/business-date/undo',
    operation('undoBusinessDate', 'Take back the last change of the business date by hand', {
      response: { 200: BusinessDateSchema },
      problems: ['date_change_final'],
    }),
    async ({ caller }) => {
      await calendar.undoDate(caller);
      return todayView(await calendar.today());
    },
  );

  server.put(
    '/v1/calendar',
    operation('setCalendar', 'Set the weekdays without business', {
      body: SetCalendarRequest,
      response: { 200: BusinessDateSchema },
    }),
    async ({ caller, body }) => {
      await calendar.setWeekend(caller, body.weekendDays);
      return todayView(await calendar.today());
    },
  );
}

function registerHolidays(server: HttpServer, calendar: CalendarService): void {
  server.get(
    '/v1/holidays',
    operation('listHolidays', 'List holidays by date', {
      querystring: ListHolidaysQuery,
      response: { 200: pageSchema(HolidaySchema) },
    }),
    ({ query }) =>
      readPage(query, {
        order: 'date',
        placeOf: ({ date }: Holiday) => date,
        read: (limit, after) => {
          const period = { from: optional(query.from, isoDate), to: optional(query.to, isoDate) };
          return calendar.listHolidays({ ...period, after, limit });
        },
        view: (holiday) => holiday,
      }),
  );

  server.post(
    '/v1/holidays',
    operation('addHoliday', 'Add a holiday', {
      body: AddHolidayRequest,
      response: { 201: HolidaySchema },
      problems: ['holiday_exists'],
    }),
    async ({ caller, body }, reply) => {
      const holiday = await calendar.addHoliday(caller, { date: isoDate(body.date), name: body.name });
      return reply.code(201).send(holiday);
    },
  );

  server.delete(
    '/v1/holidays/:date',
    operation('removeHoliday', 'Remove a holiday', {
      params: HolidayParams,
      response: { 204: nothing('Removed.') },
    }),
    async ({ caller, params }, reply) => {
      const date = parseIsoDate(params.date);
      if (date === undefined) throw notFound();
      await calendar.removeHoliday(caller, date);
      return reply.code(204).send(null);
    },
  );
}
