import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { addCounts, type EndOfDayStep } from '#features/end-of-day/contract.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import type { AccountId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { DueInstalments } from './collect.ts';
import { DueDeposits } from './due.ts';
import { countDue, type Due, hasInstalment, listDue, owesMoney } from './list-due.ts';

/** Deposits of a transaction: a quarter of a second, in which their accounts are locked. */
const CHUNK = 200;

/** Does what a date has to do for deposits, and counts the outcomes. */
type Settler = {
  settle(tx: Tx, ids: readonly AccountId[], date: IsoDate): Promise<Readonly<Record<string, number>>>;
};

/**
 * The step of the end of day that pays what deposits owe on the date: interest that was posted, and the money of those
 * that mature, which is paid out or held for another term. It comes before standing orders, which may pay with it.
 */
export function depositsStep(context: Context, internalAccounts: InternalAccounts): EndOfDayStep {
  return settlingStep('deposits', context.bookId, owesMoney, new DueDeposits(context, internalAccounts));
}

/**
 * The step of the end of day that collects the instalments of recurring deposits. It comes after standing orders, which
 * may bring the money, and before interest, so that an instalment earns from the night of its day.
 */
export function instalmentsStep(context: Context, internalAccounts: InternalAccounts): EndOfDayStep {
  return settlingStep(
    'instalments',
    context.bookId,
    hasInstalment,
    new DueInstalments(context, internalAccounts),
  );
}

/** Runs in chunks of ascending id; each deposit's own row says what is left to do. */
function settlingStep(name: string, bookId: number, due: Due, settler: Settler): EndOfDayStep {
  return {
    name,
    countTotal: (db, { date }) => countDue(db, due(bookId, date)),
    runChunk: async (tx, { date }, progress) => {
      // Its own position: the id of the last deposit of a chunk.
      const after = progress.position as AccountId | undefined;
      const ids = await listDue(tx, due(bookId, date), { after, limit: CHUNK });
      const last = ids.at(-1);
      if (last === undefined) return { ...progress, done: true };
      return {
        position: last,
        processed: progress.processed + ids.length,
        counts: addCounts(progress.counts, await settler.settle(tx, ids, date)),
        done: ids.length < CHUNK,
      };
    },
  };
}
