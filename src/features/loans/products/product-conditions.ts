import { checkAll, checkEach } from '#lib/check-all.ts';
import { validationFailed } from '#lib/errors.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { DayCount, YearSplit } from '#lib/money/day-count.ts';
import { compareFractions, type Fraction, type Rounding, ZERO } from '#lib/money/fraction.ts';
import { parseBound } from '#lib/money/money.ts';
import type { MonthEnd } from '#lib/time/calendar.ts';
import { DEFAULT_INTEREST_END, type DueDatePolicy } from '../schedule/moved-dates.ts';
import { readCharge, readPercent, readRate, type TermsInput } from '../schedule/read-terms.ts';
import type {
  Charge,
  DueDateRule,
  Every,
  FEE_BASES,
  InterestPer,
  Method,
  MovedDates,
} from '../schedule/terms.ts';

/** The parts that a repayment pays, each as far as it goes, in the product's order. */
export const REPAYMENT_PARTS = ['penalty', 'fee', 'interest', 'principal'] as const;
export type RepaymentPart = (typeof REPAYMENT_PARTS)[number];

/** How a repayment is spread over rows: each part of all rows, or all parts of the oldest row first. */
export const ALLOCATIONS = ['by_part', 'oldest_row_first'] as const;
/** The use of money beyond what is due, unless the payer names one. */
export const EARLY_MONEY = ['next_instalment', 'shorten_term', 'lower_instalments'] as const;
/** What counts as arrears. */
export const ARREARS_BASES = ['principal_and_interest', 'all'] as const;
/** When a late fee is charged: not for an instalment that was paid whole within its grace, or for anything unpaid. */
export const LATE_FEE_RULES = ['unless_paid_in_grace', 'any_unpaid'] as const;
/** What provisions are a part of: the principal, or also the interest in the books. */
export const PROVISION_BASES = ['principal_and_interest', 'principal'] as const;
export const OVERPAYMENTS = ['refuse', 'credit'] as const;
export const PRODUCT_FEE_KINDS = ['origination', 'instalment', 'late'] as const;
/** By days past due: none, 1 to 30, 31 to 60, 61 to 90, and more. */
export const ARREARS_BUCKETS = ['current', 'days1To30', 'days31To60', 'days61To90', 'over90'] as const;
export type ArrearsBucket = (typeof ARREARS_BUCKETS)[number];
const WHOLE: Fraction = { numerator: 1n, denominator: 1n };
/** A month, in which post and paper are typed in. */
const DEFAULT_VALUE_DATE_DAYS = 31;
/** A rate for each size of loan. */
export const MAX_RATE_TABLE = 20;

type ProductFee = {
  readonly kind: (typeof PRODUCT_FEE_KINDS)[number];
  readonly amount?: string;
  readonly percent?: string;
  readonly of?: (typeof FEE_BASES)[number];
};
type Grace = { readonly max: number; readonly default?: number };

/** A product's conditions as the API takes and shows them: amounts and percentages are strings. */
export type ProductConditions = {
  readonly amount: { readonly min: string; readonly max: string };
  readonly instalments: { readonly min: number; readonly max: number };
  readonly annualRatePercent: { readonly min: string; readonly max: string; readonly default: string };
  /** In place of the default, by the amount lent: the row with the highest `amountFrom` not above it. */
  readonly rateTable?: { readonly amountFrom: string; readonly annualRatePercent: string }[];
  readonly every?: Every;
  readonly method?: Method;
  readonly dayCount?: DayCount;
  readonly interestPer?: InterestPer;
  readonly yearSplit?: YearSplit;
  readonly monthEnd?: MonthEnd;
  readonly rounding?: Rounding;
  readonly instalmentMultiple?: string;
  readonly downPaymentPercent?: string;
  readonly oneCentNudge?: boolean;
  readonly gracePrincipal?: Grace;
  readonly graceInterest?: Grace;
  readonly fees?: ProductFee[];
  readonly severalDisbursements?: boolean;
  readonly prepaymentFee?: {
    readonly amount?: string;
    readonly percent?: string;
    readonly withinMonths?: number;
  };
  readonly penaltyRatePercent?: string;
  readonly repaymentOrder?: RepaymentPart[];
  readonly allocation?: (typeof ALLOCATIONS)[number];
  readonly dueDates?: DueDateRule;
  readonly interestTo?: MovedDates['interestTo'];
  readonly earlyMoney?: (typeof EARLY_MONEY)[number];
  readonly lateFeeRule?: (typeof LATE_FEE_RULES)[number];
  readonly arrearsOf?: (typeof ARREARS_BASES)[number];
  readonly overpayment?: (typeof OVERPAYMENTS)[number];
  readonly arrearsTolerance?: string;
  readonly arrearsAfterDays?: number;
  readonly valueDateDays?: number;
  readonly nonAccrualAfterDays?: number;
  readonly provisioningPercent?: Readonly<Record<ArrearsBucket, string>>;
  readonly provisionsOf?: (typeof PROVISION_BASES)[number];
};

/** The rules for a product's loans after disbursement. Rates are exact, amounts in minor units. */
export type ServicingPolicy = {
  readonly lateFees: readonly Charge[];
  /** Whether a loan may be paid out in several payments. */
  readonly hasTranches: boolean;
  /** On principal that is repaid early, until a number of months after the disbursement; undefined for none. */
  readonly prepaymentFee: PrepaymentFee | undefined;
  /** The yearly penalty rate on overdue amounts. */
  readonly penaltyRate: Fraction;
  readonly repaymentOrder: readonly RepaymentPart[];
  readonly allocation: (typeof ALLOCATIONS)[number];
  readonly dueDates: DueDatePolicy;
  readonly earlyMoney: (typeof EARLY_MONEY)[number];
  /** No late fee for an instalment that was paid whole within its grace. */
  readonly sparesPaidInGrace: boolean;
  readonly arrearsOf: (typeof ARREARS_BASES)[number];
  readonly overpayment: (typeof OVERPAYMENTS)[number];
  /** Arrears up to this are ignored. */
  readonly arrearsToleranceMinor: bigint;
  /** The number of days after a due date before a loan is in arrears. */
  readonly arrearsAfterDays: number;
  /** How many days before its booking a repayment may count. */
  readonly valueDateDays: number;
  /** How many days past due a loan earns no income any more; undefined for never. */
  readonly nonAccrualAfterDays: number | undefined;
  readonly providesForInterest: boolean;
  /** The fraction of the outstanding principal, or of principal and interest, to provide for. */
  readonly provisioning: Readonly<Record<ArrearsBucket, Fraction>>;
};

export type PrepaymentFee = { readonly charge: Charge; readonly withinMonths: number | undefined };

/**
 * The conditions of a new product with what is settled for it now. Products that were made before keep what held for
 * them: a product never changes, and its loans are computed again from it.
 */
export function settledConditions(conditions: ProductConditions): ProductConditions {
  const hasLateFee = conditions.fees?.some(({ kind }) => kind === 'late') === true;
  return {
    ...(hasLateFee ? { lateFeeRule: LATE_FEE_RULES[0] } : {}),
    ...(conditions.provisioningPercent === undefined ? {} : { provisionsOf: PROVISION_BASES[0] }),
    ...conditions,
  };
}

/** Throws 400 for contradictory conditions. */
export function readServicingPolicy(conditions: ProductConditions, currency: Currency): ServicingPolicy {
  const { fees = [], repaymentOrder = REPAYMENT_PARTS } = conditions;
  const { charges, ...checked } = checkAll({
    repaymentOrder: () => checkOrder(repaymentOrder),
    charges: () => checkEach(fees, (fee, index) => readCharge(fee, currency, `fees[${index}]`)),
    prepaymentFee: () => readPrepaymentFee(conditions, currency),
    penaltyRate: () => readRate(conditions.penaltyRatePercent ?? '0', 'penaltyRatePercent'),
    arrearsToleranceMinor: () => parseBound(conditions.arrearsTolerance ?? '0', currency, 'arrearsTolerance'),
    provisioning: () => readProvisioning(conditions),
  });
  return {
    ...checked,
    lateFees: charges.filter((_, index) => fees[index]?.kind === 'late'),
    hasTranches: conditions.severalDisbursements === true,
    allocation: conditions.allocation ?? 'by_part',
    dueDates: {
      rule: conditions.dueDates ?? 'same',
      interestTo: conditions.interestTo ?? DEFAULT_INTEREST_END,
    },
    earlyMoney:
      conditions.earlyMoney ??
      (conditions.allocation === 'oldest_row_first' ? 'next_instalment' : 'shorten_term'),
    sparesPaidInGrace: conditions.lateFeeRule === 'unless_paid_in_grace',
    arrearsOf: conditions.arrearsOf ?? 'principal_and_interest',
    overpayment: conditions.overpayment ?? 'refuse',
    arrearsAfterDays: conditions.arrearsAfterDays ?? 0,
    valueDateDays: conditions.valueDateDays ?? DEFAULT_VALUE_DATE_DAYS,
    nonAccrualAfterDays: conditions.nonAccrualAfterDays,
    providesForInterest: conditions.provisionsOf === 'principal_and_interest',
  };
}

function checkOrder(order: readonly RepaymentPart[]): readonly RepaymentPart[] {
  const isOrder = new Set(order).size === REPAYMENT_PARTS.length;
  if (isOrder && order.length === REPAYMENT_PARTS.length) return order;
  throw validationFailed({ path: 'repaymentOrder', message: 'must name each part once' });
}

function readProvisioning({ provisioningPercent }: ProductConditions): ServicingPolicy['provisioning'] {
  const provision = (bucket: ArrearsBucket) => (): Fraction => {
    const path = `provisioningPercent.${bucket}`;
    const part = provisioningPercent === undefined ? ZERO : readPercent(provisioningPercent[bucket], path);
    if (compareFractions(part, WHOLE) <= 0) return part;
    throw validationFailed({ path, message: 'must not be above 100' });
  };
  return checkAll({
    current: provision('current'),
    days1To30: provision('days1To30'),
    days31To60: provision('days31To60'),
    days61To90: provision('days61To90'),
    over90: provision('over90'),
  });
}

function readPrepaymentFee(
  { prepaymentFee }: ProductConditions,
  currency: Currency,
): PrepaymentFee | undefined {
  if (prepaymentFee === undefined) return undefined;
  const { withinMonths, ...fee } = prepaymentFee;
  const charge = readCharge(fee, currency, 'prepaymentFee');
  if ('rate' in charge && compareFractions(charge.rate, WHOLE) > 0) {
    throw validationFailed({ path: 'prepaymentFee.percent', message: 'must not be above 100' });
  }
  return { charge, withinMonths };
}

/** The terms that a product fixes for all its loans. */
export function fixedTermsOf(conditions: ProductConditions): Partial<TermsInput> {
  const { every, method, dayCount, interestPer, yearSplit, monthEnd, rounding } = conditions;
  const { instalmentMultiple, downPaymentPercent, oneCentNudge, fees = [] } = conditions;
  return {
    every,
    method,
    dayCount,
    interestPer,
    yearSplit,
    monthEnd,
    rounding,
    instalmentMultiple,
    downPaymentPercent,
    oneCentNudge,
    fees: fees.flatMap(({ kind, ...charge }) => (kind === 'late' ? [] : [{ kind, ...charge }])),
  };
}
