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
import { FEE_SOURCES, LOAN_EVENT_KINDS, PREPAYMENT_STRATEGIES } from './event.ts';
import { ARREARS_BUCKETS } from './products/product-conditions.ts';
import { percent } from './products/quote-schemas.ts';
import { MAX_CHANGES, MAX_INSTALMENTS } from './schedule/read-terms.ts';
import { ROW_STATUSES } from './schedule-view.ts';
import { LOAN_STATUSES } from './state.ts';

const Status = Type.Enum([...LOAN_STATUSES]);
const Reason = Type.String({ description: 'Why.', minLength: 1, maxLength: 1000 });
const count = (description: string, minimum = 1) =>
  Type.Integer({ description, minimum, maximum: MAX_INSTALMENTS });

export const ApplyForLoan = closedObject({
  customerId: typeIdSchema('customer'),
  accountId: typeIdSchema('account'),
  productId: typeIdSchema('loanProduct'),
  amount: AmountSchema,
  currency: Type.Optional(CurrencySchema),
  instalments: Type.Optional(count('How many; this or termMonths.')),
  termMonths: Type.Optional(
    Type.Integer({ description: 'In place of instalments, of monthly ones.', minimum: 1, maximum: 1200 }),
  ),
  annualRatePercent: Type.Optional(percent('What the product says if not given.', '12')),
  disbursedOn: Type.Optional(DateSchema),
  firstDueOn: Type.Optional(DateSchema),
  gracePrincipal: Type.Optional(count('First instalments without principal.', 0)),
  graceInterest: Type.Optional(count('First instalments without interest.', 0)),
  rateChanges: Type.Optional(
    Type.Array(closedObject({ from: DateSchema, annualRatePercent: percent('From then on.', '9.5') }), {
      maxItems: MAX_CHANGES,
    }),
  ),
  directDebit: Type.Optional(
    Type.Boolean({ description: 'Collect what falls due from the account; yes if not given.' }),
  ),
  externalId: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
});

export const ApproveLoan = closedObject({ amount: Type.Optional(AmountSchema) });
export const GiveReason = closedObject({ reason: Reason });
export const ChangeLoan = closedObject({ directDebit: Type.Boolean() });
export const DisburseLoan = closedObject({
  feesFrom: Type.Optional(
    Type.Enum([...FEE_SOURCES], {
      description:
        '`amount`: the fee for making the loan is kept back from what is paid out. `account` (if not given): all is paid out, and the fee is due at once.',
    }),
  ),
});

const money = {
  amount: AmountSchema,
  currency: CurrencySchema,
  from: Type.Optional(
    Type.Enum(['account', 'cash'], { description: '`account` if not given: the borrower’s, or accountId.' }),
  ),
  accountId: Type.Optional(typeIdSchema('account')),
};

export const RepayLoan = closedObject({
  ...money,
  strategy: Type.Optional(
    Type.Enum([...PREPAYMENT_STRATEGIES], {
      description:
        'What a payment of more than is due changes: when the loan ends (if not given), or how much an instalment is.',
    }),
  ),
});
export const RecoverLoan = closedObject(money);

export const QuotePayoff = closedObject({ on: Type.Optional(DateSchema) });

export const RescheduleLoan = closedObject({
  annualRatePercent: Type.Optional(percent('From the day after on.', '9.5')),
  instalments: Type.Optional(count('How many are left.')),
  holidayInstalments: Type.Optional(count('So many are left out, and come after the others.')),
  reAge: Type.Optional(Type.Boolean({ description: 'Make what is overdue a part of the new schedule.' })),
  reason: Type.Optional(Reason),
});

export const Parts = Type.Object({
  principal: SignedAmountSchema,
  interest: SignedAmountSchema,
  fees: SignedAmountSchema,
  penalties: SignedAmountSchema,
  total: SignedAmountSchema,
});

export const LoanEventSchema = Type.Object({
  number: Type.Integer(),
  type: Type.Enum([...LOAN_EVENT_KINDS]),
  date: DateSchema,
  businessDate: DateSchema,
  amount: SignedAmountSchema,
  principal: SignedAmountSchema,
  interest: SignedAmountSchema,
  fees: SignedAmountSchema,
  penalties: SignedAmountSchema,
  outstanding: Parts,
  instalment: nullable(Type.Integer({ description: 'The row of the schedule that fell due or was late.' })),
  strategy: nullable(Type.String()),
  excess: nullable(SignedAmountSchema),
  reason: nullable(Type.String()),
  undoes: nullable(Type.Integer({ description: 'The number of the repayment that was taken back.' })),
  transactionId: nullable(typeIdSchema('transaction')),
  createdAt: InstantSchema,
});

const LOAN = {
  id: typeIdSchema('loan'),
  customerId: typeIdSchema('customer'),
  accountId: typeIdSchema('account'),
  productId: typeIdSchema('loanProduct'),
  externalId: nullable(Type.String()),
  status: Status,
  currency: CurrencySchema,
  requestedAmount: SignedAmountSchema,
  approvedAmount: nullable(SignedAmountSchema),
  instalments: Type.Integer(),
  directDebit: Type.Boolean(),
  appliedOn: DateSchema,
  disbursedOn: nullable(DateSchema),
  plannedDisbursedOn: DateSchema,
  endedOn: nullable(DateSchema),
  outstanding: Parts,
  due: Parts,
  accruedThrough: nullable(DateSchema),
  nextDueDate: nullable(DateSchema),
  nextDueAmount: nullable(SignedAmountSchema),
  daysPastDue: Type.Integer(),
  arrearsBucket: Type.Union([Type.Enum([...ARREARS_BUCKETS]), Type.Null()]),
  scheduleVersion: Type.Integer({ description: 'The number of the transaction that made it.' }),
  lostAmount: SignedAmountSchema,
  recoveredAmount: SignedAmountSchema,
  createdAt: InstantSchema,
  updatedAt: InstantSchema,
};

export const LoanSchema = Type.Object(LOAN);
export const LoanAnswerSchema = Type.Object({
  ...LOAN,
  transaction: Type.Union([LoanEventSchema, Type.Null()]),
});

export const PayoffSchema = Type.Object({ on: DateSchema, currency: CurrencySchema, ...Parts.properties });

const sums = {
  principal: SignedAmountSchema,
  interest: SignedAmountSchema,
  fees: SignedAmountSchema,
  total: SignedAmountSchema,
};

export const LoanScheduleSchema = Type.Object({
  version: Type.Integer(),
  schedule: Type.Array(
    Type.Object({
      number: Type.Integer(),
      dueDate: DateSchema,
      ...sums,
      outstanding: SignedAmountSchema,
      status: Type.Enum([...ROW_STATUSES]),
    }),
  ),
  totals: Type.Object(sums),
  versions: Type.Array(
    Type.Object({
      version: Type.Integer(),
      validFrom: DateSchema,
      reason: Type.Enum(['disbursed', 'repaid', 'rescheduled']),
    }),
  ),
});

export const LoanParams = Type.Object({ id: typeIdSchema('loan') });
export const ScheduleQuery = closedObject({
  version: Type.Optional(Type.Integer({ description: 'The one in force if not given.', minimum: 1 })),
});
export const ListLoansQuery = pageQuery({
  customerId: Type.Optional(typeIdSchema('customer')),
  accountId: Type.Optional(typeIdSchema('account')),
  productId: Type.Optional(typeIdSchema('loanProduct')),
  status: Type.Optional(Status),
  externalId: Type.Optional(Type.String({ maxLength: 100 })),
});
export const ListEventsQuery = pageQuery({ type: Type.Optional(Type.Enum([...LOAN_EVENT_KINDS])) });
