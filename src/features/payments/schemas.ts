import { Type } from 'typebox';
import { pageQuery } from '#http/pagination.ts';
import {
  AmountSchema,
  CurrencySchema,
  closedObject,
  DateSchema,
  InstantSchema,
  nullable,
  SignedAmountSchema,
  typeIdSchema,
} from '#http/schemas.ts';
import { INCOMING_STATUSES } from './incoming-payment.ts';
import { OUTGOING_STATUSES } from './outgoing-payment.ts';

/** Longer than any column takes: the services say what is too long, this bounds what they are given. */
const text = (description: string) => Type.String({ description, minLength: 1, maxLength: 1000 });
const iban = (description: string) => Type.String({ description, maxLength: 100 });

export const ReasonOfReturn = closedObject({
  reason: text('Why, as the other bank says it: a code or a few words.'),
});

export const OutgoingSchema = Type.Object({
  id: typeIdSchema('transaction'),
  status: Type.Enum([...OUTGOING_STATUSES]),
  reason: nullable(Type.String()),
  amount: SignedAmountSchema,
  currency: CurrencySchema,
  accountId: nullable(typeIdSchema('account')),
  creditorName: nullable(Type.String()),
  creditorIban: nullable(Type.String()),
  reference: nullable(Type.String()),
  returnTransactionId: nullable(typeIdSchema('transaction')),
  incomingPaymentId: nullable(typeIdSchema('incomingPayment')),
  businessDate: DateSchema,
  createdAt: InstantSchema,
  updatedAt: InstantSchema,
});

export const ListOutgoingQuery = pageQuery({ status: Type.Optional(Type.Enum([...OUTGOING_STATUSES])) });
export const OutgoingParams = Type.Object({ id: typeIdSchema('transaction') });

export const ReceivePayment = closedObject({
  externalReference: text('The other side’s name for the payment: each is booked once.'),
  iban: iban('Of who is to be credited.'),
  amount: AmountSchema,
  currency: CurrencySchema,
  debtorName: Type.Optional(text('Of who paid.')),
  debtorIban: Type.Optional(iban('Of who paid.')),
  reference: Type.Optional(text('For the creditor’s bookkeeping.')),
  valueDate: Type.Optional(DateSchema),
});

export const ResolvePayment = closedObject({ accountId: typeIdSchema('account') });

export const IncomingSchema = Type.Object({
  id: typeIdSchema('incomingPayment'),
  externalReference: nullable(Type.String()),
  status: Type.Enum([...INCOMING_STATUSES]),
  problem: nullable(Type.String()),
  reason: nullable(Type.String()),
  iban: nullable(Type.String()),
  amount: SignedAmountSchema,
  currency: CurrencySchema,
  debtorName: nullable(Type.String()),
  debtorIban: nullable(Type.String()),
  reference: nullable(Type.String()),
  accountId: nullable(typeIdSchema('account')),
  transactionId: nullable(typeIdSchema('transaction')),
  returnedPaymentId: nullable(typeIdSchema('transaction')),
  valueDate: DateSchema,
  createdAt: InstantSchema,
  updatedAt: InstantSchema,
});

export const ListIncomingQuery = pageQuery({
  status: Type.Optional(Type.Enum([...INCOMING_STATUSES])),
  externalReference: Type.Optional(Type.String({ maxLength: 140 })),
});
export const IncomingParams = Type.Object({ id: typeIdSchema('incomingPayment') });
