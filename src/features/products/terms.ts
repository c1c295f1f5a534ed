import type { IsoDate } from '#lib/time/dates.ts';

/** Whether accounts that were opened before a version follow it, or keep what they have. */
export const APPLIES_TO = ['all_accounts', 'new_accounts'] as const;
export type AppliesTo = (typeof APPLIES_TO)[number];

export const HOLDER_TYPES = ['person', 'organisation'] as const;
export type HolderType = (typeof HOLDER_TYPES)[number];

export type OverdraftTerms = {
  /** Whether accounts may have an overdraft limit. */
  readonly allowed: boolean;
  /** The highest limit, in major units; no bound if absent. */
  readonly maximumLimit?: string | undefined;
  /** How far beyond its limit charges may take an account, in major units; not at all if absent. */
  readonly unarrangedTolerance?: string | undefined;
};

/** What money an account begins with and keeps, in major units. */
export type BalanceTerms = {
  /** The least that is first paid in. */
  readonly openingDeposit?: string | undefined;
  /** Payments that would leave less are refused. */
  readonly minimum?: string | undefined;
};

export type DormancyTerms = {
  /** After as many days without a payment of its holders an account is dormant. */
  readonly afterDays: number;
};

/** When an account may be closed. */
export type ClosingTerms = {
  /** Days since it was opened. */
  readonly minimumAgeDays?: number | undefined;
  /** Days since notice was given. */
  readonly noticeDays?: number | undefined;
};

/** Who may open an account. */
export type Eligibility = {
  /** Both if absent. */
  readonly customerTypes?: readonly HolderType[] | undefined;
  /** Whole years of a person, both included. */
  readonly minimumAge?: number | undefined;
  readonly maximumAge?: number | undefined;
  /** How many customers may hold an account together; any number if absent. */
  readonly maximumHolders?: number | undefined;
};

/** The terms of a product that change by version, as they are given, stored and shown. */
export type ProductTerms = {
  readonly overdraft?: OverdraftTerms | undefined;
  readonly eligibility?: Eligibility | undefined;
  readonly balance?: BalanceTerms | undefined;
  readonly dormancy?: DormancyTerms | undefined;
  readonly closing?: ClosingTerms | undefined;
  /** As the schema of terms of interest has it: `interestOf` reads it. */
  readonly interest?: object | undefined;
  /** As the schema of terms of deposits has it: `depositOf` reads it. */
  readonly deposit?: object | undefined;
  /** As the schema of fees has them: `feesOf` reads them. */
  readonly fees?: readonly object[] | undefined;
};

/** Terms from a date on. A version never changes. */
export type TermsVersion = {
  /** 1, 2, 3 … of a product in a currency. */
  readonly version: number;
  readonly effectiveFrom: IsoDate;
  readonly appliesTo: AppliesTo;
  readonly terms: ProductTerms;
};

/**
 * The version in force on a date for an account that was opened on a date: the last that is effective by then, and that
 * applies to all accounts or came before this one was opened. Versions are in their order. Undefined if no version applies.
 */
export function versionInForce<Version extends Omit<TermsVersion, 'terms'>>(
  versions: readonly Version[],
  { on, openedOn }: { readonly on: IsoDate; readonly openedOn: IsoDate },
): Version | undefined {
  return versions.findLast(
    ({ effectiveFrom, appliesTo }) =>
      effectiveFrom <= on && (appliesTo === 'all_accounts' || effectiveFrom <= openedOn),
  );
}
