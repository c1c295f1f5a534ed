import type { Context } from '#db/context.ts';
import { addCounts, type EndOfDayStep } from '#features/end-of-day/contract.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import type { AccountId } from '#lib/ids.ts';
import { DueDeposits } from './due.ts';
import { countDue, listDue } from './repository.ts';

/** Deposits of a transaction: a quarter of a second, in which their accounts are locked. */
const CHUNK = 200;

/**
 * The step of the end of day that pays what deposits owe on the date: interest that was posted, and the money of those
 * that mature, which is paid out or held for another term. It comes before standing orders, which may pay with it. Runs in
 * chunks of ascending id; each deposit's own row says what is left to do.
 */
export function depositsStep(context: Context, internalAccounts: InternalAccounts): EndOfDayStep {
  const { bookId } = context;
  const due = new DueDeposits(context, internalAccounts);
  return {
    name: 'deposits',
    countTotal: (db, { date }) => countDue(db, bookId, date),
    runChunk: async (tx, { date }, progress) => {
      // Its own position: the id of the last deposit of a chunk.
      const after = progress.position as AccountId | undefined;
      const ids = await listDue(tx, bookId, { date, after, limit: CHUNK });
      const last = ids.at(-1);
      if (last === undefined) return { ...progress, done: true };
      return {
        position: last,
        processed: progress.processed + ids.length,
        counts: addCounts(progress.counts, await due.settle(tx, ids, date)),
        done: ids.length < CHUNK,
      };
    },
  };
}
