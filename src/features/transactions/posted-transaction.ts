import type { EntryDraft, PostedEntry, PostingDraft } from '#ledger/entry.ts';
import type { MovementRow } from './store-movements.ts';
import { NOT_REVERSED, pendingSince, Transaction } from './transaction.ts';

/** A transaction as its request is answered, made of what was posted: nothing is read again. */
export function postedTransaction(
  draft: EntryDraft,
  movementRow: MovementRow,
  entry: PostedEntry,
): Transaction {
  const {
    caller: _,
    beneficiary: __,
    act: ___,
    alsoStore: _____,
    payeeToFind: ____,
    givesBack: ______,
    leavesBank,
    ...row
  } = movementRow;
  const touches = ({ debit, credit }: PostingDraft) => debit === row.accountId || credit === row.accountId;
  const [posting, last] = [entry.postings.find(touches), entry.postings.findLast(touches)];
  if (posting === undefined || last === undefined) {
    throw new TypeError('a transaction is of an account that its entry touches');
  }
  const other = posting.debit === row.accountId ? posting.credit : posting.debit;
  const after = last.debit === row.accountId ? last.debitAfter : last.creditAfter;
  return new Transaction({
    ...row,
    currency: posting.currency,
    counterpartyAccountId: typeof other === 'string' ? other : undefined,
    balanceAfterMinor: after?.balanceMinor ?? 0n,
    payerName: undefined,
    settlement: leavesBank ? pendingSince(entry.postedAtMs) : undefined,
    reverses: draft.reversesEntryId,
    ...NOT_REVERSED,
    sequence: undefined,
    businessDate: entry.businessDate,
    valueDate: entry.valueDate,
    postedAtMs: entry.postedAtMs,
  });
}
