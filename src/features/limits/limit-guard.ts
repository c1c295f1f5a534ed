import type { AnyTx } from '#db/session.ts';
import type { EntryDraft, Guard } from '#ledger/entry.ts';
import type { AccountId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { Allowance } from './limit.ts';
import { loadAllowances } from './load-allowances.ts';
import { findOwnTransfers, type OwnTransfer } from './own-transfers.ts';

/** Entries that take money out because a customer wants it; also those that are counted (load-allowances.ts). */
const PAYMENTS: ReadonlySet<EntryDraft['kind']> = new Set(['withdrawal', 'transfer', 'outgoing_payment']);

/** What is judged, on which date, and what else has a say. */
export type LimitedPosting = {
  readonly drafts: readonly EntryDraft[];
  readonly businessDate: IsoDate;
  /** Asked about what is within the limits; what it refuses does not count against them. */
  readonly inner: Guard | undefined;
  /** Whether an entry pays a beneficiary in its cooling-off period. */
  readonly paysNew: (draft: EntryDraft) => boolean;
};

/**
 * Holds payments to the limits of the accounts that pay: 422 `limit_exceeded`. Call with their ledger accounts locked:
 * what they have paid is then what it was, in whichever process, until this transaction ends.
 */
export async function openLimitGuard(
  tx: AnyTx,
  bookId: number,
  { drafts, businessDate, inner, paysNew }: LimitedPosting,
): Promise<Guard | undefined> {
  const payers = drafts.flatMap((draft) => paymentOf(draft)?.accountId ?? []);
  const allowances = await loadAllowances(tx, bookId, payers, businessDate);
  if (allowances.size === 0) return inner;
  const uncounted = await findOwnTransfers(tx, bookId, ownTransferCandidates(drafts, allowances));
  return (draft) => {
    const payment = paymentOf(draft);
    const allowance = payment && allowances.get(payment.accountId);
    if (payment === undefined || allowance === undefined || uncounted.has(draft.entryId))
      return inner?.(draft);
    const spending = { amountMinor: payment.amountMinor, toNew: paysNew(draft) };
    const error = allowance.judge(spending) ?? inner?.(draft);
    if (error === undefined) allowance.take(spending);
    return error;
  };
}

/** Transfers between customers' accounts where those of one customer do not count. */
function ownTransferCandidates(
  drafts: readonly EntryDraft[],
  allowances: ReadonlyMap<AccountId, Allowance>,
): OwnTransfer[] {
  return drafts.flatMap(({ entryId, kind, postings }) => {
    const { debit, credit } = postings[0] ?? {};
    if (kind !== 'transfer' || typeof debit !== 'string' || typeof credit !== 'string') return [];
    return allowances.get(debit)?.ownTransfersCount === false ? [{ entryId, from: debit, to: credit }] : [];
  });
}

type Payment = { readonly accountId: AccountId; readonly amountMinor: bigint };

/** Which account pays how much by an entry, if it is a payment. */
function paymentOf({ kind, postings, isFromEstate = false }: EntryDraft): Payment | undefined {
  // The limit was the customer's, against being robbed.
  if (isFromEstate) return undefined;
  const payer = postings[0]?.debit;
  if (!PAYMENTS.has(kind) || typeof payer !== 'string') return undefined;
  const lines = postings.filter(({ debit }) => debit === payer);
  return { accountId: payer, amountMinor: lines.reduce((sum, line) => sum + line.amountMinor, 0n) };
}
