import type { AnyTx } from '#db/session.ts';
import {
  type AccountFee,
  type Arisen,
  type Assessment,
  type ChargeLine,
  chargeLines,
  feeRow,
  insertFees,
  type Schedule,
} from '#features/fees/contract.ts';
import { storeTransactionRows, type TransactionRow } from '#features/transactions/contract.ts';
import type { EntryDraft, PostOutcome } from '#ledger/entry.ts';
import { type LedgerContext, Posting } from '#ledger/post.ts';
import { assert } from '#lib/assert.ts';
import { type AccountId, type IdSource, newId, type TransactionId } from '#lib/ids.ts';

/** The actor of what is charged by terms. */
const ACTOR = 'fees';

/** What booking needs: the ledger, and ids for its entries. */
export type BookingContext = LedgerContext & { readonly ids: IdSource };

/** A fee that does not belong to a payment. */
export type FeeToBook = {
  readonly schedule: Schedule;
  readonly assessment: Assessment;
  readonly arisen: Omit<Arisen, 'entryId' | 'paymentEntryId'>;
};

/** A fee as it was stored, and why it was not charged at once, if it was not. */
export type BookedFee = { readonly fee: AccountFee; readonly refusedWith: string | undefined };

/**
 * Charges fees by entries of their own, in this order, each or nothing; what the account has no money for is due. Locks
 * the book's row (shared) and the ledger accounts.
 */
export async function bookFees(
  tx: AnyTx,
  context: BookingContext,
  fees: readonly FeeToBook[],
): Promise<BookedFee[]> {
  if (fees.length === 0) return [];
  const drafted = fees.map((one) => {
    const { accountId } = one.arisen;
    const lines = chargeLines(one.schedule, one.assessment, accountId);
    return { ...one, lines, draft: draftOf(context, lines) };
  });
  const outcomes = await postFees(
    tx,
    context,
    drafted.flatMap(({ draft, arisen, assessment }) =>
      draft === undefined ? [] : [{ draft, accountId: arisen.accountId, name: assessment.fee.name }],
    ),
  );
  const booked = drafted.map(({ schedule, assessment, arisen, lines, draft }) => {
    const outcome = draft && outcomes.get(draft.entryId);
    const entryId = outcome?.status === 'posted' ? draft?.entryId : undefined;
    const fee = feeRow(schedule, assessment, { ...arisen, paymentEntryId: undefined, entryId });
    return { fee, lines, refusedWith: outcome?.status === 'refused' ? outcome.code : undefined };
  });
  const lines = booked.flatMap(({ fee, lines: parts }) =>
    fee.entryId === undefined ? [] : linesOf(fee.entryId, fee.id, parts),
  );
  await insertFees(
    tx,
    context.bookId,
    booked.map(({ fee }) => fee),
    lines,
  );
  return booked;
}

/** The lines of an entry of its own, by number. */
export function linesOf(entryId: TransactionId, feeId: AccountFee['id'], parts: readonly ChargeLine[]) {
  return parts.map(({ part }, index) => ({ entryId, line: index + 1, feeId, part }));
}

/** The entry that charges lines; undefined for none. */
export function draftOf({ ids }: BookingContext, lines: readonly ChargeLine[]): EntryDraft | undefined {
  if (lines.length === 0) return undefined;
  const postings = lines.map(({ posting }) => posting);
  return { entryId: newId(ids, 'transaction'), kind: 'fee', actor: ACTOR, postings };
}

/** An entry that charges a fee, and what its transaction says. */
export type FeeEntry = { readonly draft: EntryDraft; readonly accountId: AccountId; readonly name: string };

/** Posts entries of fees, each or not, and stores the transactions of those that were posted. */
export async function postFees(
  tx: AnyTx,
  context: LedgerContext,
  entries: readonly FeeEntry[],
): Promise<ReadonlyMap<TransactionId, PostOutcome>> {
  if (entries.length === 0) return new Map();
  const drafts = entries.map(({ draft }) => draft);
  const posting = await Posting.begin(tx, context, drafts);
  const outcomes = posting.judge(drafts);
  await Promise.all([posting.write(), posting.finish()]);
  const rows = entries.flatMap(({ draft, accountId, name }, index): TransactionRow[] => {
    if (outcomes[index]?.status !== 'posted') return [];
    const amountMinor = draft.postings.reduce((sum, line) => sum + line.amountMinor, 0n);
    return [{ id: draft.entryId, accountId, type: 'fee', mode: 'internal', amountMinor, description: name }];
  });
  if (rows.length > 0) await storeTransactionRows(tx, context.bookId, rows);
  return new Map(
    drafts.map(({ entryId }, index) => {
      const outcome = outcomes[index];
      assert(outcome !== undefined, 'every draft has an outcome');
      return [entryId, outcome];
    }),
  );
}
