import { type Static, Type } from 'typebox';
import { amount, choice, givenText, list, text, whole } from '#http/fields.ts';
import { described, nullable, requestObject } from '#http/schemas.ts';
import { ROUNDINGS_AND_CUT } from '#lib/money/fraction.ts';
import { UNSIGNED_RATE_PATTERN } from '#lib/money/rate-ppm.ts';
import { FEE_EVENTS, SHORTAGE_RULES } from './fee.ts';
import { FEE_PAYMENT_TYPES } from './payment-types.ts';

/** The price list of a product is a page or two. */
const MAX_FEES = 50;
const MAX_TIERS = 20;
const MAX_WAIVERS = 10;
/** More than one a minute. */
const MAX_FREE = 50_000;

const percent = (description: string, example: string) =>
  Type.String({ description, pattern: UNSIGNED_RATE_PATTERN, examples: [example] });

const FeeRounding = choice(
  'FeeRounding',
  'How a percentage becomes minor units: a half to the even neighbour or up, or everything below one is cut off.',
  ROUNDINGS_AND_CUT,
);

export const FeeEventSchema = choice(
  'FeeEvent',
  'What a fee is for. `card`: money that a hold had set aside is captured. `monthly` falls due on the last day of a month, `yearly` on the day on which the account was opened.',
  FEE_EVENTS,
);

export const FeePaymentTypeSchema = choice(
  'FeePaymentType',
  'A kind of payment: of a withdrawal, how it is paid out; of a transfer, whether to an account of the same owner (`own`) or not (`other`); of an outgoing payment, whether to an IBAN of the country of the payer’s account.',
  FEE_PAYMENT_TYPES,
);

const PriceFields = {
  amount: Type.Optional(amount('A fixed amount; none if not given.')),
  percent: Type.Optional(percent('Percent of what is paid, on top of the amount; none if not given.', '0.5')),
};

const FeeTierSchema = requestObject('FeeTier', 'The price of payments up to an amount.', {
  upTo: Type.Optional(
    nullable(amount('Its upper end, inclusive; null or none is without end. The last tier never has one.')),
  ),
  ...PriceFields,
});

const FeeWaiverSchema = requestObject(
  'FeeWaiver',
  'A condition on which a fee is not charged; one that holds is enough. Each takes one field.',
  {
    lowestBalance: Type.Optional(
      amount('The lowest balance at the end of a day of the period was at least this.'),
    ),
    averageBalance: Type.Optional(
      amount('The average of the balances at the end of its days was at least this.'),
    ),
    salary: Type.Optional(amount('At least this came in from other banks in the period.')),
    ageBelow: Type.Optional(
      whole('The owner is younger than this, in whole years.', 27, { minimum: 1, maximum: 150 }),
    ),
    ageFrom: Type.Optional(
      whole('The owner is this old or older, in whole years.', 65, { minimum: 1, maximum: 150 }),
    ),
    firstMonths: Type.Optional(
      whole('The account is in one of its first months.', 6, { minimum: 1, maximum: 600 }),
    ),
  },
);

const FeeTermsSchema = requestObject(
  'FeeTerms',
  'A fee of a product: what it is for, what it costs, and when it costs nothing.',
  {
    code: text('Its code, once in the terms: what is free in a month is counted by it.', 'atm', {
      minLength: 1,
      maxLength: 30,
    }),
    name: givenText('What customers read.', 'Cash machine fee', 100),
    event: FeeEventSchema,
    paymentTypes: Type.Optional(
      list('For these kinds of payment; for all if not given.', FeePaymentTypeSchema, {
        minItems: 1,
        maxItems: FEE_PAYMENT_TYPES.length,
      }),
    ),
    ...PriceFields,
    tiers: Type.Optional(
      list('Prices by what is paid, ascending, in place of amount and percent.', FeeTierSchema, {
        minItems: 1,
        maxItems: MAX_TIERS,
      }),
    ),
    tierMode: Type.Optional(
      choice(
        'FeeTierMode',
        '`whole` (if not given): the price of the tier that the amount is in. `band`: each tier that it reaches, its percentage on the part within it.',
        ['whole', 'band'],
      ),
    ),
    minimum: Type.Optional(amount('It costs at least this.')),
    maximum: Type.Optional(amount('It costs at most this.')),
    freeAMonth: Type.Optional(
      whole('This many in a calendar month cost nothing; none if not given.', 2, {
        minimum: 0,
        maximum: MAX_FREE,
      }),
    ),
    waivers: Type.Optional(
      list('Conditions on which it is not charged.', FeeWaiverSchema, { maxItems: MAX_WAIVERS }),
    ),
    tax: Type.Optional(
      requestObject('FeeTax', 'A tax on top of the fee, rounded by itself.', {
        name: givenText('What customers read.', 'VAT 19 %', 60),
        percent: percent('Percent of the fee.', '19'),
      }),
    ),
    rounding: Type.Optional(described(FeeRounding, 'How fee and tax are rounded; `half_even` if not given.')),
    whenShort: Type.Optional(
      choice(
        'FeeShortage',
        'Where the account has too little money. `refuse`: what it is for is refused. `queue`: the fee waits until there is enough. `overdraft`: it is charged as far beyond the limit as the terms tolerate, and waits beyond that. If not given: `refuse` for what somebody asks for, `queue` for everything else.',
        SHORTAGE_RULES,
      ),
    ),
  },
);

export const FeesSchema = list('The fees of its accounts.', FeeTermsSchema, { maxItems: MAX_FEES });
export type FeeTermsInput = Static<typeof FeeTermsSchema>;
