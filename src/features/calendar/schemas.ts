import { type Static, Type } from 'typebox';
import { choice, date, flag, givenText, list, text } from '#http/fields.ts';
import { pageQuery } from '#http/pagination.ts';
import { nullable, requestObject, resource } from '#http/schemas.ts';
import type { Today } from './service.ts';

const weekendDays = list(
  'Weekdays without business, 1 Monday to 7 Sunday.',
  Type.Integer({ minimum: 1, maximum: 7, examples: [7] }),
  { maxItems: 7 },
);

export const BusinessDateSchema = resource('BusinessDate', 'The bank’s date, and its calendar around it.', {
  businessDate: date('The date that is booked on now.'),
  datePolicy: choice('DatePolicy', 'Whether it follows the clock or is set by hand.', ['calendar', 'manual']),
  timeZone: text('The time zone of the bank.', 'Europe/Berlin'),
  weekendDays,
  isBusinessDay: flag('Whether it is a business day.'),
  nextBusinessDay: date('The next business day after it.'),
  closedThrough: nullable(
    date('Nothing more is booked on this date or before it; null before the first end of day.'),
  ),
});
export type TodayView = Static<typeof BusinessDateSchema>;

export function todayView({ weekendDays, closedThrough, ...today }: Today): TodayView {
  return { ...today, weekendDays: [...weekendDays], closedThrough: closedThrough ?? null };
}

export const SetBusinessDateRequest = requestObject('SetBusinessDateRequest', 'A date to book on.', {
  businessDate: date('The date; never an earlier one than the present, and at most 3,660 days after it.'),
  confirm: Type.Optional(flag('Confirms a date that is more than 366 days after the present one.')),
});
export const SetCalendarRequest = requestObject('SetCalendarRequest', 'The weekend.', { weekendDays });

const NAME = 'New Year’s Day';
const day = date('The day.');

export const HolidaySchema = resource('Holiday', 'A day without business.', {
  date: day,
  name: text('The name.', NAME),
});
export const AddHolidayRequest = requestObject('AddHolidayRequest', 'A day without business.', {
  date: day,
  name: givenText('The name.', NAME, 100),
});
export const HolidayParams = Type.Object({
  date: text('A date, YYYY-MM-DD; 404 for any other text.', '2027-01-01'),
});

export const ListHolidaysQuery = pageQuery({
  from: Type.Optional(date('The first date.')),
  to: Type.Optional(date('The last date.')),
});
