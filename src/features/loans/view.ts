import { toTypeId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { formatAmount } from '#lib/money/money.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import { bucketOf, daysPastDue } from './arrears.ts';
import type { LoanAnswer, LoanDetails } from './commands.ts';
import type { LoanEventKind, PrepaymentStrategy } from './event.ts';
import type { StoredEvent } from './event-repository.ts';
import type { ArrearsBucket } from './products/product-conditions.ts';
import { dueParts, type LoanParts, type LoanStatus, owedParts, totalOf } from './state.ts';

export type PartsView = {
  principal: string;
  interest: string;
  fees: string;
  penalties: string;
  total: string;
};

/** A loan as the API and the CLI show it. Amounts in major units. */
export type LoanView = {
  id: string;
  customerId: string;
  accountId: string;
  productId: string;
  externalId: string | null;
  status: LoanStatus;
  currency: string;
  requestedAmount: string;
  approvedAmount: string | null;
  instalments: number;
  directDebit: boolean;
  appliedOn: string;
  /** When it was paid out, or is to be. */
  disbursedOn: string | null;
  plannedDisbursedOn: string;
  endedOn: string | null;
  /** All that is owed at the end of accruedThrough, and what of it is due. */
  outstanding: PartsView;
  due: PartsView;
  accruedThrough: string | null;
  nextDueDate: string | null;
  nextDueAmount: string | null;
  daysPastDue: number;
  arrearsBucket: ArrearsBucket | null;
  scheduleVersion: number;
  lostAmount: string;
  recoveredAmount: string;
  createdAt: string;
  updatedAt: string;
};

export function loanView({ loan, product, asOf }: LoanDetails): LoanView {
  const { currency, period, approvedMinor, accruedThrough, requestedTerms } = loan;
  const amount = (minor: bigint): string => formatAmount(minor, currency);
  const on = accruedThrough !== undefined && accruedThrough > asOf ? accruedThrough : asOf;
  const days = daysPastDue(loan, product.policy, on);
  return {
    id: toTypeId('loan', loan.id),
    customerId: toTypeId('customer', loan.customerId),
    accountId: toTypeId('account', loan.accountId),
    productId: toTypeId('loanProduct', loan.productId),
    externalId: loan.externalId ?? null,
    status: loan.status,
    currency,
    requestedAmount: amount(loan.requestedMinor),
    approvedAmount: approvedMinor === undefined ? null : amount(approvedMinor),
    instalments: requestedTerms.instalments,
    directDebit: loan.directDebit,
    appliedOn: loan.appliedOn,
    disbursedOn: loan.disbursedOn ?? null,
    plannedDisbursedOn: requestedTerms.disbursedOn,
    endedOn: loan.endedOn ?? null,
    outstanding: partsView(owedParts(loan), currency),
    due: partsView(dueParts(loan), currency),
    accruedThrough: accruedThrough ?? null,
    nextDueDate: period?.dueOn ?? null,
    nextDueAmount:
      period === undefined ? null : amount(period.principalMinor + period.interestMinor + period.feesMinor),
    daysPastDue: days,
    arrearsBucket: loan.status === 'active' ? bucketOf(days) : null,
    scheduleVersion: loan.scheduleVersion,
    lostAmount: amount(loan.lostMinor),
    recoveredAmount: amount(loan.recoveredMinor),
    createdAt: loan.createdAt.toISOString(),
    updatedAt: loan.updatedAt.toISOString(),
  };
}

export function partsView(parts: LoanParts, currency: Currency): PartsView {
  return {
    principal: formatAmount(parts.principalMinor, currency),
    interest: formatAmount(parts.interestMinor, currency),
    fees: formatAmount(parts.feesMinor, currency),
    penalties: formatAmount(parts.penaltiesMinor, currency),
    total: formatAmount(totalOf(parts), currency),
  };
}

/** What happened to a loan. */
export type LoanEventView = {
  number: number;
  type: LoanEventKind;
  date: string;
  businessDate: string;
  amount: string;
  principal: string;
  interest: string;
  fees: string;
  penalties: string;
  /** All that is owed after it. */
  outstanding: PartsView;
  /** The row of the schedule that fell due or was late. */
  instalment: number | null;
  strategy: PrepaymentStrategy | null;
  /** More than was owed, and credited to the borrower's account. */
  excess: string | null;
  reason: string | null;
  /** The number of the repayment that was taken back. */
  undoes: number | null;
  /** Of the journal entry, where money moved. */
  transactionId: string | null;
  createdAt: string;
};

export function loanEventView(event: StoredEvent, currency: Currency): LoanEventView {
  const { details, entryId } = event;
  const { total: _, ...parts } = partsView(event, currency);
  const isRepayment = event.kind === 'repaid';
  return {
    number: event.number,
    type: event.kind,
    date: event.on,
    businessDate: event.bookedOn,
    amount: formatAmount(event.amountMinor, currency),
    ...parts,
    outstanding: partsView(event.owedAfter, currency),
    instalment: details.row ?? null,
    strategy: isRepayment ? (details.strategy ?? null) : null,
    excess: details.excessMinor === undefined ? null : formatAmount(details.excessMinor, currency),
    reason: details.reason ?? null,
    undoes: details.undoes ?? null,
    transactionId: entryId === undefined ? null : toTypeId('transaction', entryId),
    createdAt: toIsoInstant(event.createdAt.getTime()),
  };
}

/** A loan after something was done to it, and what that was. */
export type LoanAnswerView = LoanView & { transaction: LoanEventView | null };

export function loanAnswerView(answer: LoanAnswer): LoanAnswerView {
  const { event, loan } = answer;
  return {
    ...loanView(answer),
    transaction: event === undefined ? null : loanEventView(event, loan.currency),
  };
}
