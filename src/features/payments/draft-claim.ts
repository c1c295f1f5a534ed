import type { EntryDraft, InternalAccount, PostingDraft } from '#ledger/entry.ts';
import { assert } from '#lib/assert.ts';
import type { Money } from '#lib/money/money.ts';

/** Under which id and key an entry is posted, and by whom. */
export type EntryHeader = Required<Pick<EntryDraft, 'entryId' | 'actor' | 'idempotency'>>;

/**
 * The bank gives back a payment that a closed account was credited with, and `claims` has its claim on the customer.
 * `postings` would take the payment back from the account.
 */
export function draftClaim(
  claims: InternalAccount,
  { amountMinor, currency }: Money,
  header: EntryHeader,
  postings: readonly PostingDraft[],
): EntryDraft {
  const [reversal, ...others] = postings;
  assert(reversal !== undefined && others.length === 0, 'a payment came by one line');
  return {
    ...header,
    kind: 'outgoing_payment',
    postings: [{ debit: claims, credit: reversal.credit, amountMinor, currency }],
  };
}
