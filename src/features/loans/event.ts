import type { AccountId, TransactionId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { LoanParts } from './state.ts';

/** What is done to a loan. */
const LOAN_ACTIONS = [
  'applied',
  'approved',
  'rejected',
  'withdrawn',
  'disbursed',
  'repaid',
  'rescheduled',
  'charged_off',
  'written_off',
  'recovered',
  'repayment_undone',
] as const;
/** What follows from its terms, as time passes. */
const LOAN_FACTS = ['fell_due', 'late_fee'] as const;
export const LOAN_EVENT_KINDS = [...LOAN_ACTIONS, ...LOAN_FACTS] as const;
export type LoanEventKind = (typeof LOAN_EVENT_KINDS)[number];

/** What a prepayment changes: when the loan ends, or how much an instalment is. */
export const PREPAYMENT_STRATEGIES = ['shorten_term', 'lower_instalment'] as const;
export type PrepaymentStrategy = (typeof PREPAYMENT_STRATEGIES)[number];

/** `amount`: the fee is kept back from what is paid out. `account`: all is paid out, and the fee is due at once. */
export const FEE_SOURCES = ['amount', 'account'] as const;
export type FeeSource = (typeof FEE_SOURCES)[number];

/** Where a repayment or a recovery comes from: an account of the bank, or the till. */
export type MoneySource = { readonly accountId: AccountId } | 'cash';

/** New terms for what is left of a loan; what is not given stays as it is. */
export type Reschedule = {
  readonly annualRatePercent?: string | undefined;
  /** How many instalments are left. */
  readonly instalments?: number | undefined;
  /** So many instalments are left out, and come after the others. */
  readonly holidayInstalments?: number | undefined;
  /** What is overdue becomes a part of the new schedule. */
  readonly reAge?: boolean | undefined;
};

/** What an event says beyond its amounts. */
export type LoanEventDetails = {
  readonly reason?: string | undefined;
  readonly feesFrom?: FeeSource | undefined;
  readonly source?: MoneySource | undefined;
  readonly isDirectDebit?: boolean | undefined;
  readonly strategy?: PrepaymentStrategy | undefined;
  readonly reschedule?: Reschedule | undefined;
  /** Of the row of the schedule that fell due, or is late. */
  readonly row?: number | undefined;
  /** Principal that was not due yet when it fell due. */
  readonly outstandingMinor?: bigint | undefined;
  /** More than was owed: credited to the borrower's account. */
  readonly excessMinor?: bigint | undefined;
  /** It happened in another system, and posted nothing here. */
  readonly isBroughtIn?: boolean | undefined;
  /** The event that was taken back. */
  readonly undoes?: number | undefined;
};

/** One event of a loan. Amounts in minor units; what it moved of each part, and what is owed after it. */
export type LoanEvent = LoanParts & {
  /** 1, 2, 3 … within the loan. */
  readonly number: number;
  readonly kind: LoanEventKind;
  readonly on: IsoDate;
  readonly amountMinor: bigint;
  readonly owedAfter: LoanParts;
  /** The loan's version after it. */
  readonly version: number;
  readonly details: LoanEventDetails;
  /** The journal entry, where it moved money. */
  readonly entryId: TransactionId | undefined;
};

export function isAction({ kind }: LoanEvent): boolean {
  return LOAN_ACTIONS.some((action) => action === kind);
}

/** Money that is paid towards a loan. */
export type Repayment = {
  /** Minor units. */
  readonly amountMinor: bigint;
  readonly source: MoneySource;
  readonly strategy: PrepaymentStrategy;
  readonly isDirectDebit?: boolean | undefined;
};
