import { toTypeId } from '#lib/ids.ts';
import { formatAmount } from '#lib/money/money.ts';
import type { Frequency } from '#lib/time/recurrence.ts';
import type { Execution } from './execution.ts';
import type { StandingOrderDetails } from './service.ts';
import type { StandingOrderStatus } from './standing-order.ts';

/** A standing order as the API and the CLI show it. The amount is in major units. */
export type StandingOrderView = {
  id: string;
  fromAccountId: string;
  toAccountId: string | null;
  toIban: string | null;
  beneficiaryId: string | null;
  /** An account of another bank that has no IBAN. */
  toBank: { code: string; accountNumber: string } | null;
  amount: string;
  currency: string;
  frequency: Frequency;
  dayOfMonth: number | null;
  startDate: string;
  endDate: string | null;
  nextDueDate: string | null;
  /** The business day on which it is paid. */
  nextRunDate: string | null;
  status: StandingOrderStatus;
  description: string | null;
  reference: string | null;
  purpose: string | null;
  externalId: string | null;
  createdAt: string;
  updatedAt: string;
};

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

/** What became of a due date. */
export type ExecutionView = {
  dueDate: string;
  status: 'paid' | 'retrying' | 'failed';
  attempts: number;
  lastAttemptDate: string;
  nextAttemptDate: string | null;
  code: string | null;
  transactionId: string | null;
};

export function executionView(execution: Execution): ExecutionView {
  const { dueOn, status, attempts, attemptedOn, nextAttemptOn, failureCode, transactionId } = execution;
  return {
    dueDate: dueOn,
    status,
    attempts,
    lastAttemptDate: attemptedOn,
    nextAttemptDate: nextAttemptOn ?? null,
    code: failureCode ?? null,
    transactionId: transactionId === undefined ? null : toTypeId('transaction', transactionId),
  };
}
