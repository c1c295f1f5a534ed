import type { AccountId, TransactionId } from '#lib/ids.ts';
import type { Labels } from '#lib/labels.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { MovedDates } from './schedule/terms.ts';
import type { LoanParts } from './state.ts';

/** Actions on a loan. */
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
  'undone',
  'waived',
  'charged',
  'party_added',
  'party_removed',
  'collateral_added',
  'collateral_released',
] as const;
/** Events that follow from its terms as time passes. */
const LOAN_FACTS = ['fell_due', 'late_fee', 'paid_ahead', 'income_suspended', 'income_resumed'] as const;
export const LOAN_EVENT_KINDS = [...LOAN_ACTIONS, ...LOAN_FACTS] as const;
export type LoanEventKind = (typeof LOAN_EVENT_KINDS)[number];

/**
 * The rules by which an act is carried out, kept with its event so that a replay repeats it as it was. 1: events
 * without a number. 2: what is repaid early of equal parts leaves the part as it is, and an instalment of nothing costs
 * no fee.
 */
export const RULES = 2;

/**
 * The effect of money beyond what is due: an earlier end, lower instalments, or it is kept for the next instalments and
 * pays them as they fall due.
 */
export const PREPAYMENT_STRATEGIES = ['shorten_term', 'lower_instalment', 'next_instalment'] as const;
export type PrepaymentStrategy = (typeof PREPAYMENT_STRATEGIES)[number];

/**
 * `amount`: the fee is withheld from the disbursement. `account`: the full amount is disbursed and the fee is due at
 * once.
 */
export const FEE_SOURCES = ['amount', 'account'] as const;
export type FeeSource = (typeof FEE_SOURCES)[number];

/** The source of a repayment or a recovery: an account at the bank, or the till. */
export type MoneySource = { readonly accountId: AccountId } | 'cash';

/** New terms for the remainder of a loan; omitted fields stay as they are. */
export type Reschedule = {
  readonly annualRatePercent?: string | undefined;
  /** The number of instalments left. */
  readonly instalments?: number | undefined;
  /** The number of instalments to skip; they follow after the others. */
  readonly holidayInstalments?: number | undefined;
  /** Overdue amounts become part of the new schedule. */
  readonly reAge?: boolean | undefined;
  /** The product's limits do not hold. */
  readonly override?: boolean | undefined;
  /** Due dates that are moved to business days. */
  readonly moved?: MovedDates | undefined;
};

/** What can be waived of a loan. */
export const WAIVED_PARTS = ['interest', 'fees', 'penalties'] as const;
export type WaivedPart = (typeof WAIVED_PARTS)[number];

/** Dates of a disbursement in place of those that were asked for. */
export type DisbursementDates = {
  readonly firstDueOn?: string | undefined;
  readonly rateChanges?: readonly { readonly from: string; readonly annualRatePercent: string }[] | undefined;
  /** Due dates that are moved to business days. */
  readonly moved?: MovedDates | undefined;
};

/** The details of an event beyond its amounts. */
export type LoanEventDetails = {
  /** Absent of events under the first rules. */
  readonly rules?: number | undefined;
  /** For staff. */
  readonly reason?: string | undefined;
  /** For the borrower. */
  readonly customerReason?: string | undefined;
  readonly feesFrom?: FeeSource | undefined;
  readonly dates?: DisbursementDates | undefined;
  /** Rates in percent, where an approval changed it. */
  readonly rateBefore?: string | undefined;
  readonly rateAfter?: string | undefined;
  readonly source?: MoneySource | undefined;
  readonly isDirectDebit?: boolean | undefined;
  readonly strategy?: PrepaymentStrategy | undefined;
  readonly reschedule?: Reschedule | undefined;
  /** The number of the row that fell due or is late. */
  readonly row?: number | undefined;
  /** Principal that was not due yet when it fell due. */
  readonly outstandingMinor?: bigint | undefined;
  /** What was kept for the next instalments; below zero where a payoff used what was kept. */
  readonly aheadMinor?: bigint | undefined;
  /** The excess over the debt, credited to the borrower's account. */
  readonly excessMinor?: bigint | undefined;
  /** The fee for principal that was repaid early, among its fees. */
  readonly prepaymentFeeMinor?: bigint | undefined;
  /** It happened in another system and posted nothing here. */
  readonly isBroughtIn?: boolean | undefined;
  /** The event that was undone. */
  readonly undoes?: number | undefined;
  /** It counts from a date before the one on which it was booked. */
  readonly isBackdated?: boolean | undefined;
  /** What a correction changed of the debt beyond the parts of what it corrects: the time since, seen again. */
  readonly corrected?: LoanParts | undefined;
  readonly waived?: WaivedPart | undefined;
};

/** One event of a loan: the amounts it moved of each part, the debt after it, and its own labels. Minor units. */
export type LoanEvent = LoanParts &
  Labels & {
    /** 1, 2, 3 … within the loan. */
    readonly number: number;
    readonly kind: LoanEventKind;
    readonly on: IsoDate;
    readonly amountMinor: bigint;
    readonly owedAfter: LoanParts;
    /** The loan's version after it. */
    readonly version: number;
    readonly details: LoanEventDetails;
    /** The journal entry, if it moved money. */
    readonly entryId: TransactionId | undefined;
  };

export function isLoanFact(kind: LoanEventKind): boolean {
  return LOAN_FACTS.some((fact) => fact === kind);
}

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
  /** RULES if not given. */
  readonly rules?: number | undefined;
  readonly isBackdated?: boolean | undefined;
  /** It was taken already: what is too much by now goes to the borrower's account. */
  readonly isTaken?: boolean | undefined;
};
