import { Type } from 'typebox';
import { pageQuery } from '#http/pagination.ts';
import {
  AmountSchema,
  CurrencySchema,
  closedObject,
  DateSchema,
  InstantSchema,
  MetadataSchema,
  nullable,
  SignedAmountSchema,
  typeIdSchema,
} from '#http/schemas.ts';

const text = (description: string) => Type.String({ description, minLength: 1, maxLength: 1000 });
const Status = Type.Union([Type.Literal('active'), Type.Literal('frozen'), Type.Literal('closed')]);
const Role = Type.Union([Type.Literal('owner'), Type.Literal('joint'), Type.Literal('authorised')]);

const externalId = text('The id in your own systems, unique in the book.');

export const OpenAccount = closedObject({
  customerId: typeIdSchema('customer'),
  product: Type.String({ examples: ['current'], maxLength: 50 }),
  currency: CurrencySchema,
  overdraftLimit: Type.Optional(AmountSchema),
  externalId: Type.Optional(externalId),
  metadata: Type.Optional(MetadataSchema),
});

export const ChangeAccount = closedObject(
  {
    overdraftLimit: Type.Optional(AmountSchema),
    externalId: Type.Optional(nullable(externalId)),
    metadata: Type.Optional(MetadataSchema),
  },
  { minProperties: 1 },
);

export const Reason = closedObject({ reason: text('Why; kept on the account.') });

export const AddHolder = closedObject({ customerId: typeIdSchema('customer'), role: Role });
/** The holder to take off, named in the query or in the body. */
export const RemoveHolder = closedObject({ customerId: Type.Optional(typeIdSchema('customer')) });

export const BalanceSchema = Type.Object({
  posted: SignedAmountSchema,
  held: SignedAmountSchema,
  available: SignedAmountSchema,
});

export const BalanceAnswer = Type.Object({
  accountId: typeIdSchema('account'),
  currency: CurrencySchema,
  asOf: nullable(Type.String({ description: 'The date or instant asked for; null for now.' })),
  balance: Type.Object({
    posted: SignedAmountSchema,
    held: nullable(SignedAmountSchema),
    available: nullable(SignedAmountSchema),
  }),
});

export const AccountSchema = Type.Object({
  id: typeIdSchema('account'),
  number: Type.String(),
  iban: Type.String(),
  product: Type.String(),
  currency: CurrencySchema,
  status: Status,
  statusReason: nullable(Type.String()),
  customerId: typeIdSchema('customer'),
  holders: Type.Array(Type.Object({ customerId: typeIdSchema('customer'), role: Role })),
  overdraftLimit: SignedAmountSchema,
  balance: BalanceSchema,
  openedOn: DateSchema,
  closedOn: nullable(DateSchema),
  externalId: nullable(Type.String()),
  metadata: MetadataSchema,
  createdAt: InstantSchema,
  updatedAt: InstantSchema,
});

export const ListAccountsQuery = pageQuery({
  customerId: Type.Optional(typeIdSchema('customer')),
  status: Type.Optional(Status),
  iban: Type.Optional(Type.String({ maxLength: 50 })),
  externalId: Type.Optional(Type.String({ maxLength: 100 })),
});

export const BalanceQuery = closedObject({
  asOf: Type.Optional(
    Type.String({ description: 'A date (its end) or an instant with Z or an offset.', maxLength: 40 }),
  ),
});

export const AccountParams = Type.Object({ id: typeIdSchema('account') });
