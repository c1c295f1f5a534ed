import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { assertNearToday } from '#features/transactions/contract.ts';
import { followCalendar } from '#ledger/business-date.ts';
import type { EntryDraft } from '#ledger/entry.ts';
import { findReversal } from '#ledger/reversal.ts';
import { assert } from '#lib/assert.ts';
import { newId, type TransactionId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** The entry that takes back one between the bank's own accounts, without a key of its own. */
export async function draftInternalReversal(
  tx: Tx,
  { bookId, ids }: Context,
  actor: string,
  entryId: TransactionId,
): Promise<EntryDraft> {
  const reversal = await findReversal(tx, bookId, entryId);
  assert(reversal !== undefined, 'what is taken back was posted');
  const { postings } = reversal;
  return { entryId: newId(ids, 'transaction'), kind: 'reversal', actor, reversesEntryId: entryId, postings };
}

/** Throws 400 `validation_failed` for a date of a return that is far from the business date. */
export async function assertReturnDate(context: Context, returnedOn: IsoDate | undefined): Promise<void> {
  if (returnedOn === undefined) return;
  const { db, bookId, clock } = context;
  assertNearToday(returnedOn, await followCalendar(db, bookId, clock), 'returnedOn');
}
