import { type Static, Type } from 'typebox';
import {
  amount,
  choice,
  currency,
  date,
  flag,
  givenText,
  list,
  signedAmount,
  text,
  whole,
} from '#http/fields.ts';
import { nullable, requestObject, resource } from '#http/schemas.ts';
import { InterestTermsFields, rate } from '../terms/schemas.ts';

/** A balance a day for almost three years. Each costs a segment. */
const MAX_BALANCES = 1_000;
/** As many changes of reference rates as a central bank makes in decades. */
const MAX_REFERENCE_RATES = 200;

/** An amount in a request that may be below zero. */
const signed = (description: string) =>
  Type.String({
    description,
    pattern: '^-?(0|[1-9][0-9]*)([.][0-9]+)?$',
    examples: ['1000.00'],
  });

export const QuoteInterestRequest = requestObject(
  'QuoteInterestRequest',
  'Balances, and the terms by which they earn.',
  {
    product: Type.Optional(
      givenText('The code of a product whose terms apply, in place of terms here.', 'savings', 60),
    ),
    currency: currency('The currency of the amounts.'),
    ...InterestTermsFields,
    balances: list(
      'Balances at the end of days, ascending by date, without the interest that is quoted.',
      requestObject('InterestBalance', 'A balance from a day on.', {
        from: date('The first day at whose end it is the balance.'),
        amount: signed('The balance.'),
      }),
      { minItems: 1, maxItems: MAX_BALANCES },
    ),
    from: date('The first day whose balance counts.'),
    to: date('The last day whose balance counts: the day before a deposit is paid out.'),
    openedOn: Type.Optional(
      date(
        'When the account was opened: which version of a product it has, and where periods from the opening begin; `from` if not given.',
      ),
    ),
    closing: Type.Optional(
      flag(
        'Whether the account is closed after the last day, so that what accrued is posted; false if not given.',
      ),
    ),
    overdraftLimit: Type.Optional(amount('The arranged overdraft; none if not given.')),
    referenceRates: Type.Optional(
      list(
        'Values of the reference rate of the terms, by date.',
        requestObject('ReferenceRateValue', 'A reference rate from a day on.', {
          code: givenText('Its code.', 'EURIBOR-3M', 30),
          from: date('The first day on which it is that.'),
          rate: rate('Percent a year.', '2.1'),
        }),
        { maxItems: MAX_REFERENCE_RATES },
      ),
    ),
    taxExempt: Type.Optional(amount('How much of the interest bears no tax; none if not given.')),
  },
);
export type QuoteInterestInput = Static<typeof QuoteInterestRequest>;

const exact = (description: string, example: string) =>
  Type.String({ description, pattern: '^-?(0|[1-9][0-9]*)([.][0-9]+)?$', examples: [example] });

export const SegmentSchema = resource(
  'InterestSegment',
  'Days of one balance and one set of rates: what a person can check with a calculator.',
  {
    from: date('The first day.'),
    to: date('The last day.'),
    kind: choice(
      'InterestSegmentKind',
      'What is borne: interest on a balance above zero, interest on an overdraft, or none.',
      ['credit', 'overdraft', 'none'],
    ),
    balance: exact('The balance that counts; an average has more decimals.', '1000.00'),
    compounded: exact('Interest that was added to it before it was posted, and earns too.', '0.00'),
    rate: nullable(text('Percent a year; null for several.', '2.5')),
    days: nullable(whole('Days by the day count; null where months count.', 31)),
    daysOfYear: nullable(whole('Of how many in the year.', 365)),
    amount: exact(
      'The exact interest, up to ten decimals of the minor unit; below zero, it is charged.',
      '2.123287671233',
    ),
    formula: text(
      'The same as a sum to check by hand, or why it is nothing.',
      '1000.00 × 2.5 % × 31/365 = 2.123287671233',
    ),
    parts: list(
      'It by rate, where parts of the balance have different ones.',
      resource('InterestSegmentPart', 'What a part of the balance earned at one rate.', {
        balance: exact('The part of the balance.', '1000.00'),
        rate: text('Percent a year.', '2.5'),
        amount: exact('Its exact interest.', '2.123287671233'),
      }),
    ),
  },
);

export const TaxSchema = resource('InterestTaxAmount', 'A part of the tax.', {
  name: text('What it is called.', 'Withholding tax'),
  amount: signedAmount('How much it is.'),
});

const sums = {
  creditInterest: signedAmount('Interest on balances above zero; below zero where the rate is.'),
  debitInterest: signedAmount('Interest on the overdraft, which is charged by itself.'),
};

const overdraftParts = {
  arrangedInterest: signedAmount('Of the debit interest, what the arranged overdraft costs.'),
  unarrangedInterest: signedAmount('Of the debit interest, what is beyond it.'),
};

/** What has accrued, before it is rounded. */
export const ExactInterest = {
  exactCreditInterest: exact('The credit interest before it is rounded.', '2.739726027397'),
  exactDebitInterest: exact('The debit interest before it is rounded.', '0.07'),
  exactArrangedInterest: exact('Of it, what the arranged overdraft costs.', '0.054246575342'),
  exactUnarrangedInterest: exact('Of it, what is beyond it.', '0.015753424658'),
};

const PostingSchema = resource('QuotedInterestPosting', 'Interest that is posted.', {
  from: date('The first day of its period.'),
  on: date('The last day of its period. It is part of later balances.'),
  ...sums,
  ...overdraftParts,
  tax: signedAmount('The tax that is withheld.'),
  taxes: list('The tax by its parts.', TaxSchema),
  net: signedAmount('What the account gains; below zero, loses.'),
});

const percentText = (description: string) =>
  nullable(Type.String({ description, pattern: '^-?[0-9]+[.][0-9]{2}$', examples: ['2.53'] }));

export const InterestQuoteSchema = resource('InterestQuote', 'What balances earn, and why.', {
  currency: currency('The currency of the amounts.'),
  segments: list('Where the interest comes from, by date.', SegmentSchema),
  postings: list('What is posted, by date.', PostingSchema),
  accrued: resource('AccruedInterest', 'What has accrued since the last posting, and is not posted.', {
    ...sums,
    ...ExactInterest,
  }),
  tax: list('The taxes of all postings, by their parts.', TaxSchema),
  totals: resource('InterestTotals', 'Sums of the postings.', {
    ...sums,
    ...overdraftParts,
    tax: signedAmount('The tax that is withheld.'),
    net: signedAmount('What the account gains; below zero, loses.'),
  }),
  aerPercent: percentText(
    'The annual equivalent rate of the balance on the first day, as if it stayed a year; null if it earns nothing.',
  ),
  apyPercent: percentText(
    'The annual percentage yield of the balance on the first day, by Regulation DD; null if it earns nothing.',
  ),
  apyEarnedPercent: percentText(
    'The yield of what was posted, on the average balance of these days; null without one above zero.',
  ),
});
export type InterestQuoteView = Static<typeof InterestQuoteSchema>;
