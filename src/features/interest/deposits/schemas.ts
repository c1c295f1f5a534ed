import { type Static, Type } from 'typebox';
import { amount, choice, flag, list, whole } from '#http/fields.ts';
import { nullable, requestObject } from '#http/schemas.ts';
import { UNSIGNED_RATE_PATTERN } from '#lib/money/rate-ppm.ts';
import { CLOSURE_RATES, MATURITY_DAYS, TERM_UNITS } from './deposit-terms.ts';

/** Twenty terms by ten amounts. */
const MAX_CHART_ROWS = 200;
/** A hundred years of days: longer than any deposit. */
const MAX_TERM_COUNT = 36_500;

const percent = (description: string, example: string) =>
  Type.String({ description, pattern: UNSIGNED_RATE_PATTERN, examples: [example] });
const count = (description: string, example: number, minimum = 1) =>
  whole(description, example, { minimum, maximum: MAX_TERM_COUNT });

const TermUnit = choice('TermUnit', 'What a term is counted in.', TERM_UNITS);

/** A term, as two fields of a request or an answer. */
export const TermSchema = requestObject('DepositTerm', 'How long a deposit is held.', {
  unit: TermUnit,
  count: count('How many of them.', 12),
});

const ChartRowSchema = requestObject(
  'DepositRate',
  'A rate for terms and amounts. The first row that has both counts, by ascending amounts.',
  {
    unit: TermUnit,
    from: count('The shortest term, inclusive.', 12),
    to: Type.Optional(count('The longest term, inclusive; without end if not given.', 24)),
    upTo: Type.Optional(nullable(amount('The highest amount, inclusive; null or none is without end.'))),
    rate: percent('Percent a year.', '3.25'),
  },
);

const ClosureSchema = requestObject(
  'EarlyClosureTerms',
  'What closing a deposit before its maturity costs. Interest is counted again from the first day.',
  {
    rate: Type.Optional(
      choice(
        'ClosureRate',
        'Which rate counts: that of the contract (`booked`, if not given), that which the term held had on the chart when the deposit was made (`held_term`), or the lower of the two.',
        CLOSURE_RATES,
      ),
    ),
    penaltyRate: Type.Optional(
      percent('Percent a year taken off that rate; the rest is not below zero.', '1'),
    ),
    lostDays: Type.Optional(
      whole('Days of simple interest at the contract’s rate that are lost, earned or not.', 90, {
        minimum: 0,
        maximum: 3_660,
      }),
    ),
    forfeitedPercent: Type.Optional(percent('Percent of the interest that is forfeited.', '50')),
    reachesPrincipal: Type.Optional(
      flag('Whether lost days, and interest that was paid out before, may come out of the principal.'),
    ),
  },
);

const InstalmentTermsSchema = requestObject(
  'InstalmentTerms',
  'What a product of recurring deposits says of instalments, and of those that are missed.',
  {
    graceDays: Type.Optional(
      whole('Days after its due date on which an instalment is still collected; none if not given.', 5, {
        minimum: 0,
        maximum: 366,
      }),
    ),
    missedFee: Type.Optional(amount('What the deposit pays for each missed instalment.')),
    missedRateCut: Type.Optional(
      percent('Percent a year taken off the rate for each missed instalment, from that day on.', '0.25'),
    ),
    postponesMaturity: Type.Optional(
      flag('Whether a missed instalment is collected after the last one, and the maturity moves with it.'),
    ),
    closedAfterMissed: Type.Optional(
      whole('Closed by the terms of closing early once as many were missed; never if not given.', 3, {
        minimum: 1,
        maximum: 1_200,
      }),
    ),
  },
);

/** What a product of deposits says beside its interest; docs/deposits.md explains it. */
export const DepositTermsSchema = requestObject(
  'DepositTerms',
  'The terms of deposits that are made on a product.',
  {
    rates: list('The rate chart: amounts by terms.', ChartRowSchema, {
      minItems: 1,
      maxItems: MAX_CHART_ROWS,
    }),
    minimumAmount: Type.Optional(amount('The smallest deposit, or instalment.')),
    maximumAmount: Type.Optional(amount('The largest deposit, or instalment.')),
    earlyClosure: Type.Optional(ClosureSchema),
    maturityDay: Type.Optional(
      choice(
        'MaturityDay',
        'When a deposit that would mature on a day without business does: on the next business day (if not given), on the last, or on that day all the same.',
        MATURITY_DAYS,
      ),
    ),
    noticeDays: Type.Optional(
      whole('How many days before its maturity the bank tells the customer of it.', 14, {
        minimum: 0,
        maximum: 366,
      }),
    ),
    instalments: Type.Optional(InstalmentTermsSchema),
  },
);
export type DepositTermsInput = Static<typeof DepositTermsSchema>;
