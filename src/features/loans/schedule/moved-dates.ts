import type { BusinessCalendar } from '#lib/time/business-calendar.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { nominalDueDates } from './periods.ts';
import { type DueDateRule, INTEREST_ENDS, type LoanTerms, type MovedDates } from './terms.ts';

/** What a product says of due dates that are not business days. */
export type DueDatePolicy = { readonly rule: DueDateRule; readonly interestTo: MovedDates['interestTo'] };

/**
 * The due dates of terms that a calendar moves; undefined where none is. A date that would not stay after the one before
 * it, or after the disbursement, is kept. Dates that were moved already stay as they are.
 */
export function movedDates(
  terms: LoanTerms,
  { rule, interestTo }: DueDatePolicy,
  calendar: BusinessCalendar,
): MovedDates | undefined {
  const known = terms.moved?.dates ?? [];
  const dates = [...known];
  let before = terms.disbursedOn;
  for (const from of nominalDueDates(terms)) {
    const already = known.find((one) => one.from === from);
    const to = already?.to ?? moved(from, rule, calendar);
    const isKept = already === undefined && to <= before;
    before = isKept ? from : to;
    if (!isKept && already === undefined && to !== from) dates.push({ from, to });
  }
  return dates.length === 0 ? undefined : { dates, interestTo: terms.moved?.interestTo ?? interestTo };
}

function moved(date: IsoDate, rule: DueDateRule, calendar: BusinessCalendar): IsoDate {
  if (rule === 'same') return date;
  if (rule === 'preceding') return calendar.onOrBefore(date);
  const next = calendar.onOrAfter(date);
  const isOtherMonth = next.slice(0, 7) !== date.slice(0, 7);
  return rule === 'modified_following' && isOtherMonth ? calendar.onOrBefore(date) : next;
}

export const DEFAULT_INTEREST_END = INTEREST_ENDS[0];
