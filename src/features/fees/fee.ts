import type { RoundingOrCut } from '#lib/money/fraction.ts';

/** What a fee is for: an event on an account, or a date. */
export type FeeEvent =
  | 'withdrawal'
  | 'transfer'
  | 'outgoing_payment'
  | 'standing_order_failed'
  | 'statement_copy'
  | 'card'
  | 'dormancy'
  | 'monthly'
  | 'yearly';

/** An amount, a percentage, or an amount and a percentage on top of it. Minor units and ppm. */
export type Price = { readonly amountMinor: bigint; readonly ratePpm: bigint };

/** A price for amounts up to an end, inclusive; the last has none. */
export type PriceTier = Price & { readonly upToMinor: bigint | undefined };

/** A condition on which a fee is not charged. All amounts are in minor units; ends are inclusive. */
export type Waiver =
  | { readonly kind: 'lowest_balance' | 'average_balance' | 'salary'; readonly fromMinor: bigint }
  | { readonly kind: 'age_below' | 'age_from'; readonly years: number }
  | { readonly kind: 'first_months'; readonly months: number };

export type Fee = {
  readonly name: string;
  readonly event: FeeEvent;
  /** The kinds of payment that it is charged for, such as `instant`; all kinds if not given. */
  readonly paymentTypes: readonly string[];
  /** Ascending, at least one: a single price is one tier. */
  readonly tiers: readonly PriceTier[];
  /** The price of the amount's tier, or each tier's percentage on the part within it. */
  readonly tierMode: 'whole' | 'band';
  readonly minimumMinor: bigint | undefined;
  readonly maximumMinor: bigint | undefined;
  /** The number of events of a month that cost nothing. */
  readonly freeAMonth: number;
  /** One that holds is enough. */
  readonly waivers: readonly Waiver[];
  readonly rounding: RoundingOrCut;
  /** On top of the fee, rounded by itself. */
  readonly tax: { readonly name: string; readonly ppm: bigint } | undefined;
};

/** What is known of an account when a fee is asked for. What is not known waives nothing. */
export type FeeFacts = {
  readonly paymentType?: string | undefined;
  /** What is paid or withdrawn. */
  readonly amountMinor?: bigint;
  /** The number of events of this fee in the month, without this one. */
  readonly earlierThisMonth?: number;
  readonly lowestBalanceMinor?: bigint;
  readonly averageBalanceMinor?: bigint;
  /** What was paid in as salary in the month. */
  readonly salaryMinor?: bigint;
  readonly ageYears?: number;
  /** Months since the account was opened: the first is 1. */
  readonly monthOfAccount?: number;
};
