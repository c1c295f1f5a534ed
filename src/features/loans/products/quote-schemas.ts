import { Type } from 'typebox';
import {
  AmountSchema,
  CurrencySchema,
  closedObject,
  DateSchema,
  SignedAmountSchema,
  typeIdSchema,
} from '#http/schemas.ts';
import { DAY_COUNTS, YEAR_SPLITS } from '#lib/money/day-count.ts';
import { PERCENT_PATTERN, ROUNDINGS } from '#lib/money/fraction.ts';
import { MONTH_ENDS } from '#lib/time/calendar.ts';
import { APR_RULES } from '../schedule/apr.ts';
import { MAX_CHANGES, MAX_EVERY_COUNT, MAX_FEES, MAX_INSTALMENTS } from '../schedule/read-terms.ts';
import { FEE_BASES, FEE_KINDS, INTEREST_PERIODS, METHODS, PERIOD_UNITS } from '../schedule/terms.ts';

export const percent = (description: string, example: string) =>
  Type.String({ description, pattern: PERCENT_PATTERN, examples: [example] });

const EverySchema = closedObject(
  {
    count: Type.Integer({ minimum: 1, maximum: MAX_EVERY_COUNT }),
    unit: Type.Enum([...PERIOD_UNITS]),
  },
  { description: 'The time from one instalment to the next; a month if not given.' },
);

const grace = (description: string) => Type.Integer({ description, minimum: 0, maximum: MAX_INSTALMENTS });

const FeeRequest = closedObject(
  {
    kind: Type.Enum([...FEE_KINDS], {
      description: '`origination` is paid on the day of the disbursement, `instalment` with each instalment.',
    }),
    amount: Type.Optional(AmountSchema),
    percent: Type.Optional(percent('In place of an amount.', '1.5')),
    of: Type.Optional(
      Type.Enum([...FEE_BASES], { description: 'What the percentage is of; `principal` if not given.' }),
    ),
  },
  { description: 'One of amount and percent.' },
);

/** What a product says for all its loans, and a loan without one for itself; docs/loans.md explains it. */
export const FixedTermsFields = {
  every: Type.Optional(EverySchema),
  method: Type.Optional(Type.Enum([...METHODS], { description: '`annuity` if not given.' })),
  dayCount: Type.Optional(Type.Enum([...DAY_COUNTS], { description: '`30/360` if not given.' })),
  interestPer: Type.Optional(
    Type.Enum([...INTEREST_PERIODS], {
      description: '`day` (if not given): by the day count. `period`: a month is a twelfth of a year.',
    }),
  ),
  monthEnd: Type.Optional(
    Type.Enum([...MONTH_ENDS], {
      description: 'A day that a month lacks: its last day (`clamp`, if not given), or the 1st of the next.',
    }),
  ),
  rounding: Type.Optional(Type.Enum([...ROUNDINGS], { description: '`half_even` if not given.' })),
  instalmentMultiple: Type.Optional(AmountSchema),
  downPaymentPercent: Type.Optional(percent('Paid back on the day of the disbursement.', '25')),
  oneCentNudge: Type.Optional(
    Type.Boolean({ description: 'Spread what the last instalment of an annuity differs by.' }),
  ),
  yearSplit: Type.Optional(
    Type.Enum([...YEAR_SPLITS], {
      description: 'Where actual/actual divides a period between two years; `isda` if not given.',
    }),
  ),
};

export const QuoteRequest = closedObject({
  productId: Type.Optional(typeIdSchema('loanProduct')),
  amount: AmountSchema,
  currency: CurrencySchema,
  instalments: Type.Integer({ minimum: 1, maximum: MAX_INSTALMENTS }),
  disbursedOn: DateSchema,
  scheduleStartsOn: Type.Optional(DateSchema),
  firstDueOn: Type.Optional(DateSchema),
  annualRatePercent: Type.Optional(percent('Nominal, 0 to 1000. Required without a product.', '12')),
  ...FixedTermsFields,
  gracePrincipal: Type.Optional(grace('First instalments without principal.')),
  graceInterest: Type.Optional(
    grace('First instalments without interest, which falls due with the one after them.'),
  ),
  fees: Type.Optional(Type.Array(FeeRequest, { maxItems: MAX_FEES })),
  rateChanges: Type.Optional(
    Type.Array(closedObject({ from: DateSchema, annualRatePercent: percent('From then on.', '9.5') }), {
      maxItems: MAX_CHANGES,
    }),
  ),
  disbursements: Type.Optional(
    Type.Array(closedObject({ on: DateSchema, amount: AmountSchema }), {
      description:
        'Payments out after the first, on top of `amount`; or all of them, from `disbursedOn` on, whose sum is `amount`.',
      maxItems: MAX_CHANGES,
    }),
  ),
  apr: Type.Optional(Type.Enum([...APR_RULES], { description: 'Whose rule; `eu` if not given.' })),
});

const sums = {
  principal: SignedAmountSchema,
  interest: SignedAmountSchema,
  fees: SignedAmountSchema,
  total: SignedAmountSchema,
};

const rate = (description: string) =>
  Type.String({ description, pattern: '^-?[0-9]+[.][0-9]{4}$', examples: ['12.6825'] });

export const QuoteSchema = Type.Object({
  schedule: Type.Array(
    Type.Object({
      number: Type.Integer({ description: '0 is the origination fee, on the day of the disbursement.' }),
      dueDate: DateSchema,
      ...sums,
      outstanding: SignedAmountSchema,
    }),
  ),
  totals: Type.Object(sums),
  aprPercent: rate('What the loan costs a year with its fees, by the rule asked for.'),
  effectiveAnnualRatePercent: rate('What its interest alone costs a year, compounded.'),
});
