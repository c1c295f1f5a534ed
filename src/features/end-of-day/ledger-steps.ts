import type { Context } from '#db/context.ts';
import type { Db, Tx } from '#db/database.ts';
import { findTrialDifference } from '#ledger/check-trial-balance.ts';
import { closeDate, requestClosing } from '#ledger/close-date.ts';
import {
  findChunkEnd,
  findKeptDifference,
  keepCustomerBalances,
  keepInternalBalances,
  keepTotals,
} from '#ledger/end-of-day-balances.ts';
import type { AccountId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { endOfDayError } from './errors.ts';
import { addCounts, type EndOfDayStep } from './step.ts';

/** Accounts a chunk: a tenth of a second, in which nobody waits. */
const CHUNK_ACCOUNTS = 5_000;
/** The position after the last customer's account. */
const CUSTOMERS_DONE = 'customers-done';

/** Proves the books as they stand, before the date is closed: what is wrong is found on the day it went wrong. */
export function trialBalanceStep(bookId: number): EndOfDayStep {
  return {
    name: 'trial-balance',
    runChunk: async (tx, { date, previous }, progress) => {
      const difference = await findTrialDifference(tx, bookId, { date, previous });
      if (difference !== undefined) throw endOfDayError('trial_balance_broken', difference);
      return { ...progress, done: true };
    },
  };
}

/**
 * Closes the date for entries and opens the next. What is to be kept of the date as it ends is kept by `keep`, while
 * the book's row is locked: nothing of the date is under way any more, and nothing of the next has begun.
 */
export function closeDateStep(
  { db, bookId }: Context,
  keep: (tx: Tx, date: IsoDate) => Promise<void>,
): EndOfDayStep {
  return {
    name: 'close-date',
    runChunk: async (tx, { date }, progress) => {
      // Seen by others before the row is asked for, whatever becomes of this transaction.
      await requestClosing(db, bookId);
      await closeDate(tx, bookId, date);
      await keep(tx, date);
      return { ...progress, done: true };
    },
  };
}

/** Keeps the balances of the date, now that nothing is booked on it any more. */
export function balancesStep(bookId: number): EndOfDayStep {
  return {
    name: 'balances',
    countTotal: (db) => countCustomerAccounts(db, bookId),
    runChunk: async (tx, { date, previous }, { position, processed, counts }) => {
      const closed = { date, previous };
      if (position !== CUSTOMERS_DONE) {
        const after = position as AccountId | undefined;
        const to = await findChunkEnd(tx, bookId, after, CHUNK_ACCOUNTS);
        if (to !== undefined) {
          const kept = await keepCustomerBalances(tx, bookId, closed, { after, to });
          const progress = { position: to, processed: processed + CHUNK_ACCOUNTS };
          return { ...progress, counts: addCounts(counts, { balances: kept }), done: false };
        }
        return { position: CUSTOMERS_DONE, processed, counts, done: false };
      }
      const kept = await keepInternalBalances(tx, bookId, closed);
      await keepTotals(tx, bookId, closed);
      const difference = await findKeptDifference(tx, bookId, closed);
      if (difference !== undefined) throw endOfDayError('balances_broken', difference);
      return { position, processed, counts: addCounts(counts, { balances: kept }), done: true };
    },
  };
}

async function countCustomerAccounts(db: Db, bookId: number): Promise<number> {
  const { count } = await db
    .selectFrom('ledger_accounts')
    .select((eb) => eb.fn.countAll<bigint>().as('count'))
    .where('book_id', '=', bookId)
    .where('kind', '=', 'customer')
    .executeTakeFirstOrThrow();
  return Number(count);
}
