import { Type } from 'typebox';
import {
  AmountSchema,
  CurrencySchema,
  closedObject,
  InstantSchema,
  nullable,
  SignedAmountSchema,
  typeIdSchema,
} from '#http/schemas.ts';

/** Longer than any column takes: the entity says what is too long, this bounds what it is given. */
const text = (description: string) => Type.String({ description, minLength: 1, maxLength: 1000 });

export const CreateBeneficiary = closedObject({
  name: text('Of who is paid.'),
  iban: Type.Optional(Type.String({ description: 'Of any bank. Give this or accountId.', maxLength: 100 })),
  accountId: Type.Optional(typeIdSchema('account')),
  nickname: Type.Optional(text('What the customer calls them.')),
  limitPerDay: Type.Optional(AmountSchema),
  currency: Type.Optional({
    ...CurrencySchema,
    description: 'Of the limit; the payee’s account’s or the customer’s first account’s if not given.',
  }),
});

export const ChangeBeneficiary = closedObject(
  {
    name: Type.Optional(text('Of who is paid.')),
    nickname: Type.Optional(nullable(text('Null takes it away.'))),
    limitPerDay: Type.Optional(nullable(AmountSchema)),
  },
  { minProperties: 1 },
);

export const BeneficiarySchema = Type.Object({
  id: typeIdSchema('beneficiary'),
  customerId: typeIdSchema('customer'),
  name: Type.String(),
  nickname: nullable(Type.String()),
  iban: Type.String(),
  accountId: nullable(typeIdSchema('account')),
  currency: nullable(CurrencySchema),
  limitPerDay: nullable(SignedAmountSchema),
  status: Type.Enum(['cooling_off', 'active']),
  usableFrom: InstantSchema,
  createdAt: InstantSchema,
  updatedAt: InstantSchema,
});

export const BeneficiariesParams = Type.Object({ id: typeIdSchema('customer') });
export const BeneficiaryParams = Type.Object({
  id: typeIdSchema('customer'),
  beneficiaryId: typeIdSchema('beneficiary'),
});
