import { type Static, Type } from 'typebox';
import { amountRange } from '#http/amount-filters.ts';
import {
  amount,
  choice,
  currency,
  customerReason,
  date,
  externalIdFilter,
  flag,
  givenIban,
  givenLabels,
  givenText,
  id,
  instant,
  LENGTHS,
  labelsView,
  metadataFilter,
  overdrawReason,
  shownLabels,
  signedAmount,
  text,
} from '#http/fields.ts';
import { idParams } from '#http/operations.ts';
import { pageQuery } from '#http/pagination.ts';
import { PayeeAccountSchema, payeeAccountView } from '#http/payee-account.ts';
import { described, nullable, requestObject, resource } from '#http/schemas.ts';
import { nullableChoice } from '#http/tagged-choice.ts';
import { type Caller, ownCustomerOf } from '#lib/caller.ts';
import { parseIban } from '#lib/iban.ts';
import { toTypeId } from '#lib/ids.ts';
import { formatAmount } from '#lib/money/money.ts';
import { optional, orNull } from '#lib/text.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import { isoDate } from '#lib/time/dates.ts';
import { INCOMING_STATUSES, type IncomingPayment } from './incoming-payment.ts';
import { OUTGOING_STATUSES, type Return } from './outgoing-payment.ts';
import type { StoredOutgoing } from './outgoing-repository.ts';

const EXAMPLE = {
  iban: 'DE88100100101000000001',
  foreignIban: 'DE89370400440532013000',
  account: '000123456789',
  name: 'Stadtwerke Berlin',
  reference: 'INV-2026-0042',
  externalReference: '2026-01-31-0000017',
  reason: 'Account closed',
  customerReason: 'The payee’s account is closed',
  reasonCode: 'AC04',
  message: 'out-2026-01-31-1.xml',
  externalId: 'shop-order-4711',
} as const;

const OutgoingStatus = choice(
  'OutgoingPaymentStatus',
  '`submitted`: claimed by the sender. `settled`: the other bank has the money. `returned`: it came back, before or after. `cancelled`: the payer took it back.',
  OUTGOING_STATUSES,
);
const IncomingStatus = choice(
  'IncomingPaymentStatus',
  'An unresolved payment waits in suspense until it is resolved or returned. What was credited or resolved can be returned too.',
  INCOMING_STATUSES,
);

const why = {
  reason: givenText(
    'The reason, as the other bank says it: a code or a few words. For staff: no customer reads it.',
    EXAMPLE.reason,
    LENGTHS.payment,
  ),
  customerReason,
  reasonCode: Type.Optional(
    Type.String({
      description: 'The code of the reason in the payment scheme (ISO 20022, external return reason).',
      pattern: '^[A-Z0-9]{4}$',
      examples: [EXAMPLE.reasonCode],
    }),
  ),
  returnedOn: Type.Optional(date('The date on which it was sent back; the business date if not given.')),
};

export const ReturnPaymentRequest = requestObject('ReturnPaymentRequest', 'Why a payment goes back.', why);

export const ReturnIncomingPaymentRequest = requestObject(
  'ReturnIncomingPaymentRequest',
  'Why a payment from another bank goes back.',
  { ...why, overdrawReason: Type.Optional(overdrawReason) },
);

const returned = {
  reason: nullable(text('Why it was returned, for staff; null for customers.', EXAMPLE.reason)),
  customerReason: nullable(text('What the customer reads about it.', EXAMPLE.customerReason)),
  reasonCode: nullable(text('The code of the reason in the payment scheme.', EXAMPLE.reasonCode)),
  returnedOn: nullable(date('The date on which it was sent back.')),
};

/** Why and when a payment was sent back. Throws 400 `validation_failed` for a date that does not exist. */
export function returnOf({ returnedOn, ...why }: Static<typeof ReturnPaymentRequest>): Return {
  const { reason, customerReason, reasonCode } = why;
  return { reason, customerReason, reasonCode, returnedOn: optional(returnedOn, isoDate) };
}

export const OutgoingPaymentSchema = resource(
  'OutgoingPayment',
  'A payment to another bank. What was about the payer is null once the payer is deleted.',
  {
    id: id('transaction', 'The id of the transaction that it is.'),
    status: OutgoingStatus,
    heldFor: nullable(text('The code of why it waits and does not leave the bank.', 'customer_deceased')),
    ...returned,
    submission: nullable(
      resource('PaymentClaim', 'Who claimed the payment, to send it.', {
        id: id('submission', 'The submission.'),
        message: text('The file or message in which it is sent.', EXAMPLE.message),
        submittedBy: text('Who claimed it: the id of a user or an API key, or the name of a program.', 'cli'),
        submittedAt: instant('When.'),
      }),
    ),
    amount: signedAmount('How much was paid.'),
    currency: currency('The currency of the amount.'),
    accountId: nullable(id('account', 'The account that paid.')),
    debtorBankName: text('The name of this bank, which pays.', 'Harbour Credit Union'),
    debtorBic: nullable(text('Its BIC; null where none is set.', 'NWBKGB2L')),
    creditorName: nullable(text('The payee’s name.', EXAMPLE.name)),
    creditorIban: nullable(text('The payee’s IBAN; null for an account without one.', EXAMPLE.foreignIban)),
    creditorAccount: nullableChoice(PayeeAccountSchema),
    reference: nullable(text('For the payee’s bookkeeping.', EXAMPLE.reference)),
    returnTransactionId: nullable(id('transaction', 'The transaction that credited the payer again.')),
    incomingPaymentId: nullable(
      id('incomingPayment', 'What it came back as, where the payer could not be credited.'),
    ),
    ...shownLabels(EXAMPLE.externalId),
    businessDate: date('The date on which it was booked.'),
    createdAt: instant('When it was created.'),
    updatedAt: instant('When it was last changed.'),
  },
);
export type OutgoingView = Static<typeof OutgoingPaymentSchema>;

/** A payment as a caller may see it: the reason that staff gave is for staff. */
export function outgoingView(caller: Caller, payment: StoredOutgoing): OutgoingView {
  const { accountId, returnTransactionId, incomingPaymentId, currency } = payment;
  const creditor = creditorView(payment);
  return {
    id: toTypeId('transaction', payment.id),
    status: payment.status,
    heldFor: payment.heldFor,
    reason: ownCustomerOf(caller) === undefined ? payment.reason : null,
    customerReason: payment.customerReason,
    reasonCode: payment.reasonCode,
    returnedOn: payment.returnedOn,
    submission: claimView(payment),
    amount: formatAmount(payment.amountMinor, currency),
    currency,
    accountId: orNull(accountId, (account) => toTypeId('account', account)),
    debtorBankName: payment.debtorBankName,
    debtorBic: payment.debtorBic,
    creditorName: payment.creditorName,
    creditorIban: creditor !== null && creditor.type === 'iban' ? creditor.iban : null,
    creditorAccount: creditor,
    reference: payment.reference,
    returnTransactionId: orNull(returnTransactionId, (other) => toTypeId('transaction', other)),
    incomingPaymentId: orNull(incomingPaymentId, (other) => toTypeId('incomingPayment', other)),
    ...labelsView(payment),
    businessDate: payment.businessDate,
    createdAt: payment.createdAt.toISOString(),
    updatedAt: payment.updatedAt.toISOString(),
  };
}

function creditorView({ creditorAccount, creditorBank, bankCodeScheme }: StoredOutgoing) {
  if (creditorAccount === null) return null;
  const iban = parseIban(creditorAccount);
  if (iban !== undefined && bankCodeScheme === null) return payeeAccountView({ iban });
  const account = { bank: creditorBank ?? '', accountNumber: creditorAccount };
  return payeeAccountView({ ...account, scheme: bankCodeScheme ?? undefined });
}

function claimView({ submissionId, message, submittedBy, submittedAt }: StoredOutgoing) {
  if (submissionId === null || message === null || submittedBy === null || submittedAt === null) return null;
  return {
    id: toTypeId('submission', submissionId),
    message,
    submittedBy,
    submittedAt: submittedAt.toISOString(),
  };
}

export const ListOutgoingQuery = pageQuery({
  status: Type.Optional(described(OutgoingStatus, 'Those of this status.')),
  submissionId: Type.Optional(id('submission', 'Those of this submission.')),
  accountId: Type.Optional(id('account', 'Those that this account paid.')),
  from: Type.Optional(date('The first business date.')),
  to: Type.Optional(date('The last business date.')),
  ...amountRange,
  creditorIban: Type.Optional(givenIban('Those to this IBAN.', EXAMPLE.foreignIban)),
  creditorName: Type.Optional(
    text('Those whose payee’s name has this in it.', 'stadtwerke', { maxLength: 140 }),
  ),
  externalId: externalIdFilter(EXAMPLE.externalId),
  metadata: metadataFilter,
  reference: Type.Optional(text('Those with this reference.', EXAMPLE.reference, { maxLength: 140 })),
});
export const OutgoingParams = idParams('transaction');

/** As much as any message carries of a text: what is longer than a column is cut, and kept whole beside. */
const MAX_RECEIVED_LENGTH = 10_000;

const receivedText = (description: string, example: string) =>
  text(description, example, { maxLength: MAX_RECEIVED_LENGTH });

export const ReceivePaymentRequest = requestObject(
  'ReceivePaymentRequest',
  'A payment from another bank. The money came: no text is refused, each is made to fit and kept whole beside.',
  {
    externalReference: text(
      'The other side’s name for the payment: each is booked once.',
      EXAMPLE.externalReference,
      { minLength: 1, maxLength: MAX_RECEIVED_LENGTH },
    ),
    iban: Type.Optional(
      receivedText('The account to credit. Any but an IBAN of ours goes to suspense.', EXAMPLE.iban),
    ),
    creditorAccount: Type.Optional(
      receivedText(
        'The number of the account to credit, where it has no IBAN: without the code of the bank. Any but a number of ours goes to suspense.',
        EXAMPLE.account,
      ),
    ),
    amount: amount('How much was paid.'),
    currency: currency('The currency of the amount.'),
    debtorName: Type.Optional(receivedText('The payer’s name.', EXAMPLE.name)),
    debtorIban: Type.Optional(
      receivedText('The payer’s IBAN, or whatever account number it is.', EXAMPLE.foreignIban),
    ),
    reference: Type.Optional(receivedText('For the payee’s bookkeeping.', EXAMPLE.reference)),
    valueDate: Type.Optional(date('From when it counts for interest; the business date if not given.')),
    ...givenLabels(EXAMPLE.externalId),
  },
);

export const ResolvePaymentRequest = requestObject('ResolvePaymentRequest', 'Whom to credit.', {
  accountId: id('account', 'The account to credit.'),
});

export const IncomingPaymentSchema = resource('IncomingPayment', 'A payment from another bank.', {
  id: id('incomingPayment', 'The id.'),
  externalReference: nullable(text('The other side’s name for it.', EXAMPLE.externalReference)),
  status: IncomingStatus,
  problem: nullable(text('Why it was not credited at once: a code.', 'account_closed')),
  ...returned,
  iban: nullable(text('The IBAN that it was for.', EXAMPLE.iban)),
  creditorAccount: nullable(text('The account that it was for, where that is no IBAN.', EXAMPLE.account)),
  amount: signedAmount('How much was paid.'),
  currency: currency('The currency of the amount.'),
  debtorName: nullable(text('The payer’s name.', EXAMPLE.name)),
  debtorIban: nullable(text('The payer’s IBAN.', EXAMPLE.foreignIban)),
  debtorAccount: nullable(text('The payer’s account, where that is no IBAN.', EXAMPLE.account)),
  asReceived: nullable(
    resource('ReceivedTexts', 'The texts that were changed to be booked, as they came.', {
      externalReference: Type.Optional(text('The reference of the other side.', EXAMPLE.externalReference)),
      iban: Type.Optional(text('The account to credit.', EXAMPLE.account)),
      creditorAccount: Type.Optional(text('The number of the account to credit.', EXAMPLE.account)),
      debtorName: Type.Optional(text('The payer’s name.', EXAMPLE.name)),
      debtorIban: Type.Optional(text('The payer’s account.', EXAMPLE.account)),
      reference: Type.Optional(text('For the payee’s bookkeeping.', EXAMPLE.reference)),
    }),
  ),
  reference: nullable(text('For the payee’s bookkeeping.', EXAMPLE.reference)),
  accountId: nullable(id('account', 'The account that was credited.')),
  transactionId: nullable(id('transaction', 'The transaction that credited it.')),
  returnTransactionId: nullable(id('transaction', 'The transaction that took the credit back.')),
  isClaim: flag(
    'Whether it was sent back although that account is closed: by the bank, which claims it of the customer.',
  ),
  returnedPaymentId: nullable(id('transaction', 'The outgoing payment that it was before it came back.')),
  valueDate: date('From when it counts for interest.'),
  ...shownLabels(EXAMPLE.externalId),
  createdAt: instant('When it was created.'),
  updatedAt: instant('When it was last changed.'),
});
export type IncomingView = Static<typeof IncomingPaymentSchema>;

export function incomingView({ state }: IncomingPayment): IncomingView {
  const { accountId, returnedPaymentId, currency } = state;
  const creditedBy = state.problem === undefined ? state.entryId : state.endingEntryId;
  return {
    id: toTypeId('incomingPayment', state.id),
    externalReference: state.externalReference ?? null,
    status: state.status,
    problem: state.problem ?? null,
    reason: state.reason ?? null,
    customerReason: state.customerReason ?? null,
    reasonCode: state.reasonCode ?? null,
    returnedOn: state.returnedOn ?? null,
    iban: state.iban ?? null,
    creditorAccount: state.creditorAccount ?? null,
    amount: formatAmount(state.amountMinor, currency),
    currency,
    debtorName: state.debtorName ?? null,
    debtorIban: state.debtorIban ?? null,
    debtorAccount: state.debtorAccount ?? null,
    asReceived: state.asReceived ?? null,
    reference: state.reference ?? null,
    accountId: orNull(accountId, (account) => toTypeId('account', account)),
    transactionId:
      accountId === undefined ? null : orNull(creditedBy, (entry) => toTypeId('transaction', entry)),
    returnTransactionId: orNull(state.isClaim ? undefined : state.returnEntryId, (entry) =>
      toTypeId('transaction', entry),
    ),
    isClaim: state.isClaim,
    returnedPaymentId: orNull(returnedPaymentId, (payment) => toTypeId('transaction', payment)),
    valueDate: state.valueDate,
    ...labelsView(state),
    createdAt: toIsoInstant(state.createdAtMs),
    updatedAt: toIsoInstant(state.updatedAtMs),
  };
}

export const ListIncomingQuery = pageQuery({
  status: Type.Optional(described(IncomingStatus, 'Those of this status.')),
  externalReference: Type.Optional(
    text('The one that the other side calls this.', EXAMPLE.externalReference, { maxLength: 140 }),
  ),
  accountId: Type.Optional(id('account', 'Those that were credited to this account.')),
  from: Type.Optional(date('The first value date.')),
  to: Type.Optional(date('The last value date.')),
  ...amountRange,
  debtorIban: Type.Optional(givenIban('Those from this IBAN.', EXAMPLE.foreignIban)),
  debtorName: Type.Optional(text('Those whose payer’s name has this in it.', 'hopper', { maxLength: 140 })),
  reference: Type.Optional(text('Those with this reference.', EXAMPLE.reference, { maxLength: 140 })),
  externalId: externalIdFilter(EXAMPLE.externalId),
  metadata: metadataFilter,
});
export const IncomingParams = idParams('incomingPayment');
