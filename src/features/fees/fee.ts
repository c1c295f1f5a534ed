import type { RoundingOrCut } from '#lib/money/fraction.ts';

/** What a fee is for: an event on an account, or a date. */
export const FEE_EVENTS = [
  'withdrawal',
  'transfer',
  'outgoing_payment',
  'card',
  'standing_order_failed',
  'statement_copy',
  'dormancy',
  'monthly',
  'yearly',
] as const;
export type FeeEvent = (typeof FEE_EVENTS)[number];

/** Events that move the account's own money: the fee is a line of the same entry. */
export const PAYMENT_EVENTS: readonly FeeEvent[] = ['withdrawal', 'transfer', 'outgoing_payment', 'card'];
/** Whether a fee is for a payment. */
export function isOfPayment({ event }: { readonly event: FeeEvent }): boolean {
  return PAYMENT_EVENTS.includes(event);
}

/** Fees of a date, which the end of the day charges. */
export const DATE_EVENTS: readonly FeeEvent[] = ['dormancy', 'monthly', 'yearly'];

/** What is done about a fee that the account has no money for. */
export const SHORTAGE_RULES = ['refuse', 'queue', 'overdraft'] as const;
export type ShortageRule = (typeof SHORTAGE_RULES)[number];

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
  /** Its code in the terms: what is counted in a month is counted by it. */
  readonly code: string;
  readonly name: string;
  readonly event: FeeEvent;
  /** The kinds of payment that it is charged for; all kinds if the list is empty. */
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
  /**
   * Where the account has too little money. What it is for is refused, or the fee waits until there is enough. Or it is
   * charged as far below the limit as the terms tolerate, and waits beyond that.
   */
  readonly whenShort: ShortageRule;
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
