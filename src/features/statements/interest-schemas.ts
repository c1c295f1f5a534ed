import { choice, date, list, signedAmount, text } from '#http/fields.ts';
import { nullable, resource } from '#http/schemas.ts';

const rate = (description: string, example: string) => text(description, example);
const annual = (description: string) => nullable(text(description, '1.51'));

const TierSchema = resource('StatementTier', 'A rate of interest, and what it comes to in a year.', {
  upTo: nullable(signedAmount('The balance up to which it is paid; null for no end.')),
  rate: rate('Percent a year.', '1.5'),
  aerPercent: annual('The annual equivalent rate; null for a rate that takes all there is.'),
  apyPercent: annual(
    'The annual percentage yield of Regulation DD; null for a rate that takes all there is.',
  ),
});

const OverdraftSchema = resource('StatementOverdraft', 'What an overdraft costs.', {
  arrangedRate: rate('Percent a year, within the limit.', '9.9'),
  arrangedEarPercent: annual('The effective annual rate of the same.'),
  unarrangedRate: rate('Percent a year, beyond the limit.', '14.9'),
  unarrangedEarPercent: annual('The effective annual rate of the same.'),
});

const RatesSchema = resource('StatementRates', 'The rates of some days.', {
  from: date('The first of these days.'),
  to: date('The last of these days.'),
  tierMode: choice('StatementTierMode', 'Whether a rate is paid on the part of its tier, or on all.', [
    'band',
    'whole',
  ]),
  tiers: list('The rates, by balance.', TierSchema),
  overdraft: nullable(OverdraftSchema),
});

const YieldEarnedSchema = resource('StatementYieldEarned', 'What interest that was posted came to.', {
  from: date('The first day that the interest is for.'),
  to: date('The last day that the interest is for.'),
  apyEarnedPercent: text('The annual percentage yield earned (12 CFR 1030.6).', '1.52'),
});

/** What a statement says of interest, besides its lines. */
export const StatementInterestSchema = resource(
  'StatementInterest',
  'The rates that were in force, and what they come to in a year.',
  {
    annualRate: choice(
      'StatementAnnualRate',
      'Which annual rate the bank of this country shows: `apy` in the United States, `aer` elsewhere.',
      ['aer', 'apy'],
    ),
    rates: list('By date; none for an account without interest.', RatesSchema),
    yieldEarned: nullable(YieldEarnedSchema),
  },
);
