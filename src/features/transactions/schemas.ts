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
import { MAX_BATCH_ITEMS } from './batch.ts';
import { PAYMENT_MODES, SETTLEMENT_STATUSES, TRANSACTION_TYPES } from './transaction.ts';

const text = (description: string) => Type.String({ description, minLength: 1, maxLength: 1000 });
const TypeSchema = Type.Enum([...TRANSACTION_TYPES]);

const money = {
  amount: AmountSchema,
  currency: CurrencySchema,
  reference: Type.Optional(text('For the payee’s or your own bookkeeping.')),
  description: Type.Optional(text('Shown on statements.')),
};

export const CashRequest = closedObject({
  accountId: typeIdSchema('account'),
  mode: Type.Enum([...PAYMENT_MODES]),
  ...money,
  valueDate: Type.Optional(DateSchema),
});

export const TransferRequest = closedObject({
  fromAccountId: typeIdSchema('account'),
  toAccountId: Type.Optional(typeIdSchema('account')),
  toIban: Type.Optional(
    Type.String({ description: 'Of an account of this bank or another.', maxLength: 100 }),
  ),
  beneficiaryId: Type.Optional(typeIdSchema('beneficiary')),
  ...money,
});

/** One schema for the three kinds, spelled out: an error then names the field that is wrong. */
const BatchItem = closedObject({
  type: Type.Enum(['deposit', 'withdrawal', 'transfer']),
  accountId: Type.Optional(typeIdSchema('account')),
  mode: Type.Optional(Type.Enum([...PAYMENT_MODES])),
  fromAccountId: Type.Optional(typeIdSchema('account')),
  toAccountId: Type.Optional(typeIdSchema('account')),
  toIban: Type.Optional(Type.String({ maxLength: 100 })),
  beneficiaryId: Type.Optional(typeIdSchema('beneficiary')),
  ...money,
  valueDate: Type.Optional(DateSchema),
});

export const BatchRequest = closedObject({
  mode: Type.Enum(['atomic', 'independent']),
  items: Type.Array(BatchItem, { minItems: 1, maxItems: MAX_BATCH_ITEMS }),
});

export const BatchAnswer = Type.Object({
  id: typeIdSchema('batch'),
  results: Type.Array(
    Type.Object({
      status: Type.Enum(['posted', 'refused']),
      transactionId: Type.Optional(typeIdSchema('transaction')),
      code: Type.Optional(Type.String()),
    }),
  ),
});

export const ReverseRequest = closedObject({ reason: text('Why; kept as the description.') });

const Counterparty = Type.Object({
  name: nullable(Type.String()),
  bank: nullable(Type.String()),
  account: nullable(Type.String()),
});

export const TransactionSchema = Type.Object({
  id: typeIdSchema('transaction'),
  type: TypeSchema,
  mode: Type.String(),
  status: Type.Enum(['posted', 'reversed']),
  amount: SignedAmountSchema,
  currency: CurrencySchema,
  accountId: typeIdSchema('account'),
  counterpartyAccountId: nullable(typeIdSchema('account')),
  counterparty: nullable(Counterparty),
  balanceAfter: nullable(SignedAmountSchema),
  description: nullable(Type.String()),
  reference: nullable(Type.String()),
  purpose: nullable(Type.String()),
  settlement: nullable(
    Type.Object({
      status: Type.Enum([...SETTLEMENT_STATUSES]),
      reason: nullable(Type.String()),
      updatedAt: InstantSchema,
    }),
  ),
  reverses: nullable(typeIdSchema('transaction')),
  reversedBy: nullable(typeIdSchema('transaction')),
  businessDate: DateSchema,
  valueDate: DateSchema,
  createdAt: InstantSchema,
});

export const LineSchema = Type.Object({
  transactionId: typeIdSchema('transaction'),
  type: TypeSchema,
  mode: nullable(Type.String()),
  amount: SignedAmountSchema,
  currency: CurrencySchema,
  balanceAfter: SignedAmountSchema,
  description: nullable(Type.String()),
  reference: nullable(Type.String()),
  purpose: nullable(Type.String()),
  counterparty: nullable(
    Type.Object({
      accountId: nullable(typeIdSchema('account')),
      iban: nullable(Type.String()),
      ...Counterparty.properties,
    }),
  ),
  businessDate: DateSchema,
  valueDate: DateSchema,
  createdAt: InstantSchema,
});

const period = { from: Type.Optional(DateSchema), to: Type.Optional(DateSchema) };

export const ListTransactionsQuery = pageQuery({
  accountId: Type.Optional(typeIdSchema('account')),
  type: Type.Optional(TypeSchema),
  status: Type.Optional(Type.Enum(['posted', 'reversed'])),
  settlement: Type.Optional(Type.Enum([...SETTLEMENT_STATUSES])),
  ...period,
  reference: Type.Optional(Type.String({ maxLength: 140 })),
});

export const ListLinesQuery = pageQuery({
  ...period,
  type: Type.Optional(TypeSchema),
  minAmount: Type.Optional(AmountSchema),
  maxAmount: Type.Optional(AmountSchema),
});

export const TransactionParams = Type.Object({ id: typeIdSchema('transaction') });
export const LinesParams = Type.Object({ id: typeIdSchema('account') });
