import { Type } from 'typebox';
import { pageQuery } from '#http/pagination.ts';
import { closedObject, DateSchema, nullable } from '#http/schemas.ts';

const WeekendDays = Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
  description: 'Weekdays without business, 1 Monday to 7 Sunday.',
  maxItems: 7,
});

export const BusinessDateSchema = Type.Object({
  businessDate: DateSchema,
  datePolicy: Type.Union([Type.Literal('calendar'), Type.Literal('manual')]),
  timeZone: Type.String({ examples: ['Europe/Berlin'] }),
  weekendDays: WeekendDays,
  isBusinessDay: Type.Boolean(),
  nextBusinessDay: DateSchema,
  closedThrough: nullable(
    Type.String({ format: 'date', description: 'Nothing is booked on this date or before it any more.' }),
  ),
});

export const SetBusinessDate = closedObject({ businessDate: DateSchema });
export const SetCalendar = closedObject({ weekendDays: WeekendDays });

const Name = Type.String({ minLength: 1, maxLength: 200, examples: ['New Year’s Day'] });
export const HolidaySchema = Type.Object({ date: DateSchema, name: Type.String() });
export const AddHoliday = closedObject({ date: DateSchema, name: Name });
export const HolidayParams = Type.Object({ date: Type.String({ description: 'A date, YYYY-MM-DD.' }) });

export const ListHolidaysQuery = pageQuery({
  from: Type.Optional(DateSchema),
  to: Type.Optional(DateSchema),
});
