import { createServices } from '#bank/services.ts';
import type { Context } from '#db/context.ts';
import type { Db } from '#db/database.ts';
import { type NewBook, openBook } from '#features/books/contract.ts';
import { ManualClock } from '#lib/time/clock.ts';
import { addDays, addYears, type IsoDate } from '#lib/time/dates.ts';
import { addBeneficiaries } from './beneficiaries.ts';
import { instantAt } from './calendar.ts';
import { CUSTOMERS } from './customers.ts';
import { DayEnds } from './day-ends.ts';
import { DemoIds } from './demo-ids.ts';
import { demoError } from './errors.ts';
import { openAccounts } from './open-accounts.ts';
import { OPENING_SECOND, planYear } from './plan-year.ts';
import { offerProducts, payCapital } from './products.ts';
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
 * Opens a book and fills it, all through the ordinary services: a small bank's capital, products, customers and accounts.
 * Then come a year of their transactions, the end of each of its last days, and standing orders for what follows. The same
 * `today` gives the same bank to the last id; customers, accounts, ids and account numbers are the same on every day. The
 * book's business date is left at yesterday's, from which the calendar moves it on. Throws 409 `book_exists` if the book
 * has been opened before.
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
  await offerProducts(services, ids, firstDay);
  const accountIds = await openAccounts(services, ids);
  await addBeneficiaries(services, ids, accountIds, false);
  ids.moveTo(clock.nowMs());
  await payCapital(services);
  const year = { firstDay, lastDay, timeZone: book.timeZone };
  const plan = planYear(year);
  const dayEnds = new DayEnds(services, ids, clock, year);
  await runPlan(plan, { services, ids, clock, accountIds, dayEnds, loans: new Map(), onProgress });
  await addBeneficiaries(services, ids, accountIds, true);
  const standingOrders = await giveStandingOrders(services, ids, accountIds, today);
  return { customers: CUSTOMERS.length, ...(await countRows(db, bookId)), standingOrders, firstDay, lastDay };
}

/** With those of deposits, and what the bank did by itself. */
async function countRows(db: Db, bookId: number): Promise<Pick<DemoSummary, 'accounts' | 'transactions'>> {
  const count = async (table: 'accounts' | 'transactions'): Promise<number> => {
    const { rows } = await db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<bigint>().as('rows'))
      .where('book_id', '=', bookId)
      .executeTakeFirstOrThrow();
    return Number(rows);
  };
  return { accounts: await count('accounts'), transactions: await count('transactions') };
}
