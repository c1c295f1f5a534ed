import type { AccountId, CustomerId, LoanId, LoanProductId } from '#lib/ids.ts';
import type { LabelChanges, Labels } from '#lib/labels.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { LoanPeriod } from './period.ts';
import type { ProductLoanRequest } from './products/loan-product.ts';
import type { LoanTerms } from './schedule/terms.ts';

export const LOAN_STATUSES = [
  'applied',
  'approved',
  'active',
  'closed',
  'rejected',
  'withdrawn',
  'charged_off',
  'written_off',
] as const;
export type LoanStatus = (typeof LOAN_STATUSES)[number];

/** The request beside the amount; the product sets the rest. `disbursedOn` is the requested date. */
export type RequestedTerms = Omit<ProductLoanRequest, 'amount' | 'currency' | 'disbursements'>;

/** The unpaid amounts of one row of the schedule that fell due. Minor units. */
export type UnpaidItem = {
  readonly number: number;
  readonly dueOn: IsoDate;
  readonly principalMinor: bigint;
  readonly interestMinor: bigint;
  readonly feesMinor: bigint;
  /** What of it as it fell due has not been received within its grace; absent where late fees do not ask for this. */
  readonly inGraceMinor?: bigint | undefined;
};

/** Penalty interest on the overdue principal since that principal last changed. Minor units. */
export type PenaltyRun = { readonly from: IsoDate; readonly accruedMinor: bigint };

/**
 * A loan's whole state. Amounts in minor units. Until disbursement it has no terms and no debt; after that it is as of
 * the end of `accruedThrough`.
 */
export type LoanState = {
  readonly id: LoanId;
  readonly customerId: CustomerId;
  /** Whether, and when, the borrower died. */
  readonly borrowerDeceasedOn?: IsoDate | undefined;
  /** The borrower's account: it receives the loan, and instalments are collected from it. */
  readonly accountId: AccountId;
  readonly productId: LoanProductId;
  readonly currency: Currency;
  readonly externalId: string | undefined;
  readonly metadata?: Labels['metadata'];
  readonly status: LoanStatus;
  readonly requestedTerms: RequestedTerms;
  readonly directDebit: boolean;
  /** The bank's officer who looks after it. */
  readonly officer: string | undefined;
  readonly requestedMinor: bigint;
  readonly approvedMinor: bigint | undefined;
  /** What of it is still to be paid out, of a loan that is active. */
  readonly undisbursedMinor: bigint;
  readonly appliedOn: IsoDate;
  readonly disbursedOn: IsoDate | undefined;
  /** When it was repaid, rejected, withdrawn, charged off or written off. */
  readonly endedOn: IsoDate | undefined;
  /** The terms of the schedule's version in force; a version has the number of the event that made it. */
  readonly terms: LoanTerms | undefined;
  readonly scheduleVersion: number;
  /** The next instalment; undefined when nothing falls due any more. */
  readonly period: LoanPeriod | undefined;
  /** All outstanding principal, due or not. */
  readonly principalMinor: bigint;
  /** Earned and not due yet. */
  readonly interestAccruedMinor: bigint;
  /** Oldest first. */
  readonly unpaid: readonly UnpaidItem[];
  /** Due as they are earned. */
  readonly penaltiesDueMinor: bigint;
  readonly penaltyRun: PenaltyRun | undefined;
  /** Money for instalments that are not due yet; it pays them as they fall due. */
  readonly paidAheadMinor: bigint;
  readonly accruedThrough: IsoDate | undefined;
  /** Since when it earns no income, because it is past due; what it owes of interest is not in the books. */
  readonly nonAccrualSince: IsoDate | undefined;
  /** The bank's provision for its loss. */
  readonly provisionMinor: bigint;
  /** The amount taken off the books as a loss, and the recoveries. */
  readonly lostMinor: bigint;
  readonly recoveredMinor: bigint;
  readonly lastEventNumber: number;
  readonly version: number;
};

/** The debt of each kind. Minor units. */
export type LoanParts = {
  readonly principalMinor: bigint;
  readonly interestMinor: bigint;
  readonly feesMinor: bigint;
  readonly penaltiesMinor: bigint;
};

export const NO_PARTS: LoanParts = {
  principalMinor: 0n,
  interestMinor: 0n,
  feesMinor: 0n,
  penaltiesMinor: 0n,
};

export function addParts(one: LoanParts, other: LoanParts): LoanParts {
  return {
    principalMinor: one.principalMinor + other.principalMinor,
    interestMinor: one.interestMinor + other.interestMinor,
    feesMinor: one.feesMinor + other.feesMinor,
    penaltiesMinor: one.penaltiesMinor + other.penaltiesMinor,
  };
}

export function totalOf({ principalMinor, interestMinor, feesMinor, penaltiesMinor }: LoanParts): bigint {
  return principalMinor + interestMinor + feesMinor + penaltiesMinor;
}

/** The amounts due and unpaid. */
export function dueParts({
  unpaid,
  penaltiesDueMinor,
}: Pick<LoanState, 'unpaid' | 'penaltiesDueMinor'>): LoanParts {
  let parts: LoanParts = { ...NO_PARTS, penaltiesMinor: penaltiesDueMinor };
  for (const { principalMinor, interestMinor, feesMinor } of unpaid) {
    parts = {
      ...parts,
      principalMinor: parts.principalMinor + principalMinor,
      interestMinor: parts.interestMinor + interestMinor,
      feesMinor: parts.feesMinor + feesMinor,
    };
  }
  return parts;
}

/** The whole debt at the end of `accruedThrough`, due or not: the loan's part of the bank's receivables. */
export function owedParts(state: LoanState): LoanParts {
  const due = dueParts(state);
  return {
    ...due,
    principalMinor: state.principalMinor,
    interestMinor: due.interestMinor + state.interestAccruedMinor,
  };
}

/** What repays a loan: the whole debt, less what was paid ahead. */
export function payoffParts(state: LoanState): LoanParts {
  const owed = owedParts(state);
  return { ...owed, principalMinor: owed.principalMinor - state.paidAheadMinor };
}

/** Changes of a loan beside its events; null takes away. */
export type LoanChanges = LabelChanges & {
  readonly directDebit?: boolean | undefined;
  readonly officer?: string | null | undefined;
};

export const nonZero = (minor: bigint): bigint | undefined => (minor === 0n ? undefined : minor);
