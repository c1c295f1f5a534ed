import type { Context } from '#db/context.ts';
import type { EndOfDayStep } from '#features/end-of-day/contract.ts';
import { addCounts, balancesStep, closeDateStep, trialBalanceStep } from '#features/end-of-day/contract.ts';
import { expireNextHolds } from '#features/holds/contract.ts';
import { standingOrdersStep } from '#features/standing-orders/contract.ts';
import type { InternalAccounts } from '#ledger/internal-accounts.ts';

/**
 * What happens at the end of each business date, in this order. What moves money comes before the date is closed and
 * is booked on it; what is kept of the date comes after, when nothing is booked on it any more.
 */
export function endOfDaySteps(context: Context, internalAccounts: InternalAccounts): readonly EndOfDayStep[] {
  const { bookId } = context;
  return [
    expireHoldsStep(context),
    standingOrdersStep(context, internalAccounts),
    trialBalanceStep(bookId),
    closeDateStep(context),
    balancesStep(bookId),
  ];
}

/** Lets go of holds whose time is over by the clock: what they kept can pay what is due. */
function expireHoldsStep(context: Context): EndOfDayStep {
  return {
    name: 'expire-holds',
    runChunk: async (tx, _day, progress) => {
      const expired = await expireNextHolds(tx, context);
      const { processed, counts } = progress;
      return {
        ...progress,
        processed: processed + expired,
        counts: addCounts(counts, { expired }),
        done: expired === 0,
      };
    },
  };
}
