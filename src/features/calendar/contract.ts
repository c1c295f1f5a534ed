// The calendar: the business date, weekends and holidays.

export { readHolidays } from './read-holidays.ts';
export type { Holiday } from './repository.ts';
export { loadCalendar, loadCalendarBetween, selectBookDay } from './repository.ts';
export { todayView } from './schemas.ts';
export { type DatedAfter, MAX_DAYS_AT_ONCE } from './service.ts';
