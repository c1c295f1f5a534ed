import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { addCounts, type EndOfDayStep } from '#features/end-of-day/contract.ts';
import { changeFees, feeLines, insertFees, keyOf, loadSchedules } from '#features/fees/contract.ts';
import { assert } from '#lib/assert.ts';
import type { FeeId } from '#lib/ids.ts';
import { draftOf, linesOf, postFees } from './booking.ts';
import { lockDueFees } from './repository.ts';

/** Fees per transaction: a third of a second. */
const CHUNK = 500;

/**
 * The end-of-day step that collects fees that are due, the oldest first, each where the account has the money for it now.
 * Locks the fees, then the book's row (shared) and the accounts.
 */
export function dueFeesStep(context: Context): EndOfDayStep {
  const { bookId } = context;
  return {
    name: 'due-fees',
    runChunk: async (tx, _, progress) => {
      const { last, processed, collected } = await collect(
        tx,
        context,
        progress.position as FeeId | undefined,
      );
      if (last === undefined) return { ...progress, done: true };
      return {
        position: last,
        processed: progress.processed + processed,
        counts: addCounts(progress.counts, { collected, waiting: processed - collected }),
        done: false,
      };
    },
  };

  async function collect(tx: Tx, booking: Context, after: FeeId | undefined) {
    const fees = await lockDueFees(tx, bookId, { after, limit: CHUNK });
    const versions = fees.map((fee) => ({ ...fee, version: fee.termsVersion }));
    const schedules = await loadSchedules(tx, bookId, versions);
    const drafted = versions.map((fee) => {
      const schedule = schedules.get(keyOf(fee));
      const terms = schedule?.fees.find(({ code }) => code === fee.code);
      assert(schedule !== undefined && terms !== undefined, 'terms with a fee do not change');
      const lines = feeLines(schedule, fee, { debit: fee.accountId, whenShort: terms.whenShort });
      const draft = draftOf(booking, lines);
      assert(draft !== undefined, 'what is due comes to something');
      return { fee, lines, draft };
    });
    const entries = drafted.map(({ fee, draft }) => ({ draft, accountId: fee.accountId, name: fee.name }));
    const outcomes = await postFees(tx, booking, entries);
    const paid = drafted.filter(({ draft }) => outcomes.get(draft.entryId)?.status === 'posted');
    const changes = paid.map(({ fee, draft }) => {
      return { id: fee.id, from: 'due', to: 'charged', entryId: draft.entryId } as const;
    });
    await changeFees(tx, bookId, changes, booking.clock.nowMs());
    const lines = paid.flatMap(({ fee, lines: parts, draft }) => linesOf(draft.entryId, fee.id, parts));
    await insertFees(tx, bookId, [], lines);
    return { last: fees.at(-1)?.id, processed: fees.length, collected: paid.length };
  }
}
