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
import { HOLD_STATUSES } from './hold.ts';

const text = (description: string) => Type.String({ description, minLength: 1, maxLength: 1000 });
const Status = Type.Enum([...HOLD_STATUSES]);

export const PlaceHold = closedObject({
  accountId: typeIdSchema('account'),
  amount: AmountSchema,
  currency: CurrencySchema,
  expiresAt: Type.Optional(InstantSchema),
  reference: Type.Optional(text('Kept on the hold and on what is captured.')),
});

export const CaptureHold = closedObject({
  amount: Type.Optional(AmountSchema),
  toAccountId: Type.Optional(typeIdSchema('account')),
  final: Type.Optional(
    Type.Boolean({
      description: 'Let go of what remains; without it the rest stays held. false if not given.',
    }),
  ),
});

const hold = {
  id: typeIdSchema('hold'),
  accountId: typeIdSchema('account'),
  status: Status,
  amount: SignedAmountSchema,
  currency: CurrencySchema,
  capturedAmount: SignedAmountSchema,
  remainingAmount: SignedAmountSchema,
  reference: nullable(Type.String()),
  placedBy: Type.Enum(['bank', 'holder']),
  captures: Type.Array(
    Type.Object({
      transactionId: typeIdSchema('transaction'),
      amount: SignedAmountSchema,
      createdAt: InstantSchema,
    }),
  ),
  businessDate: DateSchema,
  expiresAt: nullable(InstantSchema),
  createdAt: InstantSchema,
  endedAt: nullable(InstantSchema),
};

export const HoldSchema = Type.Object(hold);
export const CapturedSchema = Type.Object({ ...hold, transactionId: typeIdSchema('transaction') });

export const ListHoldsQuery = pageQuery({
  accountId: Type.Optional(typeIdSchema('account')),
  status: Type.Optional(Status),
});

export const HoldParams = Type.Object({ id: typeIdSchema('hold') });
