import type { FlorinError } from '#lib/errors.ts';
import type { AccountId, InternalAccountId, LedgerAccountId, TransactionId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/**
 * The kinds of business events that entries record, for all features: there is one journal, and its table checks them.
 */
export type EntryKind =
  | 'deposit'
  | 'withdrawal'
  | 'transfer'
  | 'incoming_payment'
  | 'outgoing_payment'
  | 'interest'
  | 'interest_accrual'
  | 'penalty_interest'
  | 'withholding_tax'
  | 'fee'
  | 'loan_disbursement'
  | 'loan_repayment'
  | 'loan_accrual'
  | 'loan_loss'
  | 'loan_recovery'
  | 'opening_balance'
  | 'journal'
  | 'year_end'
  | 'revaluation'
  | 'reversal';

/** An account of the bank itself: it keeps no running balance and is never locked. From the directory only. */
export type InternalAccount = {
  readonly id: InternalAccountId;
  readonly currency: Currency;
  readonly glCode: string;
};

/** One side of a posting: a customer's ledger account by its id, or an account of the bank. */
export type LedgerSide = AccountId | InternalAccount;

/** A posting to be written: debits one side and credits the other by the same positive amount. */
export type PostingDraft = {
  readonly debit: LedgerSide;
  readonly credit: LedgerSide;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  /** Of a charge: how far it may take the account that it debits below its floor, in minor units, as its terms tolerate. */
  readonly toleratedMinor?: bigint;
};

/** The key under which a caller may repeat a request, and the hash that tells whether it is the same one. */
export type Idempotency = { readonly key: string; readonly requestHash: Buffer };

/** Money held on an account, in minor units, that an entry releases: it is available before the entry is judged. */
export type ReleasedHold = { readonly accountId: AccountId; readonly amountMinor: bigint };

/** One business event to be posted: all its lines or none. */
export type EntryDraft = {
  readonly entryId: TransactionId;
  readonly kind: EntryKind;
  readonly actor: string;
  readonly idempotency?: Idempotency;
  /** For imports: the date in the other system's books. Everything else is booked on the book's business date. */
  readonly businessDate?: IsoDate;
  /** The date from which the money counts for interest; the business date if not given. */
  readonly valueDate?: IsoDate;
  /** The entry that this one takes back, whole or in part. */
  readonly reversesEntryId?: TransactionId;
  /**
   * Of a reversal: whether it may take an account below its floor, and money from one that is frozen. Somebody with
   * authority answers for it.
   */
  readonly mayOverdraw?: boolean;
  /**
   * Interest and tax by the terms of the account that it touches: booked on a frozen account and on an estate too, and
   * below its floor.
   */
  readonly isByTerms?: boolean;
  /** The money held for it, on an account that its postings touch. */
  readonly releases?: ReleasedHold;
  /** An act of the contract of an account that it touches, which nothing else moves: of a deposit for a term. */
  readonly isOfContract?: boolean;
  /** It pays out what a customer left: it debits accounts whose owners have died, and no other. */
  readonly isFromEstate?: boolean;
  /** It pays out an account that is being closed: nothing of a minimum balance stays on it. */
  readonly isClosing?: boolean;
  /** The closed periods that it may be dated in: of a manager's entry by hand, and of the close of a year. */
  readonly intoClosed?: 'soft' | 'hard';
  readonly postings: readonly PostingDraft[];
};

/** The effect of a posting on the account of one side; the bank's own accounts keep no balance. */
export type PostedSide = { readonly seq: bigint; readonly balanceMinor: bigint };

export type Posting = PostingDraft & {
  readonly debitAfter: PostedSide | undefined;
  readonly creditAfter: PostedSide | undefined;
};

/** An entry as it stands in the books. */
export type PostedEntry = {
  readonly entryId: TransactionId;
  readonly kind: EntryKind;
  readonly businessDate: IsoDate;
  readonly valueDate: IsoDate;
  readonly postedAtMs: number;
  readonly postings: readonly Posting[];
};

/** Why an entry was refused. */
export type RefusalCode =
  | 'idempotency_key_reused'
  | 'already_reversed'
  | 'reversal_exceeds_rest'
  | 'not_found'
  | 'same_account'
  | 'account_closed'
  | 'account_frozen'
  | 'account_under_contract'
  | 'account_dormant'
  | 'customer_deceased'
  | 'customer_not_deceased'
  | 'currency_mismatch'
  | 'business_date_closed'
  | 'period_closed'
  | 'insufficient_funds'
  | 'below_minimum_balance'
  | 'below_opening_deposit'
  | 'balance_overflow';

/** A draft that was refused. `closedTo`: of `period_closed`, the last date that is closed for it. */
export type Refusal = {
  readonly status: 'refused';
  readonly code: RefusalCode;
  readonly closedTo?: IsoDate | undefined;
};

/** The answer to one draft: posted now, posted before under the same key, or refused and nothing written. */
export type PostOutcome =
  | { readonly status: 'posted'; readonly entry: PostedEntry }
  | { readonly status: 'replayed'; readonly entryId: TransactionId }
  | Refusal
  /** Refused by a guard, a rule that is not the ledger's own. */
  | { readonly status: 'barred'; readonly error: FlorinError };

/**
 * A rule that is not the ledger's own. It is asked last, about a draft that everything else accepts: it returns its
 * refusal, or takes note of the draft, which is then posted.
 */
export type Guard = (draft: EntryDraft) => FlorinError | undefined;

/** The id of a side's ledger account. */
export function ledgerAccountId(side: LedgerSide): LedgerAccountId {
  return typeof side === 'string' ? side : side.id;
}
