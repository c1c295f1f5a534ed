import { type Static, Type } from 'typebox';
import {
  amount,
  changedLabels,
  choice,
  currency,
  date,
  externalIdFilter,
  flag,
  givenIban,
  givenLabels,
  givenName,
  givenText,
  id,
  instant,
  LENGTHS,
  labelsView,
  metadataFilter,
  shownLabels,
  signedAmount,
  text,
  whole,
} from '#http/fields.ts';
import { idParams } from '#http/operations.ts';
import { pageQuery } from '#http/pagination.ts';
import { PayeeAccountRequest, PayeeAccountSchema, payeeAccountView } from '#http/payee-account.ts';
import { described, nullable, requestObject, resource } from '#http/schemas.ts';
import { nullableChoice } from '#http/tagged-choice.ts';
import { toTypeId } from '#lib/ids.ts';
import { formatAmount } from '#lib/money/money.ts';
import { orNull } from '#lib/text.ts';
import {
  type Every,
  FREQUENCIES,
  type Frequency,
  frequencyOf,
  RECURRENCE_UNITS,
} from '#lib/time/recurrence.ts';
import { EXECUTION_STATUSES, type SeenExecution, TAKEN_BACK } from './execution.ts';
import type { StandingOrderDetails } from './service.ts';
import { STANDING_ORDER_STATUSES } from './standing-order.ts';
import { BUSINESS_DAYS } from './timing.ts';

const IBAN = 'DE89370400440532013000';
const NAME = 'Stadtwerke Berlin';
const DESCRIPTION = 'Rent';
const EXTERNAL_ID = 'rent-4711';
const REFERENCE = 'Flat 12, Lindenstraße 1';

const FrequencyWord = choice('Frequency', 'How often it is paid.', FREQUENCIES);
const every = {
  count: whole('How many of the unit.', 2, { minimum: 1, maximum: 366 }),
  unit: choice('RecurrenceUnit', 'The unit.', RECURRENCE_UNITS),
};
const EveryRequest = requestObject('EveryRequest', 'The time from one due date to the next.', every);
const BusinessDay = choice(
  'BusinessDays',
  'When a due date without business is paid: on the next business day, on the one before, or on the date itself.',
  BUSINESS_DAYS,
);
/** Give one of them. */
const repeats = {
  frequency: Type.Optional(FrequencyWord),
  every: Type.Optional(EveryRequest),
  once: Type.Optional(flag('True for an order that is paid once, on startDate.')),
};
const Status = choice('StandingOrderStatus', 'Only an active one is paid.', STANDING_ORDER_STATUSES);
const description = givenText('What the payee reads.', DESCRIPTION);
const reference = givenText('For the payee’s bookkeeping.', REFERENCE, LENGTHS.payment);
const dayOfMonth =
  'The day of the month on which it is due, in a short month its last day: that of startDate if not given.';

export const CreateStandingOrderRequest = requestObject(
  'CreateStandingOrderRequest',
  'A payment to make again and again, or once on a date. Give one of the payees, and one of frequency, every and once.',
  {
    fromAccountId: id('account', 'The account that pays.'),
    toAccountId: Type.Optional(id('account', 'The payee’s account of this bank.')),
    toIban: Type.Optional(givenIban('An IBAN of this bank or another.', IBAN)),
    toAccount: Type.Optional(PayeeAccountRequest),
    toName: Type.Optional(
      givenName(
        'The payee’s name, unless it is a beneficiary; required for payments that leave the bank. Each payment has it.',
        NAME,
        LENGTHS.payment,
      ),
    ),
    beneficiaryId: Type.Optional(id('beneficiary', 'The payee, a beneficiary of a holder of the account.')),
    amount: amount('How much to pay each time.'),
    currency: currency('The currency of the account that pays.'),
    ...repeats,
    businessDays: Type.Optional(described(BusinessDay, 'following if not given.')),
    startDate: date('The first date on which it can be due.'),
    endDate: Type.Optional(date('The last date on which it can be due; it goes on if not given.')),
    dayOfMonth: Type.Optional(whole(dayOfMonth, 1, { minimum: 1, maximum: 31 })),
    description: Type.Optional(description),
    reference: Type.Optional(reference),
    ...givenLabels(EXTERNAL_ID),
  },
);

export type RepeatsRequest = {
  readonly frequency?: Frequency | undefined;
  readonly every?: Every | undefined;
  readonly once?: boolean | undefined;
};

export const ChangeStandingOrderRequest = requestObject(
  'ChangeStandingOrderRequest',
  'New terms of a standing order; what is not given stays as it is.',
  {
    amount: Type.Optional(amount('How much to pay each time.')),
    toName: Type.Optional(givenName('The payee’s name; not of a beneficiary.', NAME, LENGTHS.payment)),
    endDate: Type.Optional(nullable(date('The last date on which it can be due; null: it goes on.'))),
    status: Type.Optional(
      choice('StandingOrderSwitch', 'Pauses or resumes it, also when it is suspended.', ['active', 'paused']),
    ),
    ...repeats,
    dayOfMonth: Type.Optional(whole(dayOfMonth, 1, { minimum: 1, maximum: 31 })),
    startDate: Type.Optional(date('From when the new dates count; from the next due date if not given.')),
    businessDays: Type.Optional(BusinessDay),
    skipNext: Type.Optional(flag('True leaves out the next due date.')),
    description: Type.Optional(nullable(description)),
    reference: Type.Optional(nullable(reference)),
    ...changedLabels(EXTERNAL_ID),
  },
  { minProperties: 1 },
);

export const StandingOrderSchema = resource('StandingOrder', 'A payment that is made again and again.', {
  id: id('standingOrder', 'The id.'),
  fromAccountId: id('account', 'The account that pays.'),
  toAccountId: nullable(id('account', 'The payee’s account of this bank.')),
  toIban: nullable(text('The payee’s IBAN.', IBAN)),
  toAccount: nullableChoice(PayeeAccountSchema),
  toName: nullable(
    text('The payee’s name; null for a beneficiary, and for orders that were given without.', NAME),
  ),
  beneficiaryId: nullable(id('beneficiary', 'The beneficiary that is paid.')),
  toBank: nullable(
    resource('BankAccount', 'An account of another bank that has no IBAN.', {
      code: text('The bank’s code.', 'YZ'),
      accountNumber: text('The account number there.', '30300313'),
    }),
  ),
  amount: signedAmount('How much is paid each time.'),
  currency: currency('The currency of the amount.'),
  frequency: nullable(described(FrequencyWord, 'How often it is paid; null where no word says it.')),
  every: nullable(
    resource('Every', 'The time from one due date to the next; null if it is paid once.', every),
  ),
  once: flag('Whether it is paid once.'),
  businessDays: BusinessDay,
  dayOfMonth: nullable(
    whole(
      'The day of the month on which it is due, in a short month its last day; null if it is not by the month.',
      1,
    ),
  ),
  startDate: date('The first date on which it can be due, as it is paid now.'),
  endDate: nullable(date('The last date on which it can be due; null: it goes on.')),
  nextDueDate: nullable(date('When it is next due; null once it has ended.')),
  nextRunDate: nullable(date('The day on which that is paid; null while it is paused or suspended.')),
  status: Status,
  suspendedFor: nullable(
    text('Why it is suspended: the code of the problem that it met three times in a row.', 'account_closed'),
  ),
  description: nullable(text('What the payee reads.', DESCRIPTION)),
  reference: nullable(text('For the payee’s bookkeeping.', REFERENCE)),
  purpose: nullable(text('The kind of payment, as an imported system calls it.', 'household')),
  ...shownLabels(EXTERNAL_ID),
  createdAt: instant('When it was created.'),
  updatedAt: instant('When it was last changed.'),
});
export type StandingOrderView = Static<typeof StandingOrderSchema>;

export function standingOrderView(order: StandingOrderDetails): StandingOrderView {
  const { payee, currency } = order;
  return {
    id: toTypeId('standingOrder', order.id),
    fromAccountId: toTypeId('account', order.accountId),
    toAccountId: 'accountId' in payee ? toTypeId('account', payee.accountId) : null,
    toIban: 'iban' in payee ? payee.iban : null,
    toAccount: 'iban' in payee || 'bank' in payee ? payeeAccountView(payee) : null,
    toName: order.toName ?? null,
    beneficiaryId: 'beneficiaryId' in payee ? toTypeId('beneficiary', payee.beneficiaryId) : null,
    toBank: 'bank' in payee ? { code: payee.bank, accountNumber: payee.accountNumber } : null,
    amount: formatAmount(order.amountMinor, currency),
    currency,
    frequency: orNull(order.every, frequencyOf) ?? null,
    every: order.every ?? null,
    once: order.every === undefined,
    businessDays: order.businessDays,
    dayOfMonth: order.every?.unit === 'month' || order.every?.unit === 'year' ? order.anchorDay : null,
    startDate: order.startOn,
    endDate: order.endOn ?? null,
    nextDueDate: order.nextDueOn ?? null,
    nextRunDate: order.nextRunOn ?? null,
    status: order.status,
    suspendedFor: order.suspendedFor ?? null,
    description: order.description ?? null,
    reference: order.reference ?? null,
    purpose: order.purpose ?? null,
    ...labelsView(order),
    createdAt: order.createdAt.toISOString(),
    updatedAt: order.updatedAt.toISOString(),
  };
}

export const ExecutionSchema = resource('Execution', 'The outcome of a due date of a standing order.', {
  dueDate: date('The date on which it was due.'),
  status: choice(
    'ExecutionStatus',
    'A retrying one is tried again on the next business days; a paid one can be returned or reversed later, whole or in part.',
    [...EXECUTION_STATUSES, ...TAKEN_BACK],
  ),
  attempts: whole('How often it was tried.', 1),
  lastAttemptDate: date('The business date on which it was last tried.'),
  nextAttemptDate: nullable(date('When it is tried again; null if it is not.')),
  code: nullable(text('The code of the problem that refused the last attempt.', 'insufficient_funds')),
  transactionId: nullable(id('transaction', 'The transaction that paid it.')),
  reversedBy: nullable(
    id('transaction', 'The transaction that took the payment, or the last part of it, back.'),
  ),
});
export type ExecutionView = Static<typeof ExecutionSchema>;

export function executionView(execution: SeenExecution): ExecutionView {
  const { dueOn, status, attempts, attemptedOn, nextAttemptOn, failureCode } = execution;
  const { transactionId, takenBack } = execution;
  return {
    dueDate: dueOn,
    status: takenBack?.how ?? status,
    attempts,
    lastAttemptDate: attemptedOn,
    nextAttemptDate: nextAttemptOn ?? null,
    code: failureCode ?? null,
    transactionId: orNull(transactionId, (transaction) => toTypeId('transaction', transaction)),
    reversedBy: orNull(takenBack?.by, (transaction) => toTypeId('transaction', transaction)),
  };
}

export const StandingOrderParams = idParams('standingOrder');

export const ListStandingOrdersQuery = pageQuery({
  accountId: Type.Optional(id('account', 'Those that the account pays.')),
  status: Type.Optional(described(Status, 'Those of this status.')),
  externalId: externalIdFilter(EXTERNAL_ID),
  metadata: metadataFilter,
});
