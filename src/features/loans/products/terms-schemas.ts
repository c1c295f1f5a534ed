import { Type } from 'typebox';
import { amount, choice, flag, whole } from '#http/fields.ts';
import { requestObject } from '#http/schemas.ts';
import { DAY_COUNTS, YEAR_SPLITS } from '#lib/money/day-count.ts';
import { PERCENT_PATTERN, ROUNDINGS } from '#lib/money/fraction.ts';
import { MONTH_ENDS } from '#lib/time/calendar.ts';
import { MAX_EVERY_COUNT } from '../schedule/read-terms.ts';
import { FEE_BASES, INTEREST_PERIODS, METHODS, PERIOD_UNITS } from '../schedule/terms.ts';

/** A percentage as an exact decimal. */
export const percent = (description: string, example: string) =>
  Type.String({ description, pattern: PERCENT_PATTERN, examples: [example] });

export const PeriodUnit = choice('PeriodUnit', 'The unit of the time between instalments.', PERIOD_UNITS);
export const Method = choice('RepaymentMethod', 'How principal is spread; `annuity` if not given.', METHODS);
export const DayCount = choice(
  'DayCount',
  'How days of interest are counted; `30/360` if not given.',
  DAY_COUNTS,
);

const Every = requestObject(
  'InstalmentPeriod',
  'The time from one instalment to the next; a month if not given.',
  { count: whole('How many units.', 1, { minimum: 1, maximum: MAX_EVERY_COUNT }), unit: PeriodUnit },
);

/** How much a fee is. */
export const feeFields = {
  amount: Type.Optional(amount('A fixed amount. Give this or percent.')),
  percent: Type.Optional(percent('A percentage, in place of an amount.', '1.5')),
  of: Type.Optional(choice('FeeBasis', 'What the percentage is of; `principal` if not given.', FEE_BASES)),
};

/** What a product says for all its loans, and a loan without one for itself; docs/loans.md explains it. */
export const FixedTermsFields = {
  every: Type.Optional(Every),
  method: Type.Optional(Method),
  dayCount: Type.Optional(DayCount),
  interestPer: Type.Optional(
    choice(
      'InterestPer',
      '`day` (if not given): by the day count. `period`: a month is a twelfth of a year.',
      INTEREST_PERIODS,
    ),
  ),
  monthEnd: Type.Optional(
    choice(
      'MonthEnd',
      'A day that a month lacks: its last day (`clamp`, if not given), or the 1st of the next.',
      MONTH_ENDS,
    ),
  ),
  rounding: Type.Optional(
    choice('Rounding', 'How amounts are rounded; `half_even` if not given.', ROUNDINGS),
  ),
  instalmentMultiple: Type.Optional(amount('Round instalments to a multiple of this.')),
  downPaymentPercent: Type.Optional(percent('Paid back on the day of the disbursement.', '25')),
  oneCentNudge: Type.Optional(
    flag('Spread what the last instalment of an annuity differs by; false if not given.'),
  ),
  yearSplit: Type.Optional(
    choice(
      'YearSplit',
      'Where actual/actual divides a period between two years; `isda` if not given.',
      YEAR_SPLITS,
    ),
  ),
};
