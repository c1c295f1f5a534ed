import { type Static, Type } from 'typebox';
import { amount, choice, currency, date, givenText, id, instant, signedAmount, text } from '#http/fields.ts';
import { idParams } from '#http/operations.ts';
import { pageQuery } from '#http/pagination.ts';
import { described, nullable, requestObject, resource } from '#http/schemas.ts';
import { toTypeId } from '#lib/ids.ts';
import { formatAmount } from '#lib/money/money.ts';
import { orNull } from '#lib/text.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import { INCOMING_STATUSES, type IncomingPayment } from './incoming-payment.ts';
import { OUTGOING_STATUSES } from './outgoing-payment.ts';
import type { StoredOutgoing } from './outgoing-repository.ts';

const EXAMPLE = {
  iban: 'DE88100100101000000001',
  foreignIban: 'DE89370400440532013000',
  name: 'Stadtwerke Berlin',
  reference: 'INV-2026-0042',
  externalReference: '2026-01-31-0000017',
  reason: 'AC04',
} as const;

const OutgoingStatus = choice(
  'OutgoingPaymentStatus',
  'Whether the other bank has the money, or gave it back.',
  OUTGOING_STATUSES,
);
const IncomingStatus = choice(
  'IncomingPaymentStatus',
  'An unresolved payment waits in suspense until it is resolved or returned.',
  INCOMING_STATUSES,
);

export const ReturnPaymentRequest = requestObject('ReturnPaymentRequest', 'Why a payment goes back.', {
  reason: givenText('The reason, as the other bank says it: a code or a few words.', EXAMPLE.reason),
});

export const OutgoingPaymentSchema = resource(
  'OutgoingPayment',
  'A payment to another bank. What was about the payer is null once the payer is deleted.',
  {
    id: id('transaction', 'The id of the transaction that it is.'),
    status: OutgoingStatus,
    reason: nullable(text('Why it was returned.', EXAMPLE.reason)),
    amount: signedAmount('How much was paid.'),
    currency: currency('The currency of the amount.'),
    accountId: nullable(id('account', 'The account that paid.')),
    creditorName: nullable(text('The payee’s name.', EXAMPLE.name)),
    creditorIban: nullable(text('The payee’s IBAN.', EXAMPLE.foreignIban)),
    reference: nullable(text('For the payee’s bookkeeping.', EXAMPLE.reference)),
    returnTransactionId: nullable(id('transaction', 'The transaction that credited the payer again.')),
    incomingPaymentId: nullable(
      id('incomingPayment', 'What it came back as, where the payer could not be credited.'),
    ),
    businessDate: date('The date on which it was booked.'),
    createdAt: instant('When it was created.'),
    updatedAt: instant('When it was last changed.'),
  },
);
export type OutgoingView = Static<typeof OutgoingPaymentSchema>;

export function outgoingView(payment: StoredOutgoing): OutgoingView {
  const { accountId, returnTransactionId, incomingPaymentId, currency } = payment;
  return {
    id: toTypeId('transaction', payment.id),
    status: payment.status,
    reason: payment.reason,
    amount: formatAmount(payment.amountMinor, currency),
    currency,
    accountId: orNull(accountId, (account) => toTypeId('account', account)),
    creditorName: payment.creditorName,
    creditorIban: payment.creditorIban,
    reference: payment.reference,
    returnTransactionId: orNull(returnTransactionId, (other) => toTypeId('transaction', other)),
    incomingPaymentId: orNull(incomingPaymentId, (other) => toTypeId('incomingPayment', other)),
    businessDate: payment.businessDate,
    createdAt: payment.createdAt.toISOString(),
    updatedAt: payment.updatedAt.toISOString(),
  };
}

export const ListOutgoingQuery = pageQuery({
  status: Type.Optional(described(OutgoingStatus, 'Those of this status.')),
});
export const OutgoingParams = idParams('transaction');

export const ReceivePaymentRequest = requestObject('ReceivePaymentRequest', 'A payment from another bank.', {
  externalReference: givenText(
    'The other side’s name for the payment: each is booked once.',
    EXAMPLE.externalReference,
  ),
  iban: text('The IBAN to credit.', EXAMPLE.iban, { maxLength: 100 }),
  amount: amount('How much was paid.'),
  currency: currency('The currency of the amount.'),
  debtorName: Type.Optional(givenText('The payer’s name.', EXAMPLE.name)),
  debtorIban: Type.Optional(text('The payer’s IBAN.', EXAMPLE.foreignIban, { maxLength: 100 })),
  reference: Type.Optional(givenText('For the payee’s bookkeeping.', EXAMPLE.reference)),
  valueDate: Type.Optional(date('From when it counts for interest; the business date if not given.')),
});

export const ResolvePaymentRequest = requestObject('ResolvePaymentRequest', 'Whom to credit.', {
  accountId: id('account', 'The account to credit.'),
});

export const IncomingPaymentSchema = resource('IncomingPayment', 'A payment from another bank.', {
  id: id('incomingPayment', 'The id.'),
  externalReference: nullable(text('The other side’s name for it.', EXAMPLE.externalReference)),
  status: IncomingStatus,
  problem: nullable(text('Why it was not credited at once: a code.', 'account_closed')),
  reason: nullable(text('Why it was returned.', EXAMPLE.reason)),
  iban: nullable(text('The IBAN that it was for.', EXAMPLE.iban)),
  amount: signedAmount('How much was paid.'),
  currency: currency('The currency of the amount.'),
  debtorName: nullable(text('The payer’s name.', EXAMPLE.name)),
  debtorIban: nullable(text('The payer’s IBAN.', EXAMPLE.foreignIban)),
  reference: nullable(text('For the payee’s bookkeeping.', EXAMPLE.reference)),
  accountId: nullable(id('account', 'The account that was credited.')),
  transactionId: nullable(id('transaction', 'The transaction that credited it.')),
  returnedPaymentId: nullable(id('transaction', 'The outgoing payment that it was before it came back.')),
  valueDate: date('From when it counts for interest.'),
  createdAt: instant('When it was created.'),
  updatedAt: instant('When it was last changed.'),
});
export type IncomingView = Static<typeof IncomingPaymentSchema>;

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
    accountId: orNull(accountId, (account) => toTypeId('account', account)),
    transactionId:
      accountId === undefined ? null : orNull(creditedBy, (entry) => toTypeId('transaction', entry)),
    returnedPaymentId: orNull(returnedPaymentId, (payment) => toTypeId('transaction', payment)),
    valueDate: state.valueDate,
    createdAt: toIsoInstant(state.createdAtMs),
    updatedAt: toIsoInstant(state.updatedAtMs),
  };
}

export const ListIncomingQuery = pageQuery({
  status: Type.Optional(described(IncomingStatus, 'Those of this status.')),
  externalReference: Type.Optional(
    text('The one that the other side calls this.', EXAMPLE.externalReference, { maxLength: 140 }),
  ),
});
export const IncomingParams = idParams('incomingPayment');
