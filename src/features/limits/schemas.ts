import { Type } from 'typebox';
import {
  AmountSchema,
  CurrencySchema,
  closedObject,
  DateSchema,
  nullable,
  SignedAmountSchema,
  typeIdSchema,
} from '#http/schemas.ts';

/** Null or left out: not set. */
const wanted = {
  perTransaction: Type.Optional(nullable(AmountSchema)),
  perDay: Type.Optional(nullable(AmountSchema)),
  newBeneficiaryPerDay: Type.Optional(nullable(AmountSchema)),
};

const set = {
  perTransaction: nullable(SignedAmountSchema),
  perDay: nullable(SignedAmountSchema),
  newBeneficiaryPerDay: nullable(SignedAmountSchema),
};

export const SetAccountLimits = closedObject(wanted);

export const SetDefaultLimits = closedObject({
  currency: CurrencySchema,
  product: Type.Optional(
    Type.String({ description: 'For its accounts; for all if not given.', maxLength: 50 }),
  ),
  ...wanted,
});

const Effective = nullable(
  Type.Object({
    amount: SignedAmountSchema,
    setFor: Type.Enum(['account', 'product', 'bank']),
    left: SignedAmountSchema,
  }),
);

export const AccountLimitsSchema = Type.Object({
  accountId: typeIdSchema('account'),
  currency: CurrencySchema,
  businessDate: DateSchema,
  ...set,
  effective: Type.Object({ perTransaction: Effective, perDay: Effective, newBeneficiaryPerDay: Effective }),
});

export const DefaultLimitsSchema = Type.Object({
  currency: CurrencySchema,
  product: nullable(Type.String()),
  ...set,
});

export const LimitsParams = Type.Object({ id: typeIdSchema('account') });
