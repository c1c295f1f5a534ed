import { Type } from 'typebox';
import { AmountSchema, CurrencySchema, closedObject, InstantSchema, typeIdSchema } from '#http/schemas.ts';
import { MAX_FEES, MAX_INSTALMENTS } from '../schedule/read-terms.ts';
import { FEE_BASES } from '../schedule/terms.ts';
import { MAX_NAME_LENGTH } from './loan-product.ts';
import { MAX_RATE_TABLE, OVERPAYMENTS, PRODUCT_FEE_KINDS, REPAYMENT_PARTS } from './product-conditions.ts';
import { FixedTermsFields, percent } from './quote-schemas.ts';

const count = (minimum: number) => Type.Integer({ minimum, maximum: MAX_INSTALMENTS });
const graceSchema = (description: string) =>
  Type.Optional(
    closedObject(
      { max: count(0), default: Type.Optional(count(0)) },
      { description: `${description}; none if not given.` },
    ),
  );

const fee = closedObject(
  {
    kind: Type.Enum([...PRODUCT_FEE_KINDS], {
      description: '`late` is charged when an instalment is overdue, on what is overdue of it.',
    }),
    amount: Type.Optional(AmountSchema),
    percent: Type.Optional(percent('In place of an amount.', '1.5')),
    of: Type.Optional(Type.Enum([...FEE_BASES])),
  },
  { description: 'One of amount and percent.' },
);

const part = percent('Of what is outstanding, 0 to 100.', '25');

const CONDITIONS = {
  amount: closedObject({ min: AmountSchema, max: AmountSchema }),
  instalments: closedObject({ min: count(1), max: count(1) }),
  annualRatePercent: closedObject({
    min: percent('Lowest.', '5'),
    max: percent('Highest.', '15'),
    default: percent('Where neither the loan nor the table says another.', '12'),
  }),
  rateTable: Type.Optional(
    Type.Array(
      closedObject({ amountFrom: AmountSchema, annualRatePercent: percent('From then on.', '9.5') }),
      {
        description: 'Rates by the amount lent: the row with the highest amountFrom that is not above it.',
        maxItems: MAX_RATE_TABLE,
      },
    ),
  ),
  ...FixedTermsFields,
  gracePrincipal: graceSchema('First instalments without principal that a loan may have'),
  graceInterest: graceSchema('First instalments without interest that a loan may have'),
  fees: Type.Optional(Type.Array(fee, { maxItems: MAX_FEES })),
  penaltyRatePercent: Type.Optional(
    percent('A year’s interest on what is overdue; none if not given.', '18'),
  ),
  repaymentOrder: Type.Optional(
    Type.Array(Type.Enum([...REPAYMENT_PARTS]), {
      description: 'What a repayment pays first; penalty, fee, interest, principal if not given.',
      examples: [[...REPAYMENT_PARTS]],
      minItems: REPAYMENT_PARTS.length,
      maxItems: REPAYMENT_PARTS.length,
    }),
  ),
  overpayment: Type.Optional(
    Type.Enum([...OVERPAYMENTS], {
      description: 'More than is owed is refused (if not given), or the rest is credited to the account.',
    }),
  ),
  arrearsTolerance: Type.Optional(AmountSchema),
  arrearsAfterDays: Type.Optional(
    Type.Integer({ description: 'After a due date; 0 if not given.', minimum: 0, maximum: 90 }),
  ),
  provisioningPercent: Type.Optional(
    closedObject(
      { current: part, days1To30: part, days31To60: part, days61To90: part, over90: part },
      { description: 'By days past due.' },
    ),
  ),
};

export const CreateLoanProductRequest = closedObject({
  name: Type.String({ minLength: 1, maxLength: MAX_NAME_LENGTH, examples: ['Car loan'] }),
  currency: CurrencySchema,
  ...CONDITIONS,
});

export const LoanProductSchema = Type.Object({
  id: typeIdSchema('loanProduct'),
  name: Type.String(),
  currency: CurrencySchema,
  ...CONDITIONS,
  createdAt: InstantSchema,
});

export const LoanProductParams = Type.Object({ id: typeIdSchema('loanProduct') });
