import type { Currency } from '#lib/money/currencies.ts';
import type { DayCount, YearSplit } from '#lib/money/day-count.ts';
import type { Fraction, Rounding } from '#lib/money/fraction.ts';
import type { MonthEnd } from '#lib/time/calendar.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/**
 * How principal is repaid. `annuity`: equal instalments. `equal_principal`: equal parts of the principal, with interest
 * on the outstanding balance. `flat`: the same, with interest on the whole amount until the end. `bullet`: interest
 * only, and the principal with the last instalment.
 */
export const METHODS = ['annuity', 'equal_principal', 'flat', 'bullet'] as const;
export type Method = (typeof METHODS)[number];

/** `day`: by the day count between two dates. `period`: each month is a twelfth of a year, each week a 52nd. */
export const INTEREST_PERIODS = ['day', 'period'] as const;
export type InterestPer = (typeof INTEREST_PERIODS)[number];

export const PERIOD_UNITS = ['month', 'week', 'day'] as const;
export type PeriodUnit = (typeof PERIOD_UNITS)[number];
export type Every = { readonly count: number; readonly unit: PeriodUnit };

export const FEE_KINDS = ['origination', 'instalment'] as const;
export const FEE_BASES = ['principal', 'principal_and_interest'] as const;

/** A fixed amount, or a fraction of its base. */
export type Charge =
  | { readonly amountMinor: bigint }
  | { readonly rate: Fraction; readonly of: (typeof FEE_BASES)[number] };

/** `origination` is paid on the day of the first disbursement, `instalment` with each instalment. */
export type Fee = { readonly kind: (typeof FEE_KINDS)[number]; readonly charge: Charge };

/** The rate from a date on: that day's interest is the first at the new rate. */
export type RateChange = { readonly from: IsoDate; readonly annualRate: Fraction };

export type Disbursement = { readonly on: IsoDate; readonly amountMinor: bigint };

/** Which due date is kept where its day is not a business day. */
export const DUE_DATE_RULES = ['same', 'following', 'modified_following', 'preceding'] as const;
export type DueDateRule = (typeof DUE_DATE_RULES)[number];
/** Until which date interest runs where a due date was moved. */
export const INTEREST_ENDS = ['nominal', 'moved'] as const;

/** Due dates that were moved to business days when the terms were made; holidays that come later move none. */
export type MovedDates = {
  readonly dates: readonly { readonly from: IsoDate; readonly to: IsoDate }[];
  readonly interestTo: (typeof INTEREST_ENDS)[number];
};

/** Consistent terms: readTerms makes them, and the arithmetic takes nothing else. */
export type LoanTerms = {
  readonly currency: Currency;
  /** Ascending by date; the first is on `disbursedOn`. */
  readonly disbursements: readonly Disbursement[];
  readonly disbursedOn: IsoDate;
  /** A year's interest on 1: 12 % is 12/100. */
  readonly annualRate: Fraction;
  /** Ascending by date. */
  readonly rateChanges: readonly RateChange[];
  readonly instalments: number;
  readonly every: Every;
  readonly method: Method;
  readonly dayCount: DayCount;
  readonly yearSplit: YearSplit;
  readonly interestPer: InterestPer;
  /** Where the first period begins, on or before the disbursement. */
  readonly scheduleStartsOn: IsoDate;
  readonly firstDueOn: IsoDate;
  /** The day of the month that due dates keep. */
  readonly anchorDay: number;
  readonly monthEnd: MonthEnd;
  readonly moved?: MovedDates | undefined;
  readonly rounding: Rounding;
  /** Instalments are multiples of this, in minor units; 1 only rounds to the currency's minor unit. */
  readonly instalmentMultipleMinor: bigint;
  /** First instalments without principal. */
  readonly gracePrincipal: number;
  /** First instalments without interest, which falls due with the one after them. */
  readonly graceInterest: number;
  /** The fraction of the amount repaid on the day of the disbursement. */
  readonly downPayment: Fraction;
  readonly fees: readonly Fee[];
  readonly oneCentNudge: boolean;
  /** The instalment of an annuity if it is already agreed and not computed: after a change of dates. */
  readonly keptInstalmentMinor?: bigint | undefined;
  /** The same for equal parts of the principal: the part. */
  readonly keptPartMinor?: bigint | undefined;
  /** An instalment of nothing costs no fee. */
  readonly nothingIsFree?: boolean | undefined;
  /**
   * For a later version of a schedule, which keeps the due dates of the first: the number of them before it, which are
   * not among its instalments.
   */
  readonly skippedInstalments?: number | undefined;
  /** For a later version: interest earned before it, due with its first instalment that pays interest. */
  readonly carriedInterestMinor?: bigint | undefined;
  /** The number of the first row; 1 by default. */
  readonly firstNumber?: number | undefined;
};

/** The amount lent, in minor units: the sum of the disbursements. */
export function principalOf({ disbursements }: LoanTerms): bigint {
  return disbursements.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}
