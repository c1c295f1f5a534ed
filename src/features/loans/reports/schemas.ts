import { Type } from 'typebox';
import {
  CurrencySchema,
  closedObject,
  DateSchema,
  nullable,
  SignedAmountSchema,
  typeIdSchema,
} from '#http/schemas.ts';
import { DAY_COUNTS } from '#lib/money/day-count.ts';
import { ARREARS_BUCKETS } from '../products/product-conditions.ts';
import { METHODS, PERIOD_UNITS } from '../schedule/terms.ts';
import { LoanEventSchema, LoanSchema, Parts } from '../schemas.ts';

const STATEMENT_FORMATS = ['json', 'csv', 'pdf'] as const;

export const StatementQuery = closedObject({
  from: Type.Optional(DateSchema),
  to: Type.Optional(DateSchema),
  format: Type.Optional(Type.Enum([...STATEMENT_FORMATS], { description: '`json` if not given.' })),
});

export const LoanStatementSchema = Type.Object({
  loan: LoanSchema,
  productName: Type.String(),
  borrower: Type.String(),
  iban: Type.String(),
  terms: Type.Object({
    amount: SignedAmountSchema,
    annualRatePercent: Type.String(),
    instalments: Type.Integer(),
    every: Type.Object({ count: Type.Integer(), unit: Type.Enum([...PERIOD_UNITS]) }),
    method: Type.Enum([...METHODS]),
    dayCount: Type.Enum([...DAY_COUNTS]),
  }),
  from: nullable(DateSchema),
  to: nullable(DateSchema),
  opening: Parts,
  closing: Parts,
  lines: Type.Array(LoanEventSchema),
});

export const PortfolioQuery = closedObject({ asOf: Type.Optional(DateSchema) });

const percent = Type.String({ description: 'A percentage with two decimals.', examples: ['3.25'] });

const sums = {
  currency: CurrencySchema,
  loans: Type.Integer(),
  outstanding: Parts,
  arrears: SignedAmountSchema,
  buckets: Type.Array(
    Type.Object({
      bucket: Type.Enum([...ARREARS_BUCKETS]),
      loans: Type.Integer(),
      outstanding: Parts,
      arrears: SignedAmountSchema,
    }),
  ),
  par30Percent: percent,
  par90Percent: percent,
  provisionHeld: SignedAmountSchema,
  provisionRequired: SignedAmountSchema,
};

export const PortfolioSchema = Type.Object({
  asOf: DateSchema,
  products: Type.Array(
    Type.Object({ productId: typeIdSchema('loanProduct'), productName: Type.String(), ...sums }),
  ),
  totals: Type.Array(Type.Object(sums)),
});
