import type { Context } from '#db/context.ts';
import { type PeriodRates, ratesInPeriod, yieldEarned } from '#features/accrual/contract.ts';
import { annualOfRate, percentText } from '#features/interest/contract.ts';
import type { AccountId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { formatAmount } from '#lib/money/money.ts';
import { formatRatePpm } from '#lib/money/rate-ppm.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** As laws round annual rates: to the nearest hundredth. */
const DECIMALS = 2;

export type StatementTierView = {
  upTo: string | null;
  rate: string;
  aerPercent: string | null;
  apyPercent: string | null;
};

export type StatementOverdraftView = {
  arrangedRate: string;
  arrangedEarPercent: string | null;
  unarrangedRate: string;
  unarrangedEarPercent: string | null;
};

export type StatementRatesView = {
  from: string;
  to: string;
  tierMode: 'band' | 'whole';
  tiers: StatementTierView[];
  overdraft: StatementOverdraftView | null;
};

/** What a statement says of interest, besides its lines. */
export type StatementInterestView = {
  annualRate: 'aer' | 'apy';
  rates: StatementRatesView[];
  yieldEarned: { from: string; to: string; apyEarnedPercent: string } | null;
};

/** Lines of an account, in a period. Both dates are included; from the first day of the account if not given. */
type StatedPeriod = {
  readonly accountId: AccountId;
  readonly currency: Currency;
  readonly country: string;
  readonly from: IsoDate | undefined;
  readonly to: IsoDate;
  readonly seqBefore: bigint;
  readonly lastSeq: bigint;
  readonly closingMinor: bigint;
};

/**
 * The rates in force in a period, with their annual rates, and what interest that was posted in it came to in a year. It
 * is not kept: it follows from terms, reference rates and lines, which never change.
 */
export async function statementInterest(
  { db, bookId }: Pick<Context, 'db' | 'bookId'>,
  stated: StatedPeriod,
): Promise<StatementInterestView> {
  const { accountId, currency } = stated;
  const annualRate = annualRateOf(stated.country);
  const rates = await ratesInPeriod(db, bookId, accountId, stated);
  const earned = annualRate === 'apy' ? await yieldEarned(db, bookId, stated) : undefined;
  return {
    annualRate,
    rates: joined(rates.map((stretch) => ratesView(stretch, currency))),
    yieldEarned:
      earned === undefined
        ? null
        : { from: earned.from, to: earned.to, apyEarnedPercent: percentText(earned.apyEarned, DECIMALS) },
  };
}

/** Regulation DD has American banks show a yield by its own formula. */
function annualRateOf(country: string): StatementInterestView['annualRate'] {
  return country === 'US' ? 'apy' : 'aer';
}

function ratesView(
  { from, to, terms, tiers, termDays }: PeriodRates,
  currency: Currency,
): StatementRatesView {
  const of = (ratePpm: bigint) => annualOfRate(terms, ratePpm, termDays);
  const percent = (ratio: bigint | undefined): string | null =>
    ratio === undefined ? null : percentText(ratio, DECIMALS);
  const { overdraft, tierMode } = terms;
  return {
    from,
    to,
    tierMode,
    tiers: tiers.map(({ upToMinor, ratePpm }) => ({
      upTo: upToMinor === undefined ? null : formatAmount(upToMinor, currency),
      rate: formatRatePpm(ratePpm),
      aerPercent: percent(of(ratePpm)?.aer),
      apyPercent: percent(of(ratePpm)?.apy),
    })),
    overdraft:
      overdraft === undefined
        ? null
        : {
            arrangedRate: formatRatePpm(overdraft.arrangedPpm),
            arrangedEarPercent: percent(of(overdraft.arrangedPpm)?.ear),
            unarrangedRate: formatRatePpm(overdraft.unarrangedPpm),
            unarrangedEarPercent: percent(of(overdraft.unarrangedPpm)?.ear),
          },
  };
}

/** Stretches that follow each other and say the same, as one: other terms may have changed between them. */
function joined(stretches: readonly StatementRatesView[]): StatementRatesView[] {
  const all: StatementRatesView[] = [];
  for (const next of stretches) {
    const last = all.at(-1);
    if (last !== undefined && saysTheSame(last, next)) last.to = next.to;
    else all.push(next);
  }
  return all;
}

function saysTheSame(one: StatementRatesView, other: StatementRatesView): boolean {
  const said = ({ from: _from, to: _to, ...rest }: StatementRatesView): string => JSON.stringify(rest);
  return said(one) === said(other);
}
