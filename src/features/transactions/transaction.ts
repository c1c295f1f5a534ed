import type { Iban } from '#lib/iban.ts';
import type { AccountId, BeneficiaryId, CustomerId, TransactionId } from '#lib/ids.ts';
import type { Labels } from '#lib/labels.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { BankCodeScheme } from '#lib/payee-account.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { transactionError } from './errors.ts';

export const TRANSACTION_TYPES = [
  'deposit',
  'withdrawal',
  'transfer',
  'incoming_payment',
  'outgoing_payment',
  'interest',
  'penalty_interest',
  'withholding_tax',
  'fee',
  'loan_disbursement',
  'loan_repayment',
  'loan_recovery',
  'opening_balance',
  'reversal',
] as const;
export type TransactionType = (typeof TRANSACTION_TYPES)[number];

/** What a line of an account may be: a transaction, or the fee and the tax that one cost. */
export const LINE_TYPES = [...TRANSACTION_TYPES, 'fee_tax'] as const;
export type LineType = (typeof LINE_TYPES)[number];

/** The modes in which a customer pays in or out. */
export const PAYMENT_MODES = ['cash', 'cheque', 'card', 'online', 'branch', 'atm'] as const;
export type PaymentMode = (typeof PAYMENT_MODES)[number];

/** How the money came or went. clearing: through other banks; internal: by the bank itself. */
export const TRANSACTION_MODES = [...PAYMENT_MODES, 'clearing', 'internal'] as const;
export type TransactionMode = (typeof TRANSACTION_MODES)[number];

/** The other side of a transaction: outside the book, or as its payer named an account of the book. */
export type Counterparty = {
  readonly name?: string | undefined;
  readonly bank?: string | undefined;
  readonly account?: string | undefined;
};

/** An account of this bank, and its owner's name. */
export type Holder = {
  readonly name: string | undefined;
  readonly iban: Iban | undefined;
  readonly number: string | undefined;
};

/** What is stored of a transaction beside its journal entry. */
export type TransactionRow = Labels & {
  readonly id: TransactionId;
  readonly accountId: AccountId;
  readonly type: TransactionType;
  readonly mode: TransactionMode;
  readonly amountMinor: bigint;
  readonly description?: string | undefined;
  readonly reference?: string | undefined;
  readonly purpose?: string | undefined;
  /** Why staff did it, for staff. */
  readonly reason?: string | undefined;
  readonly counterparty?: Counterparty | undefined;
  /** Of whom it pays, where that is somebody's beneficiary. */
  readonly beneficiary?: BeneficiaryRef | undefined;
  /** The account that it pays, where nobody has looked yet whether the payer has saved it as a beneficiary. */
  readonly payeeToFind?: PayeeToFind | undefined;
  /** Whether it leaves the bank, and has a life of its own until it is settled or returned. */
  readonly leavesBank?: boolean | undefined;
  /** Whether it captures what a hold had set aside. */
  readonly isCapture?: boolean | undefined;
  /** The payment that it takes back, all that is left of it: what that cost is given back with it. */
  readonly givesBack?: TransactionId | undefined;
  /** What the code of its payee's bank is, where that account has no IBAN. */
  readonly bankCodeScheme?: BankCodeScheme | undefined;
};

export const SETTLEMENT_STATUSES = [
  'pending_settlement',
  'submitted',
  'settled',
  'returned',
  'cancelled',
] as const;
export type SettlementStatus = (typeof SETTLEMENT_STATUSES)[number];

/** The outcome of a payment that left the bank. */
export type Settlement = {
  readonly status: SettlementStatus;
  /** Why it was returned: for staff, and for its payer. */
  readonly reason: string | undefined;
  readonly customerReason: string | undefined;
  readonly updatedAtMs: number;
};

/** An account of this bank, and in which currency it is paid. */
export type PayeeToFind = { readonly toAccountId: AccountId; readonly currency: Currency };

/** A beneficiary, whose it is, and who is paid. */
export type BeneficiaryRef = {
  readonly id: BeneficiaryId;
  readonly customerId: CustomerId;
  /** As `payeeKey` has it. */
  readonly payee: string;
};

/** What the answer says of a transaction wherever it is seen: by itself, and as a line of an account. */
export type SeenTransaction = Labels & {
  readonly id: TransactionId;
  readonly type: LineType;
  readonly currency: Currency;
  readonly accountId: AccountId;
  readonly counterpartyAccountId: AccountId | undefined;
  readonly counterparty?: Counterparty | undefined;
  /** What the bank itself knows of the other side, if that is an account here, as far as the caller may see it. */
  readonly holder?: Holder | undefined;
  /** What the code of the other side's bank is, where a payment left the bank for an account without IBAN. */
  readonly bankCodeScheme?: BankCodeScheme | undefined;
  /** Whose account paid, for a caller that holds only the other side. */
  readonly payerName: string | undefined;
  readonly description?: string | undefined;
  readonly reference?: string | undefined;
  readonly purpose?: string | undefined;
  readonly reason?: string | undefined;
  /** Of a payment that left the bank by us; imported ones have none. */
  readonly settlement: Settlement | undefined;
  readonly reverses: TransactionId | undefined;
  /** What took it, or the last part of it, back. */
  readonly reversedBy: TransactionId | undefined;
  /** How much of it was taken back, in minor units. */
  readonly reversedMinor: bigint;
  /** Whether nothing of it is left. */
  readonly isReversed: boolean;
  readonly businessDate: IsoDate;
  readonly valueDate: IsoDate;
  readonly postedAtMs: number;
  /** Its place in the order of commits; undefined until it is known, and for customers, whom the bank's count does not concern. */
  readonly sequence?: bigint | undefined;
};

/** A transaction's whole state: its row, and what its journal entry says. */
export type TransactionState = SeenTransaction &
  TransactionRow & {
    /** The balance of `accountId` after it, in minor units; not for a caller that holds only the other side. */
    readonly balanceAfterMinor: bigint | undefined;
  };

export const TRANSACTION_STATUSES = ['posted', 'reversed'] as const;
export type TransactionStatus = (typeof TRANSACTION_STATUSES)[number];

/** Whether a transaction was taken back, all of it. */
export function statusOf({ isReversed }: Pick<SeenTransaction, 'isReversed'>): TransactionStatus {
  return isReversed ? 'reversed' : 'posted';
}

/** One business event as a customer sees it. It never changes; a mistake is reversed by another one. */
export class Transaction {
  readonly state: TransactionState;

  constructor(state: TransactionState) {
    this.state = state;
  }

  get status(): TransactionStatus {
    return statusOf(this.state);
  }

  /**
   * Throws 422 `not_reversible` for a reversal: what it took back is done again, not un-reversed. And for interest and
   * the tax on it, whatever lines its product posts to: the position of the account would not be told.
   */
  assertReversible(): void {
    const { type } = this.state;
    if (type === 'reversal') throw transactionError('not_reversible', { what: 'reversal' });
    if (type === 'interest' || type === 'withholding_tax') {
      throw transactionError('not_reversible', { what: 'interest' });
    }
  }

  /** The transaction as it was answered when it was posted: the answer to a repeated request. */
  asFirstAnswered(): Transaction {
    const { settlement, postedAtMs } = this.state;
    return new Transaction({
      ...this.state,
      ...NOT_REVERSED,
      holder: undefined,
      sequence: undefined,
      settlement: settlement && pendingSince(postedAtMs),
    });
  }
}

/** How every transaction begins. */
export const NOT_REVERSED = { reversedBy: undefined, reversedMinor: 0n, isReversed: false } as const;

/** How every payment that leaves the bank begins. */
export function pendingSince(postedAtMs: number): Settlement {
  return {
    status: 'pending_settlement',
    reason: undefined,
    customerReason: undefined,
    updatedAtMs: postedAtMs,
  };
}
