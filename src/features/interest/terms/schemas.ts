import { type Static, Type } from 'typebox';
import { amount, choice, date, givenText, list, whole } from '#http/fields.ts';
import { described, nullable, requestObject } from '#http/schemas.ts';
import { ROUNDINGS_AND_CUT } from '#lib/money/fraction.ts';
import { RATE_PATTERN, UNSIGNED_RATE_PATTERN } from '#lib/money/rate-ppm.ts';
import {
  BASES,
  BASIS_PERIODS,
  COMPOUNDINGS,
  INTEREST_DAY_COUNTS,
  INTEREST_PERIODS,
  PERIOD_STARTS,
  POSTINGS,
  ROUNDED_SUMS,
  TIER_MODES,
} from './terms.ts';

/** More than any bank's price list has. Each is a multiplication a day. */
const MAX_TIERS = 20;
/** A campaign a quarter for eight years. */
const MAX_PROMOTIONS = 32;
/** Germany withholds three: tax, surcharge and church tax. */
const MAX_TAX_PARTS = 5;

/** A rate in percent a year, which may be below zero. */
export const rate = (description: string, example: string) =>
  Type.String({ description, pattern: RATE_PATTERN, examples: [example] });
const percent = (description: string, example: string) =>
  Type.String({ description, pattern: UNSIGNED_RATE_PATTERN, examples: [example] });

const RoundingRule = choice(
  'InterestRounding',
  'How a sum becomes minor units: a half to the even neighbour or up, or everything below one is cut off.',
  ROUNDINGS_AND_CUT,
);

const TierSchema = requestObject('InterestTier', 'A tier of balances with its rate.', {
  upTo: Type.Optional(
    nullable(amount('Its upper end, inclusive; null or none is without end. The last tier never has one.')),
  ),
  rate: rate('Percent a year; with a reference rate, on top of it.', '1.25'),
});

const PromotionSchema = requestObject('InterestPromotion', 'Another rate for some days: rate or margin.', {
  from: date('The first day of it.'),
  until: date('The last day of it.'),
  rate: Type.Optional(rate('Percent a year on the whole balance, in place of the others.', '3')),
  margin: Type.Optional(rate('Percent a year on top of the others.', '0.5')),
});

const TaxPartSchema = requestObject(
  'InterestTax',
  'A part of the tax that is withheld: percent of the interest, or percentOfTax of the part before it.',
  {
    name: givenText('What it is called.', 'Withholding tax', 60),
    percent: Type.Optional(percent('Percent of the interest that is posted.', '25')),
    percentOfTax: Type.Optional(percent('Percent of the last part that is of the interest.', '5.5')),
    rounding: Type.Optional(
      described(RoundingRule, 'How it is rounded, by itself; `half_even` if not given.'),
    ),
  },
);

/** The terms of interest, as fields of a product or of a request; docs/interest.md explains them. */
export const InterestTermsFields = {
  rate: Type.Optional(rate('Percent a year on the whole balance. Give this, tiers or reference.', '1.5')),
  tiers: Type.Optional(
    list('Rates by balance, ascending.', TierSchema, { minItems: 1, maxItems: MAX_TIERS }),
  ),
  tierMode: Type.Optional(
    choice(
      'TierMode',
      '`band` (if not given): each rate on the part within its tier. `whole`: one rate on the whole balance.',
      TIER_MODES,
    ),
  ),
  reference: Type.Optional(
    requestObject('InterestReference', 'A reference rate that the bank keeps by date, and a margin.', {
      code: givenText('The code of the reference rate.', 'EURIBOR-3M', 30),
      margin: rate('Percent a year on top of it.', '-0.25'),
    }),
  ),
  promotions: Type.Optional(
    list('Other rates for some days.', PromotionSchema, { maxItems: MAX_PROMOTIONS }),
  ),
  dayCount: Type.Optional(
    choice(
      'InterestDayCount',
      'How days become a part of a year; `actual/365` if not given.',
      INTEREST_DAY_COUNTS,
    ),
  ),
  interestPer: Type.Optional(
    choice(
      'InterestPeriod',
      '`day` (if not given): by the day count. `period`: a month is a twelfth of a year, a part of it its days over the month’s.',
      INTEREST_PERIODS,
    ),
  ),
  basis: Type.Optional(
    choice(
      'InterestBasis',
      'Which balance earns: that at the end of each day (if not given), the lowest of the period, or its average.',
      BASES,
    ),
  ),
  basisPeriod: Type.Optional(
    choice(
      'InterestBasisPeriod',
      'The period whose lowest or average balance earns; that of compounding or else of posting if not given.',
      BASIS_PERIODS,
    ),
  ),
  minimumFromDay: Type.Optional(
    whole('The day of the month from which a balance can be the lowest; 1 if not given.', 5, {
      minimum: 1,
      maximum: 28,
    }),
  ),
  minimumBalance: Type.Optional(amount('A smaller balance earns nothing.')),
  compounding: Type.Optional(
    choice(
      'InterestCompounding',
      'When interest begins to earn interest: once it is posted (if not given), at the end of each day, month or quarter too, or never, because it is paid out.',
      COMPOUNDINGS,
    ),
  ),
  posting: Type.Optional(
    choice('InterestPosting', 'When interest is posted; `monthly` if not given.', POSTINGS),
  ),
  periodsFrom: Type.Optional(
    choice(
      'InterestPeriodsFrom',
      'Where periods begin: with days of the `calendar` (if not given), or counted from the `opening` of the account, as they always are where interest is posted at the maturity.',
      PERIOD_STARTS,
    ),
  ),
  postingDay: Type.Optional(
    whole('The last day of a posting period, in its month; the month’s last if not given.', 31, {
      minimum: 1,
      maximum: 31,
    }),
  ),
  postingMonth: Type.Optional(
    whole('The month in which a year or a quarter of posting ends; 12 if not given.', 12, {
      minimum: 1,
      maximum: 12,
    }),
  ),
  rounding: Type.Optional(
    described(RoundingRule, 'How what is posted is rounded; `half_even` if not given.'),
  ),
  roundedPer: Type.Optional(
    choice(
      'InterestRoundedSum',
      'What is rounded: the sum that is posted (if not given), the interest of each day, or that of each tier in the posting period.',
      ROUNDED_SUMS,
    ),
  ),
  tax: Type.Optional(
    list('Taxes that are withheld from posted interest.', TaxPartSchema, { maxItems: MAX_TAX_PARTS }),
  ),
  overdraft: Type.Optional(
    requestObject('InterestOverdraft', 'What a balance below zero costs. Without it, it costs nothing.', {
      arrangedRate: percent('Percent a year, up to the arranged limit.', '9.9'),
      unarrangedRate: percent('Percent a year, beyond it.', '14.9'),
    }),
  ),
};

export const InterestTermsSchema = requestObject(
  'InterestTerms',
  'How balances earn interest: at a rate, at rates by tier, or at a margin on a reference rate.',
  InterestTermsFields,
);
export type InterestTermsInput = Static<typeof InterestTermsSchema>;
