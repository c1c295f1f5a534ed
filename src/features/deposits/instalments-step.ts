import type { Context } from '#db/context.ts';
import { addCounts, type EndOfDayStep } from '#features/end-of-day/contract.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import type { AccountId } from '#lib/ids.ts';
import { DueInstalments } from './collect.ts';
import { countWithInstalments, listWithInstalments } from './instalment-repository.ts';

/** Deposits of a transaction: a quarter of a second, in which their accounts are locked. */
const CHUNK = 200;

/**
 * The step of the end of day that collects the instalments of recurring deposits. It comes after standing orders, which may
 * bring the money, and before interest, so that an instalment earns from the night of its day. Runs in chunks of ascending
 * id; each deposit's own row says what is due.
 */
export function instalmentsStep(context: Context, internalAccounts: InternalAccounts): EndOfDayStep {
  const { bookId } = context;
  const due = new DueInstalments(context, internalAccounts);
  return {
    name: 'instalments',
    countTotal: (db, { date }) => countWithInstalments(db, bookId, date),
    runChunk: async (tx, { date }, progress) => {
      // Its own position: the id of the last deposit of a chunk.
      const after = progress.position as AccountId | undefined;
      const ids = await listWithInstalments(tx, bookId, { date, after, limit: CHUNK });
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
