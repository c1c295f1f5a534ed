import { addDays, type IsoDate } from '#lib/time/dates.ts';
import { monthsKeepingEnd } from '../accrual/periods.ts';

/** How long a deposit is held. */
export type Term =
  | { readonly unit: 'month'; readonly count: number }
  | { readonly unit: 'day'; readonly count: number };

/**
 * The day on which a deposit is paid out: its last night is the one before. The end of a month stays one, when a deposit
 * is made and when it is renewed: 31 January, 28 February, 31 March.
 */
export function maturityDate(openedOn: IsoDate, { unit, count }: Term): IsoDate {
  return unit === 'day' ? addDays(openedOn, count) : monthsKeepingEnd(openedOn, count);
}
