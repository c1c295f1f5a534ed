import { addFractions, type Fraction, ZERO } from '#lib/money/fraction.ts';
import { FIXED_ONE, type Fixed, ofFixed, powerOf, toFixed } from '#lib/money/powers.ts';
import { daysBetween } from '#lib/time/calendar.ts';
import { addDays, type IsoDate } from '#lib/time/dates.ts';
import { ratedParts } from '../accrual/yearly.ts';
import type { RatesByDate } from '../terms/day-rates.ts';
import type { InterestTerms, Posting } from '../terms/terms.ts';
import { growthInSteps, type RateStep } from './annual-rates.ts';

/** What terms yield in a year, as ratios. */
export type AnnualRates = {
  /** The annual equivalent rate: (1 + r/n)ⁿ - 1, where n is how often interest is added or paid out in a year. */
  readonly aer: Fixed;
  /** The annual percentage yield of Regulation DD: by the day count, for a year of 365 days. */
  readonly apy: Fixed;
};

const TIMES_A_YEAR: Readonly<Record<Exclude<Posting, 'maturity'>, bigint>> = {
  daily: 365n,
  monthly: 12n,
  quarterly: 4n,
  yearly: 1n,
};
const YEAR_DAYS = 365;

/**
 * The annual rates of a balance above zero that stays a year from a date, with the rates that are known on each of its
 * days. What tiers earn compounds in them. `termDays` are those of a deposit with a maturity. Undefined for a balance
 * that earns nothing by these terms, or loses more than it is.
 */
export function annualRatesOf(
  rates: RatesByDate,
  from: IsoDate,
  balanceMinor: bigint,
  termDays: number,
): AnnualRates | undefined {
  const { terms } = rates.on(from);
  if (balanceMinor <= 0n || balanceMinor < terms.minimumBalanceMinor) return undefined;
  const days = terms.posting === 'maturity' ? termDays : YEAR_DAYS;
  const tiers = stepsByTier(rates, from, balanceMinor, days);
  const aer = yieldOf(tiers, balanceMinor, timesAYear(terms, true), days);
  const counted = tiers.map(({ amountMinor, steps }) => ({
    amountMinor,
    steps: steps.map((step) => ({ ...step, nominal: byDayCount(step.nominal, terms) })),
  }));
  const apy = yieldOf(counted, balanceMinor, timesAYear(terms, false), days);
  return aer === undefined || apy === undefined ? undefined : { aer, apy };
}

/** What one rate comes to in a year, as ratios. */
export type AnnualOfRate = AnnualRates & {
  /** The effective annual rate of an overdraft: as the annual equivalent rate, by the day count. */
  readonly ear: Fixed;
};

/**
 * The annual rates of one rate of the terms, as if it stayed: that of a tier, or of an overdraft. `termDays` are those of
 * a deposit with a maturity. Undefined for a rate that takes all there is.
 */
export function annualOfRate(
  terms: InterestTerms,
  ratePpm: bigint,
  termDays: number,
): AnnualOfRate | undefined {
  const days = terms.posting === 'maturity' ? termDays : YEAR_DAYS;
  const nominal = { numerator: ratePpm, denominator: 1_000_000n };
  const counted = byDayCount(nominal, terms);
  const inYear = (rate: Fraction, timesAYearOrNever: bigint | undefined): Fixed | undefined => {
    const steps = [{ days: BigInt(days), nominal: rate }];
    return yieldOf([{ amountMinor: 1n, steps }], 1n, timesAYearOrNever, days);
  };
  const aer = inYear(nominal, timesAYear(terms, true));
  const apy = inYear(counted, timesAYear(terms, false));
  const ear = inYear(counted, timesAYear(terms, true));
  return aer === undefined || apy === undefined || ear === undefined ? undefined : { aer, apy, ear };
}

type TierSteps = { readonly amountMinor: bigint; readonly steps: readonly RateStep[] };

function stepsByTier(rates: RatesByDate, from: IsoDate, balanceMinor: bigint, days: number): TierSteps[] {
  const last = addDays(from, days - 1);
  const tiers = ratedParts(rates.on(from), balanceMinor, 1n).map(({ amount }) => ({
    amountMinor: amount,
    steps: [] as RateStep[],
  }));
  let day = from;
  // At most a step for each day.
  while (day <= last) {
    const until = rates.until(day);
    const end = until !== undefined && until < last ? until : last;
    const parts = ratedParts(rates.on(day), balanceMinor, 1n);
    for (const [index, { steps }] of tiers.entries()) {
      const ratePpm = (parts[index] ?? parts.at(-1))?.ratePpm ?? 0n;
      const nominal = { numerator: ratePpm, denominator: 1_000_000n };
      steps.push({ days: BigInt(daysBetween(day, end) + 1), nominal });
    }
    day = addDays(end, 1);
  }
  return tiers;
}

/** How often interest is added in a year; undefined for never, or not before the maturity. */
function timesAYear({ compounding, posting }: InterestTerms, countsPaidOut: boolean): bigint | undefined {
  const posted = posting === 'maturity' ? undefined : TIMES_A_YEAR[posting];
  if (compounding === 'none') return countsPaidOut ? posted : undefined;
  if (compounding === 'posting') return posted;
  const within = TIMES_A_YEAR[compounding];
  return posted !== undefined && posted > within ? posted : within;
}

/** The nominal rate of a year of 365 days. */
function byDayCount(nominal: Fraction, { dayCount, interestPer }: InterestTerms): Fraction {
  if (interestPer === 'period') return nominal;
  const ofYear = dayCount === 'actual/360' ? 360n : dayCount === 'actual/366' ? 366n : 365n;
  return { numerator: nominal.numerator * 365n, denominator: nominal.denominator * ofYear };
}

function yieldOf(
  tiers: readonly TierSteps[],
  balanceMinor: bigint,
  timesAYearOrNever: bigint | undefined,
  days: number,
): Fixed | undefined {
  let earned: Fixed = 0n;
  for (const { amountMinor, steps } of tiers) {
    const growth =
      timesAYearOrNever === undefined ? simpleGrowth(steps) : compoundGrowth(steps, timesAYearOrNever);
    if (growth === undefined) return undefined;
    earned += (growth - FIXED_ONE) * amountMinor;
  }
  const growth = FIXED_ONE + earned / balanceMinor;
  if (growth <= 0n) return undefined;
  if (days === YEAR_DAYS) return growth - FIXED_ONE;
  return powerOf(ofFixed(growth), { numerator: 365n, denominator: BigInt(days) }) - FIXED_ONE;
}

function simpleGrowth(steps: readonly RateStep[]): Fixed {
  const interest = steps.reduce<Fraction>(
    (sum, { days, nominal }) =>
      addFractions(sum, { numerator: nominal.numerator * days, denominator: nominal.denominator * 365n }),
    ZERO,
  );
  return FIXED_ONE + toFixed(interest);
}

function compoundGrowth(steps: readonly RateStep[], timesAYearGiven: bigint): Fixed | undefined {
  const isLost = steps.some(({ nominal }) => nominal.numerator <= -nominal.denominator * timesAYearGiven);
  return isLost ? undefined : growthInSteps(steps, timesAYearGiven);
}
