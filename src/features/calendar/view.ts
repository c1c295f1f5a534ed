import type { Today } from './service.ts';

/** The book's date as the API and the CLI show it. */
export type TodayView = {
  businessDate: string;
  datePolicy: 'calendar' | 'manual';
  timeZone: string;
  weekendDays: number[];
  isBusinessDay: boolean;
  nextBusinessDay: string;
  closedThrough: string | null;
};

export function todayView({ weekendDays, closedThrough, ...today }: Today): TodayView {
  return { ...today, weekendDays: [...weekendDays], closedThrough: closedThrough ?? null };
}
