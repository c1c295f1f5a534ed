import type { BusinessCalendar } from '#lib/time/business-calendar.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';

/** When an order that falls due on a day without business is paid: on the next business day, the last, or that day. */
export const BUSINESS_DAYS = ['following', 'preceding', 'same'] as const;
export type BusinessDays = (typeof BUSINESS_DAYS)[number];

/** The date on which a due date is paid. */
export function runDateOf(dueOn: IsoDate, businessDays: BusinessDays, calendar: BusinessCalendar): IsoDate {
  if (businessDays === 'same') return dueOn;
  return businessDays === 'following' ? calendar.onOrAfter(dueOn) : calendar.onOrBefore(dueOn);
}

/** Up to which due date a date pays orders, by what they say of business days; undefined for none. */
export type Horizon = Readonly<Record<BusinessDays, IsoDate | undefined>>;

/** What a date pays. A business day also pays the days without business before it, or those after it. */
export function horizonOf(date: IsoDate, calendar: BusinessCalendar): Horizon {
  if (!calendar.isBusinessDay(date)) return { same: date, following: undefined, preceding: undefined };
  return { same: date, following: date, preceding: addDays(calendar.after(date), -1) };
}
