import type { StatementInterestView, StatementRatesView, StatementTierView } from './interest.ts';

/** A sentence about interest, and the days that it is about. */
export type InterestText = {
  readonly kind: 'interest_rate' | 'overdraft_rate' | 'yield_earned';
  readonly from: string;
  readonly to: string;
  readonly text: string;
};

/** What a statement says of interest, in sentences: one for each rate and its days. */
export function interestTexts({ annualRate, rates, yieldEarned }: StatementInterestView): InterestText[] {
  const texts = rates.flatMap((stretch) => ratesTexts(stretch, annualRate));
  if (yieldEarned === null) return texts;
  const { from, to, apyEarnedPercent } = yieldEarned;
  const text = `Annual percentage yield earned: ${apyEarnedPercent} %`;
  return [...texts, { kind: 'yield_earned', from, to, text }];
}

function ratesTexts(
  { from, to, tiers, tierMode, overdraft }: StatementRatesView,
  annualRate: StatementInterestView['annualRate'],
): InterestText[] {
  const credit = tiers.map((tier, index): InterestText => {
    const which = tierText(tiers, index, tierMode);
    return { kind: 'interest_rate', from, to, text: `Interest rate${which}: ${yearly(tier, annualRate)}` };
  });
  if (overdraft === null) return credit;
  const { arrangedRate, arrangedEarPercent, unarrangedRate, unarrangedEarPercent } = overdraft;
  const arranged = withAnnual(arrangedRate, 'EAR', arrangedEarPercent);
  const unarranged = withAnnual(unarrangedRate, 'EAR', unarrangedEarPercent);
  return [
    ...credit,
    { kind: 'overdraft_rate', from, to, text: `Overdraft rate: ${arranged}` },
    { kind: 'overdraft_rate', from, to, text: `Overdraft rate beyond the limit: ${unarranged}` },
  ];
}

/** Which balances a tier is about: nothing of the only one. */
function tierText(
  tiers: readonly StatementTierView[],
  index: number,
  tierMode: StatementRatesView['tierMode'],
): string {
  if (tiers.length === 1) return '';
  const below = tiers[index - 1]?.upTo ?? null;
  const upTo = tiers[index]?.upTo ?? null;
  const what = tierMode === 'band' ? 'the part' : 'a balance';
  if (below === null) return upTo === null ? '' : ` of ${what} up to ${upTo}`;
  return upTo === null ? ` of ${what} above ${below}` : ` of ${what} above ${below} and up to ${upTo}`;
}

function yearly(
  { rate, aerPercent, apyPercent }: StatementTierView,
  annualRate: StatementInterestView['annualRate'],
): string {
  return annualRate === 'apy' ? withAnnual(rate, 'APY', apyPercent) : withAnnual(rate, 'AER', aerPercent);
}

function withAnnual(rate: string, name: string, annual: string | null): string {
  return annual === null ? `${rate} % a year` : `${rate} % a year (${name} ${annual} %)`;
}
