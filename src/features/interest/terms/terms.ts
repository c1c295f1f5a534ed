import type { Currency } from '#lib/money/currencies.ts';
import { DAY_COUNTS } from '#lib/money/day-count.ts';
import type { RoundingOrCut } from '#lib/money/fraction.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** How days become a fraction of a year: those of loans, and a year that always has 366 days. */
export const INTEREST_DAY_COUNTS = [...DAY_COUNTS, 'actual/366'] as const;
export type InterestDayCount = (typeof INTEREST_DAY_COUNTS)[number];

/** `day`: by the day count. `period`: a month is a twelfth of a year, a part of it its days over the month's. */
export const INTEREST_PERIODS = ['day', 'period'] as const;

/** `band`: each rate on the part of the balance within its tier. `whole`: one rate on all of it. */
export const TIER_MODES = ['band', 'whole'] as const;

/** Which balance earns: that at the end of each day, the period's lowest, or its average. */
export const BASES = ['end_of_day', 'period_minimum', 'average_daily'] as const;
export const BASIS_PERIODS = ['monthly', 'quarterly', 'yearly'] as const;
export type BasisPeriod = (typeof BASIS_PERIODS)[number];

/**
 * When interest begins to earn interest. `none`: never, it is paid out. `posting`: once it is posted. The others:
 * at the end of their periods too, before it is posted and rounded.
 */
export const COMPOUNDINGS = ['none', 'daily', 'monthly', 'quarterly', 'posting'] as const;
export type Compounding = (typeof COMPOUNDINGS)[number];

export const POSTINGS = ['daily', 'monthly', 'quarterly', 'yearly', 'maturity'] as const;
export type Posting = (typeof POSTINGS)[number];

/** Whether periods end on days of the calendar, or are counted from the day on which an account was opened. */
export const PERIOD_STARTS = ['calendar', 'opening'] as const;

/** What is rounded to the minor unit: the sum that is posted, each day's interest, or each tier's of the period. */
export const ROUNDED_SUMS = ['posting', 'day', 'tier'] as const;

/** A rate from the end of the tier below it up to this balance, inclusive; the last one has no end. */
export type Tier = { readonly upToMinor: bigint | undefined; readonly ratePpm: bigint };

/** Another rate for some days: in place of the tiers', or on top of them. Both dates are inclusive. */
export type Promotion = {
  readonly from: IsoDate;
  readonly until: IsoDate;
  readonly ratePpm?: bigint;
  readonly marginPpm?: bigint;
};

/** A part of the tax on interest: of the interest, or of the part before it. Each is rounded by itself. */
export type TaxPart = {
  readonly name: string;
  readonly ppm: bigint;
  readonly of: 'interest' | 'tax';
  readonly rounding: RoundingOrCut;
};

/** Consistent terms: readInterestTerms makes them, and the arithmetic takes nothing else. Rates are a year's, in ppm. */
export type InterestTerms = {
  readonly currency: Currency;
  /** Ascending, at least one: a single rate is one tier. With a reference rate, these are margins on it. */
  readonly tiers: readonly Tier[];
  readonly tierMode: (typeof TIER_MODES)[number];
  readonly reference: { readonly code: string; readonly marginPpm: bigint } | undefined;
  readonly promotions: readonly Promotion[];
  readonly dayCount: InterestDayCount;
  readonly interestPer: (typeof INTEREST_PERIODS)[number];
  readonly basis: (typeof BASES)[number];
  /** The period whose lowest or average balance earns; the compounding's or the posting's if not given. */
  readonly basisPeriod: BasisPeriod | undefined;
  /** The day of the month from which balances can be the lowest. */
  readonly minimumFromDay: number;
  /** A smaller balance earns nothing. */
  readonly minimumBalanceMinor: bigint;
  readonly compounding: Compounding;
  readonly posting: Posting;
  /** A deposit that pays at its maturity counts from its opening. */
  readonly periodsFrom: (typeof PERIOD_STARTS)[number];
  /** The last day of a posting period: a day of the month (its last, where it is shorter), and of which month. */
  readonly postingDay: number;
  readonly postingMonth: number;
  readonly rounding: RoundingOrCut;
  readonly roundedPer: (typeof ROUNDED_SUMS)[number];
  readonly tax: readonly TaxPart[];
  /** Without it, a negative balance costs nothing. */
  readonly overdraft: { readonly arrangedPpm: bigint; readonly unarrangedPpm: bigint } | undefined;
};

/** Terms that apply from a date. */
export type DatedTerms = { readonly from: IsoDate; readonly terms: InterestTerms };

/** A reference rate from a date on. */
export type DatedRate = { readonly from: IsoDate; readonly ratePpm: bigint };
