import { toTypeId } from '#lib/ids.ts';
import { formatAmount } from '#lib/money/money.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import type { IncomingPayment } from './incoming-payment.ts';
import type { StoredOutgoing } from './outgoing-repository.ts';

/** A payment that left the bank. Amounts in major units; what was about the payer is null once the payer is gone. */
export type OutgoingView = {
  id: string;
  status: 'pending_settlement' | 'settled' | 'returned';
  reason: string | null;
  amount: string;
  currency: string;
  accountId: string | null;
  creditorName: string | null;
  creditorIban: string | null;
  reference: string | null;
  returnTransactionId: string | null;
  incomingPaymentId: string | null;
  businessDate: string;
  createdAt: string;
  updatedAt: string;
};

export function outgoingView(payment: StoredOutgoing): OutgoingView {
  const { accountId, returnTransactionId, incomingPaymentId, currency } = payment;
  return {
    id: toTypeId('transaction', payment.id),
    status: payment.status,
    reason: payment.reason,
    amount: formatAmount(payment.amountMinor, currency),
    currency,
    accountId: accountId === null ? null : toTypeId('account', accountId),
    creditorName: payment.creditorName,
    creditorIban: payment.creditorIban,
    reference: payment.reference,
    returnTransactionId: returnTransactionId === null ? null : toTypeId('transaction', returnTransactionId),
    incomingPaymentId: incomingPaymentId === null ? null : toTypeId('incomingPayment', incomingPaymentId),
    businessDate: payment.businessDate,
    createdAt: payment.createdAt.toISOString(),
    updatedAt: payment.updatedAt.toISOString(),
  };
}

/** A payment that came to the bank. Amounts in major units. */
export type IncomingView = {
  id: string;
  externalReference: string | null;
  status: 'credited' | 'unresolved' | 'resolved' | 'returned';
  /** Why it was not credited at once. */
  problem: string | null;
  reason: string | null;
  iban: string | null;
  amount: string;
  currency: string;
  debtorName: string | null;
  debtorIban: string | null;
  reference: string | null;
  /** Who was credited, by which transaction. */
  accountId: string | null;
  transactionId: string | null;
  /** The outgoing payment that it was before it came back. */
  returnedPaymentId: string | null;
  valueDate: string;
  createdAt: string;
  updatedAt: string;
};

export function incomingView({ state }: IncomingPayment): IncomingView {
  const { accountId, returnedPaymentId, currency } = state;
  const creditedBy = state.status === 'credited' ? state.entryId : state.endingEntryId;
  return {
    id: toTypeId('incomingPayment', state.id),
    externalReference: state.externalReference ?? null,
    status: state.status,
    problem: state.problem ?? null,
    reason: state.reason ?? null,
    iban: state.iban ?? null,
    amount: formatAmount(state.amountMinor, currency),
    currency,
    debtorName: state.debtorName ?? null,
    debtorIban: state.debtorIban ?? null,
    reference: state.reference ?? null,
    accountId: accountId === undefined ? null : toTypeId('account', accountId),
    transactionId:
      accountId === undefined || creditedBy === undefined ? null : toTypeId('transaction', creditedBy),
    returnedPaymentId: returnedPaymentId === undefined ? null : toTypeId('transaction', returnedPaymentId),
    valueDate: state.valueDate,
    createdAt: toIsoInstant(state.createdAtMs),
    updatedAt: toIsoInstant(state.updatedAtMs),
  };
}
