import { type Static, Type } from 'typebox';
import {
  amount,
  choice,
  createdRange,
  currency,
  date,
  externalIdFilter,
  flag,
  id,
  instant,
  labelsView,
  metadataFilter,
  shownLabels,
  signedAmount,
  text,
  whole,
} from '#http/fields.ts';
import { idParams, numberParam } from '#http/operations.ts';
import { pageQuery } from '#http/pagination.ts';
import { described, nullable, resource } from '#http/schemas.ts';
import { toTypeId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { Fraction } from '#lib/money/fraction.ts';
import { formatAmount } from '#lib/money/money.ts';
import { orNull } from '#lib/text.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { bucketOf, daysPastDue, overdueMinor, provisionFor } from './arrears.ts';
import type { LoanAnswer, LoanDetails } from './commands.ts';
import { LOAN_EVENT_KINDS, PREPAYMENT_STRATEGIES } from './event.ts';
import type { StoredEvent } from './event-repository.ts';
import { LOAN_ORDERS } from './list-order.ts';
import { memorandumOf } from './non-accrual.ts';
import { termsInForce } from './planned-terms.ts';
import { ARREARS_BUCKETS } from './products/product-conditions.ts';
import { formatRate } from './products/rate-text.ts';
import { Method } from './products/terms-schemas.ts';
import { lastDueDate, payableOn } from './schedule/periods.ts';
import type { LoanTerms } from './schedule/terms.ts';
import { dueParts, LOAN_STATUSES, type LoanParts, owedParts, totalOf } from './state.ts';
import { stateAsOf } from './time.ts';

const Status = choice('LoanStatus', 'What a loan has come to.', LOAN_STATUSES);
const EventType = choice('LoanTransactionType', 'What happened to a loan.', LOAN_EVENT_KINDS);
const Strategy = choice(
  'PrepaymentStrategy',
  'What a payment of more than is due changes: when the loan ends, how much an instalment is, or that the next ones are paid.',
  PREPAYMENT_STRATEGIES,
);
export const ArrearsBucket = choice(
  'ArrearsBucket',
  'How many days past due: none, 1 to 30, 31 to 60, 61 to 90, or more.',
  ARREARS_BUCKETS,
);

export const parts = {
  principal: signedAmount('Of it principal.'),
  interest: signedAmount('Of it interest.'),
  fees: signedAmount('Of it fees.'),
  penalties: signedAmount('Of it penalty interest.'),
};
const partsAndTotal = { ...parts, total: signedAmount('All of it.') };

export const Parts = resource('LoanParts', 'An amount of a loan, by what it consists of.', partsAndTotal);
export type PartsView = Static<typeof Parts>;

export function partsView(parts: LoanParts, currency: Currency): PartsView {
  return {
    principal: formatAmount(parts.principalMinor, currency),
    interest: formatAmount(parts.interestMinor, currency),
    fees: formatAmount(parts.feesMinor, currency),
    penalties: formatAmount(parts.penaltiesMinor, currency),
    total: formatAmount(totalOf(parts), currency),
  };
}

export const LoanTransactionSchema = resource('LoanTransaction', 'Something that happened to a loan.', {
  number: whole('Its place in the order, from 1.', 3),
  type: EventType,
  date: date('The date for which it counts.'),
  businessDate: date('The date on which it was booked.'),
  amount: signedAmount('How much was moved.'),
  ...parts,
  outstanding: described(Parts, 'All that is owed after it.'),
  instalment: nullable(whole('The row of the schedule that fell due or was late.', 4)),
  strategy: nullable(Strategy),
  annualRatePercent: nullable(text('The rate in percent, where an approval of less changed it.', '9')),
  previousAnnualRatePercent: nullable(text('The rate that was asked for, where it changed.', '6')),
  excess: nullable(signedAmount('More than was owed, and credited to the borrower’s account.')),
  prepaymentFee: nullable(signedAmount('Of the fees, what was charged for repaying early.')),
  reason: nullable(text('The reason, for staff; null for customers.', 'Income too low')),
  customerReason: nullable(text('What the borrower reads about it.', 'At your request')),
  undoes: nullable(whole('The number of the transaction that it took back.', 2)),
  corrected: nullable(
    described(
      Parts,
      'What a correction of the past changed of the debt beyond that: the time since, seen again.',
    ),
  ),
  transactionId: nullable(id('transaction', 'The transaction, where money moved.')),
  ...shownLabels('rep-4711'),
  createdAt: instant('When it was recorded.'),
});
export type LoanEventView = Static<typeof LoanTransactionSchema>;

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
    annualRatePercent: details.rateAfter ?? null,
    previousAnnualRatePercent: details.rateBefore ?? null,
    excess: orNull(details.excessMinor, (minor) => formatAmount(minor, currency)),
    prepaymentFee: orNull(details.prepaymentFeeMinor, (minor) => formatAmount(minor, currency)),
    reason: details.reason ?? null,
    customerReason: details.customerReason ?? null,
    undoes: details.undoes ?? null,
    corrected: orNull(details.corrected, (parts) => partsView(parts, currency)),
    transactionId: orNull(entryId, (entry) => toTypeId('transaction', entry)),
    ...labelsView(event),
    createdAt: toIsoInstant(event.createdAt.getTime()),
  };
}

const loan = {
  id: id('loan', 'The id.'),
  customerId: id('customer', 'The borrower.'),
  accountId: id('account', 'The account that it is paid out to and collected from.'),
  productId: id('loanProduct', 'The product.'),
  ...shownLabels('los-4711'),
  status: Status,
  currency: currency('The currency of the amounts.'),
  borrowerDeceasedOn: nullable(date('When the borrower died; null while the borrower is alive.')),
  requestedAmount: signedAmount('How much was asked for.'),
  approvedAmount: nullable(signedAmount('How much was approved; null before that.')),
  undisbursedAmount: signedAmount(
    'How much of it is still to be paid out, of an active loan that is paid out in parts.',
  ),
  instalments: whole('How many instalments were asked for.', 12),
  annualRatePercent: text(
    'The annual rate, in percent: the one in force, or agreed before it is paid out.',
    '9.5',
  ),
  method: described(Method, 'How principal is spread.'),
  lastDueDate: date('When the last instalment is due, or was to be.'),
  directDebit: flag('Whether what falls due is collected from the account.'),
  officer: nullable(text('Who looks after it at the bank.', 'usr-lena')),
  appliedOn: date('The business date of the application.'),
  disbursedOn: nullable(date('When it was paid out; null before that.')),
  plannedDisbursedOn: date('When it was to be paid out.'),
  endedOn: nullable(date('When it was repaid, rejected, withdrawn or lost.')),
  asOf: date('What is owed, due and past due is as of the end of this date, as a repayment now takes it.'),
  outstanding: described(Parts, 'All that is owed.'),
  due: described(Parts, 'What of it is due: a repayment of it leaves nothing due.'),
  paidAhead: signedAmount('Paid ahead of instalments that are not due yet, which it will pay.'),
  accruedThrough: nullable(date('The last day for which interest is in the books.')),
  nextDueDate: nullable(date('When the next instalment is due.')),
  nextDueAmount: nullable(signedAmount('How much the next instalment is.')),
  daysPastDue: whole('Days since the oldest instalment fell due that is not paid.', 0),
  arrearsBucket: nullable(ArrearsBucket),
  nonAccrualSince: nullable(
    date('Since when it earns no income, because it is past due; null while it does.'),
  ),
  memorandum: described(
    Parts,
    'What of the outstanding interest is not in the books: income once it is paid.',
  ),
  arrears: signedAmount('What is overdue: what fell due before this date, and penalty interest.'),
  provision: signedAmount('What the books provide for its loss.'),
  provisionRequired: signedAmount('What they should, by the product, as of this date.'),
  scheduleVersion: whole('The number of the transaction that made the schedule in force.', 2),
  lostAmount: signedAmount('How much was charged off or written off.'),
  recoveredAmount: signedAmount('How much of that came after all.'),
  createdAt: instant('When it was created.'),
  updatedAt: instant('When it was last changed.'),
};

export const LoanSchema = resource('Loan', 'What is lent to a customer, or asked for.', loan);
export type LoanView = Static<typeof LoanSchema>;

export function loanView({ loan: stored, product, asOf, planned }: LoanDetails): LoanView {
  const { accruedThrough } = stored;
  const on = accruedThrough !== undefined && accruedThrough > asOf ? accruedThrough : asOf;
  const loan = { ...stored, ...stateAsOf(stored, product.policy, on) };
  const { currency, period, approvedMinor, requestedTerms } = loan;
  const terms = termsInForce({ loan, product, planned });
  const amount = (minor: bigint): string => formatAmount(minor, currency);
  const days = daysPastDue(loan, product.policy, on);
  return {
    id: toTypeId('loan', loan.id),
    customerId: toTypeId('customer', loan.customerId),
    borrowerDeceasedOn: loan.borrowerDeceasedOn ?? null,
    accountId: toTypeId('account', loan.accountId),
    productId: toTypeId('loanProduct', loan.productId),
    ...labelsView(loan),
    status: loan.status,
    currency,
    requestedAmount: amount(loan.requestedMinor),
    approvedAmount: orNull(approvedMinor, amount),
    undisbursedAmount: amount(loan.status === 'active' ? loan.undisbursedMinor : 0n),
    instalments: requestedTerms.instalments,
    annualRatePercent: formatRate(rateOn(terms, on)),
    method: terms.method,
    lastDueDate: lastDueDate(terms),
    directDebit: loan.directDebit,
    officer: loan.officer ?? null,
    appliedOn: loan.appliedOn,
    disbursedOn: loan.disbursedOn ?? null,
    plannedDisbursedOn: requestedTerms.disbursedOn,
    endedOn: loan.endedOn ?? null,
    asOf: on,
    outstanding: partsView(owedParts(loan), currency),
    due: partsView(dueParts(loan), currency),
    paidAhead: amount(loan.paidAheadMinor),
    accruedThrough: accruedThrough ?? null,
    nextDueDate: orNull(period, payableOn),
    nextDueAmount:
      period === undefined ? null : amount(period.principalMinor + period.interestMinor + period.feesMinor),
    daysPastDue: days,
    arrearsBucket: loan.status === 'active' ? bucketOf(days) : null,
    nonAccrualSince: loan.nonAccrualSince ?? null,
    memorandum: partsView(memorandumOf(loan), currency),
    arrears: amount(overdueMinor(loan, on)),
    provision: amount(loan.provisionMinor),
    provisionRequired: amount(provisionFor(loan, product.policy, on)),
    scheduleVersion: loan.scheduleVersion,
    lostAmount: amount(loan.lostMinor),
    recoveredAmount: amount(loan.recoveredMinor),
    createdAt: loan.createdAt.toISOString(),
    updatedAt: loan.updatedAt.toISOString(),
  };
}

/** The rate of the interest of a day. */
function rateOn({ annualRate, rateChanges }: LoanTerms, on: IsoDate): Fraction {
  return rateChanges.findLast(({ from }) => from <= on)?.annualRate ?? annualRate;
}

export const LoanAnswerSchema = resource('LoanAfterAct', 'A loan after something was done to it.', {
  ...loan,
  transaction: nullable(described(LoanTransactionSchema, 'What was done; null where nothing had to be.')),
});
export type LoanAnswerView = Static<typeof LoanAnswerSchema>;

export function loanAnswerView(answer: LoanAnswer): LoanAnswerView {
  const { event, loan } = answer;
  return {
    ...loanView(answer),
    transaction: orNull(event, (one) => loanEventView(one, loan.currency)),
  };
}

export const PayoffSchema = resource('Payoff', 'What repays a loan on a date.', {
  on: date('The date.'),
  currency: currency('The currency of the amounts.'),
  ...partsAndTotal,
  prepaymentFee: signedAmount('Of the fees, what the product asks for repaying early.'),
});

export const LoanParams = idParams('loan');
export const LoanEventParams = Type.Object({ number: numberParam('The number of the transaction.', '4') });
export const ListLoansQuery = pageQuery({
  customerId: Type.Optional(id('customer', 'Those of the customer.')),
  accountId: Type.Optional(id('account', 'Those that the account pays.')),
  productId: Type.Optional(id('loanProduct', 'Those of the product.')),
  status: Type.Optional(described(Status, 'Those of this status.')),
  officer: Type.Optional(text('Those that this officer looks after.', 'usr-lena', { maxLength: 100 })),
  minDaysPastDue: Type.Optional(whole('Running loans at least this many days past due.', 1, { minimum: 0 })),
  maxDaysPastDue: Type.Optional(whole('Running loans at most this many days past due.', 30, { minimum: 0 })),
  currency: Type.Optional(currency('In this currency alone; in each if not given.')),
  minArrears: Type.Optional(
    amount('Those of which at least so much is overdue, above zero; with `currency`.'),
  ),
  ...createdRange,
  dueFrom: Type.Optional(date('Those whose next instalment is due on this date or later.')),
  dueTo: Type.Optional(date('Those whose next instalment is due on this date or before.')),
  order: Type.Optional(
    choice(
      'LoanOrder',
      '`newest` first (if not given), most `days_past_due` first, or the earliest `next_due_date` first.',
      LOAN_ORDERS,
    ),
  ),
  externalId: externalIdFilter('los-4711'),
  metadata: metadataFilter,
});
export const ListEventsQuery = pageQuery({
  type: Type.Optional(described(EventType, 'Those of this type.')),
  externalId: externalIdFilter('rep-4711'),
  metadata: metadataFilter,
});
