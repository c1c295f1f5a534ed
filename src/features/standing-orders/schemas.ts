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
import { FREQUENCIES } from '#lib/time/recurrence.ts';

const Frequency = Type.Enum([...FREQUENCIES]);
const Status = Type.Enum(['active', 'paused', 'ended', 'cancelled']);
const Description = Type.String({ description: 'What the payee reads.', minLength: 1, maxLength: 1000 });
const Reference = Type.String({ minLength: 1, maxLength: 280 });

export const CreateStandingOrder = closedObject({
  fromAccountId: typeIdSchema('account'),
  toAccountId: Type.Optional(typeIdSchema('account')),
  toIban: Type.Optional(Type.String({ maxLength: 50 })),
  beneficiaryId: Type.Optional(typeIdSchema('beneficiary')),
  amount: AmountSchema,
  currency: CurrencySchema,
  frequency: Frequency,
  startDate: DateSchema,
  endDate: Type.Optional(DateSchema),
  dayOfMonth: Type.Optional(
    Type.Integer({
      description: 'The day of the month, that of startDate if not given; of a short month its last day.',
      minimum: 1,
      maximum: 31,
    }),
  ),
  description: Type.Optional(Description),
  reference: Type.Optional(Reference),
});

export const ChangeStandingOrder = closedObject(
  {
    amount: Type.Optional(AmountSchema),
    endDate: Type.Optional(nullable(DateSchema)),
    status: Type.Optional(Type.Enum(['active', 'paused'])),
    description: Type.Optional(nullable(Description)),
    reference: Type.Optional(nullable(Reference)),
  },
  { minProperties: 1 },
);

export const StandingOrderSchema = Type.Object({
  id: typeIdSchema('standingOrder'),
  fromAccountId: typeIdSchema('account'),
  toAccountId: nullable(typeIdSchema('account')),
  toIban: nullable(Type.String()),
  beneficiaryId: nullable(typeIdSchema('beneficiary')),
  toBank: Type.Union([Type.Object({ code: Type.String(), accountNumber: Type.String() }), Type.Null()]),
  amount: SignedAmountSchema,
  currency: CurrencySchema,
  frequency: Frequency,
  dayOfMonth: nullable(Type.Integer()),
  startDate: DateSchema,
  endDate: nullable(DateSchema),
  nextDueDate: nullable(DateSchema),
  nextRunDate: nullable(
    Type.String({ format: 'date', description: 'The business day on which it is paid; none while paused.' }),
  ),
  status: Status,
  description: nullable(Type.String()),
  reference: nullable(Type.String()),
  purpose: nullable(Type.String()),
  externalId: nullable(Type.String()),
  createdAt: InstantSchema,
  updatedAt: InstantSchema,
});

export const ExecutionSchema = Type.Object({
  dueDate: DateSchema,
  status: Type.Enum(['paid', 'retrying', 'failed']),
  attempts: Type.Integer(),
  lastAttemptDate: DateSchema,
  nextAttemptDate: nullable(DateSchema),
  code: nullable(Type.String({ description: 'Why the last attempt was refused.' })),
  transactionId: nullable(typeIdSchema('transaction')),
});

export const StandingOrderParams = Type.Object({ id: typeIdSchema('standingOrder') });

export const ListStandingOrdersQuery = pageQuery({
  accountId: Type.Optional(typeIdSchema('account')),
  status: Type.Optional(Status),
  externalId: Type.Optional(Type.String({ maxLength: 100 })),
});
