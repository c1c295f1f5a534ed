import { type Static, Type } from 'typebox';
import {
  amount,
  choice,
  currency,
  date,
  givenText,
  id,
  instant,
  signedAmount,
  text,
  whole,
} from '#http/fields.ts';
import { idParams } from '#http/operations.ts';
import { pageQuery } from '#http/pagination.ts';
import { described, nullable, requestObject, resource } from '#http/schemas.ts';
import { toTypeId } from '#lib/ids.ts';
import { formatAmount } from '#lib/money/money.ts';
import { orNull } from '#lib/text.ts';
import { FREQUENCIES } from '#lib/time/recurrence.ts';
import { EXECUTION_STATUSES, type Execution } from './execution.ts';
import type { StandingOrderDetails } from './service.ts';
import { STANDING_ORDER_STATUSES } from './standing-order.ts';

const IBAN = 'DE89370400440532013000';
const DESCRIPTION = 'Rent';
const REFERENCE = 'Flat 12, Lindenstraße 1';

const Frequency = choice('Frequency', 'How often it is paid.', FREQUENCIES);
const Status = choice('StandingOrderStatus', 'Only an active one is paid.', STANDING_ORDER_STATUSES);
const description = givenText('What the payee reads.', DESCRIPTION);
const reference = givenText('For the payee’s bookkeeping.', REFERENCE, 280);
const dayOfMonth =
  'The day of the month on which it is due, in a short month its last day: that of startDate if not given.';

export const CreateStandingOrderRequest = requestObject(
  'CreateStandingOrderRequest',
  'A payment to make again and again. Give one of toAccountId, toIban and beneficiaryId.',
  {
    fromAccountId: id('account', 'The account that pays.'),
    toAccountId: Type.Optional(id('account', 'The payee’s account of this bank.')),
    toIban: Type.Optional(text('An IBAN of this bank or another.', IBAN, { maxLength: 50 })),
    beneficiaryId: Type.Optional(id('beneficiary', 'The payee, a beneficiary of a holder of the account.')),
    amount: amount('How much to pay each time.'),
    currency: currency('The currency of the account that pays.'),
    frequency: Frequency,
    startDate: date('The first date on which it can be due.'),
    endDate: Type.Optional(date('The last date on which it can be due; it goes on if not given.')),
    dayOfMonth: Type.Optional(whole(dayOfMonth, 1, { minimum: 1, maximum: 31 })),
    description: Type.Optional(description),
    reference: Type.Optional(reference),
  },
);

export const ChangeStandingOrderRequest = requestObject(
  'ChangeStandingOrderRequest',
  'New terms of a standing order; what is not given stays as it is.',
  {
    amount: Type.Optional(amount('How much to pay each time.')),
    endDate: Type.Optional(nullable(date('The last date on which it can be due; null: it goes on.'))),
    status: Type.Optional(choice('StandingOrderSwitch', 'Pauses or resumes it.', ['active', 'paused'])),
    description: Type.Optional(nullable(description)),
    reference: Type.Optional(nullable(reference)),
  },
  { minProperties: 1 },
);

export const StandingOrderSchema = resource('StandingOrder', 'A payment that is made again and again.', {
  id: id('standingOrder', 'The id.'),
  fromAccountId: id('account', 'The account that pays.'),
  toAccountId: nullable(id('account', 'The payee’s account of this bank.')),
  toIban: nullable(text('The payee’s IBAN.', IBAN)),
  beneficiaryId: nullable(id('beneficiary', 'The beneficiary that is paid.')),
  toBank: nullable(
    resource('BankAccount', 'An account of another bank that has no IBAN.', {
      code: text('The bank’s code.', 'YZ'),
      accountNumber: text('The account number there.', '30300313'),
    }),
  ),
  amount: signedAmount('How much is paid each time.'),
  currency: currency('The currency of the amount.'),
  frequency: Frequency,
  dayOfMonth: nullable(
    whole('The day of the month on which it is due, in a short month its last day; null if weekly.', 1),
  ),
  startDate: date('The first date on which it can be due.'),
  endDate: nullable(date('The last date on which it can be due; null: it goes on.')),
  nextDueDate: nullable(date('When it is next due; null once it has ended.')),
  nextRunDate: nullable(date('The business day on which that is paid; null while it is paused.')),
  status: Status,
  description: nullable(text('What the payee reads.', DESCRIPTION)),
  reference: nullable(text('For the payee’s bookkeeping.', REFERENCE)),
  purpose: nullable(text('The kind of payment, as an imported system calls it.', 'household')),
  externalId: nullable(text('The id in another system that it came from.', '29401')),
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
    beneficiaryId: 'beneficiaryId' in payee ? toTypeId('beneficiary', payee.beneficiaryId) : null,
    toBank: 'bank' in payee ? { code: payee.bank, accountNumber: payee.accountNumber } : null,
    amount: formatAmount(order.amountMinor, currency),
    currency,
    frequency: order.frequency,
    dayOfMonth: order.frequency === 'weekly' ? null : order.anchorDay,
    startDate: order.startOn,
    endDate: order.endOn ?? null,
    nextDueDate: order.nextDueOn ?? null,
    nextRunDate: order.nextRunOn ?? null,
    status: order.status,
    description: order.description ?? null,
    reference: order.reference ?? null,
    purpose: order.purpose ?? null,
    externalId: order.externalId ?? null,
    createdAt: order.createdAt.toISOString(),
    updatedAt: order.updatedAt.toISOString(),
  };
}

export const ExecutionSchema = resource('Execution', 'What became of a due date of a standing order.', {
  dueDate: date('The date on which it was due.'),
  status: choice(
    'ExecutionStatus',
    'A retrying one is tried again on the next business days.',
    EXECUTION_STATUSES,
  ),
  attempts: whole('How often it was tried.', 1),
  lastAttemptDate: date('The business date on which it was last tried.'),
  nextAttemptDate: nullable(date('When it is tried again; null if it is not.')),
  code: nullable(text('The code of the problem that refused the last attempt.', 'insufficient_funds')),
  transactionId: nullable(id('transaction', 'The transaction that paid it.')),
});
export type ExecutionView = Static<typeof ExecutionSchema>;

export function executionView(execution: Execution): ExecutionView {
  const { dueOn, status, attempts, attemptedOn, nextAttemptOn, failureCode, transactionId } = execution;
  return {
    dueDate: dueOn,
    status,
    attempts,
    lastAttemptDate: attemptedOn,
    nextAttemptDate: nextAttemptOn ?? null,
    code: failureCode ?? null,
    transactionId: orNull(transactionId, (transaction) => toTypeId('transaction', transaction)),
  };
}

export const StandingOrderParams = idParams('standingOrder');

export const ListStandingOrdersQuery = pageQuery({
  accountId: Type.Optional(id('account', 'Those that the account pays.')),
  status: Type.Optional(described(Status, 'Those of this status.')),
  externalId: Type.Optional(text('The one with this id in another system.', '29401', { maxLength: 100 })),
});
