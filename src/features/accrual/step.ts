import type { Context } from '#db/context.ts';
import { addCounts, type EndOfDayStep } from '#features/end-of-day/contract.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';
import type { AccountId } from '#lib/ids.ts';
import { InterestBooking } from './booking.ts';
import { countToPost, loadRates } from './count.ts';
import { countAccounts, lockChunk } from './repository.ts';

/** Accounts per transaction: at the end of a month a third of a second, in which they are locked. */
const CHUNK = 1_000;

/**
 * The end-of-day step of interest: what open accounts earn and owe for the day is added to their positions and to the
 * books, and periods that end are posted. Runs in chunks of ascending id. An account's row holds how far it came, so
 * that no day counts twice.
 */
export function interestStep(context: Context, internalAccounts: InternalAccounts): EndOfDayStep {
  const { bookId } = context;
  const booking = new InterestBooking(context, internalAccounts);
  return {
    name: 'interest',
    countTotal: async (db, { date }) => {
      const products = [...(await loadRates(db, bookId, date)).keys()];
      return products.length === 0 ? 0 : countAccounts(db, bookId, products);
    },
    runChunk: async (tx, { date }, progress) => {
      const rates = await loadRates(tx, bookId, date);
      if (rates.size === 0) return { ...progress, done: true };
      // Its own position: the id of the last account of a chunk.
      const after = progress.position as AccountId | undefined;
      const chunk = await lockChunk(tx, bookId, [...rates.keys()], { after, limit: CHUNK });
      if (chunk === undefined) return { ...progress, done: true };
      const counted = await countToPost(tx, context, chunk.ids, { date, rates });
      const { posted, corrected } = await booking.book(tx, counted, date);
      return {
        position: chunk.last,
        processed: progress.processed + chunk.ids.length,
        counts: addCounts(progress.counts, { accrued: counted.length, posted, corrected }),
        done: false,
      };
    },
  };
}
