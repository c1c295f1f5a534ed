import { createServices } from '#bank/services.ts';
import type { Context } from '#db/context.ts';
import { type NewBook, openBook } from '#features/books/contract.ts';
import { ManualClock } from '#lib/time/clock.ts';
import { addDays, addYears, type IsoDate } from '#lib/time/dates.ts';
import { addBeneficiaries } from './beneficiaries.ts';
import { instantAt } from './calendar.ts';
import { CUSTOMERS } from './customers.ts';
import { DemoIds } from './demo-ids.ts';
import { demoError } from './errors.ts';
import { bearInterest } from './interest.ts';
import { openAccounts } from './open-accounts.ts';
import { OPENING_SECOND, planYear } from './plan-year.ts';
import { type DemoProgress, runPlan } from './run-plan.ts';
import { giveStandingOrders } from './standing-orders.ts';

export type SeedDemoOptions = {
  readonly book: NewBook;
  /** The date now in the book's time zone: the demo's year ends the day before. */
  readonly today: IsoDate;
  readonly onProgress?: (progress: DemoProgress) => void;
};

export type DemoSummary = {
  readonly customers: number;
  readonly accounts: number;
  readonly transactions: number;
  readonly standingOrders: number;
  readonly firstDay: IsoDate;
  readonly lastDay: IsoDate;
};

/**
 * Opens a book and fills it with a small bank's customers, accounts, a year of their transactions and standing orders
 * for what follows, all through the ordinary services. The same `today` gives the same bank to the last id; customers,
 * accounts, ids and account numbers are the same on every day. The book's business date is left at yesterday's, from
 * which the calendar moves it on. Throws 409 `book_exists` if the book has been opened before.
 *
 * It takes many database transactions: if it is cut off, the book has only a part of its year.
 */
export async function seedDemo(
  { db, postingPool, bookId, dataKey }: Pick<Context, 'db' | 'postingPool' | 'bookId' | 'dataKey'>,
  { book, today, onProgress = () => undefined }: SeedDemoOptions,
): Promise<DemoSummary> {
  const firstDay = addYears(today, -1);
  const lastDay = addDays(today, -1);
  const clock = new ManualClock(instantAt(firstDay, OPENING_SECOND, book.timeZone));
  const ids = new DemoIds();
  const context = { db, postingPool, bookId, clock, ids, dataKey };
  if (!(await openBook(context, book))) {
    throw demoError('book_exists');
  }
  const services = createServices(context);
  const accountIds = await openAccounts(services, ids);
  await addBeneficiaries(services, ids, accountIds, false);
  const plan = planYear({ firstDay, lastDay, timeZone: book.timeZone });
  const transactions = await runPlan(plan, { services, ids, clock, accountIds, onProgress });
  await addBeneficiaries(services, ids, accountIds, true);
  await bearInterest(services, today);
  const standingOrders = await giveStandingOrders(services, ids, accountIds, today);
  const accounts = accountIds.size;
  return { customers: CUSTOMERS.length, accounts, transactions, standingOrders, firstDay, lastDay };
}
