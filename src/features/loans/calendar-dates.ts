import type { Context } from '#db/context.ts';
import type { Db } from '#db/database.ts';
import { loadCalendarBetween } from '#features/calendar/contract.ts';
import { addDays } from '#lib/time/dates.ts';
import type { LoanProduct } from './products/loan-product.ts';
import { movedDates } from './schedule/moved-dates.ts';
import { nominalDueDates } from './schedule/periods.ts';
import type { LoanTerms, MovedDates } from './schedule/terms.ts';

/** How far beyond the last due date the calendar is read: more than any bank is closed. */
const DAYS_BEYOND = 61;

/** The due dates of terms that the book's calendar moves, by the product's rule. */
export async function movedByCalendar(
  db: Db,
  { bookId }: Pick<Context, 'bookId'>,
  product: LoanProduct,
  terms: LoanTerms,
): Promise<MovedDates | undefined> {
  const { dueDates } = product.policy;
  const last = nominalDueDates(terms).at(-1);
  if (dueDates.rule === 'same' || last === undefined) return undefined;
  const [from, to] = [addDays(terms.disbursedOn, -DAYS_BEYOND), addDays(last, DAYS_BEYOND)];
  return movedDates(terms, dueDates, await loadCalendarBetween(db, bookId, from, to));
}
