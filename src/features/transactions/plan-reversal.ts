import type { Context } from '#db/context.ts';
import { CHART } from '#ledger/chart.ts';
import type { PostingDraft } from '#ledger/entry.ts';
import { findLeftMinor, findReversal, partOf } from '#ledger/reversal.ts';
import { notFound } from '#lib/errors.ts';
import { toTypeId } from '#lib/ids.ts';
import { transactionError } from './errors.ts';
import type { Sides } from './movement.ts';
import { findPaymentFrom, isFeeEntry } from './repository.ts';
import type { Transaction } from './transaction.ts';

/** The lines that take a transaction back, and what they do to its account, in minor units. */
export type PlannedReversal = { readonly postings: readonly PostingDraft[]; readonly amountMinor: bigint };

/**
 * The lines that take back an amount of a transaction, or all that is left of it now: others may take a part of it back
 * before these lines are posted. Throws 404 `not_found`, 422 `not_reversible` and `not_reversible_in_part`.
 */
export async function planReversal(
  { db, bookId }: Pick<Context, 'db' | 'bookId'>,
  original: Transaction,
  wantedMinor: bigint | undefined,
): Promise<PlannedReversal> {
  const { id, amountMinor } = original.state;
  original.assertReversible();
  const reversal = await findReversal(db, bookId, id);
  if (reversal === undefined) throw notFound();
  await assertNoPayment({ db, bookId }, original);
  await assertNoFee({ db, bookId }, original);
  if (reversal.postings.some(isOpenItem)) throw transactionError('not_reversible', { what: 'open item' });
  const leftMinor = await findLeftMinor(db, bookId, id);
  if (wantedMinor === undefined && reversal.postings.length > 1) return { ...reversal, amountMinor };
  // Where nothing is left, the ledger says so: once it knows that the request does not repeat another.
  const takenMinor = wantedMinor ?? (leftMinor > 0n ? leftMinor : amountMinor);
  const postings = partOf(reversal, takenMinor);
  if (postings === undefined) throw transactionError('not_reversible_in_part');
  return { postings, amountMinor: takenMinor };
}

/**
 * A payment to or from another bank has a life of its own, which a reversal would not change: throws 422
 * `not_reversible` with the call that takes it back. Imported ones have none, and are reversed like everything else.
 */
async function assertNoPayment(
  { db, bookId }: Pick<Context, 'db' | 'bookId'>,
  { state }: Transaction,
): Promise<void> {
  const { id, accountId, type, settlement } = state;
  if (settlement !== undefined) {
    throw transactionError('not_reversible', { what: 'outgoing payment', id: toTypeId('transaction', id) });
  }
  if (type !== 'incoming_payment') return;
  const payment = await findPaymentFrom(db, bookId, accountId, id);
  if (payment === undefined) return;
  const of = toTypeId('incomingPayment', payment);
  throw transactionError('not_reversible', { what: 'incoming payment', id: of });
}

/** A fee has a state of its own: throws 422 `not_reversible` with the call that gives it back. Imported ones have none. */
async function assertNoFee(
  { db, bookId }: Pick<Context, 'db' | 'bookId'>,
  { state: { id, type } }: Transaction,
): Promise<void> {
  if (type === 'fee' && (await isFeeEntry(db, bookId, id))) {
    throw transactionError('not_reversible', { what: 'fee' });
  }
}

/** Whether a line is of a payment to or from another bank, or of a loan, whose own state would not be told. */
function isOpenItem({ debit, credit }: Sides): boolean {
  return [debit, credit].some((side) => typeof side !== 'string' && OPEN_ITEM_LINES.has(side.glCode));
}

const OPEN_ITEM_LINES: ReadonlySet<string> = new Set([
  CHART.outgoingPayments,
  CHART.suspense,
  CHART.loans,
  CHART.loanInterestReceivable,
  CHART.loanFeesReceivable,
  CHART.loanPenaltiesReceivable,
  CHART.loanRecoveries,
]);
