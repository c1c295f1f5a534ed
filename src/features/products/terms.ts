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

/** Who may open an account. */
export type Eligibility = {
  /** Both if absent. */
  readonly customerTypes?: readonly HolderType[] | undefined;
  /** Whole years of a person, both included. */
  readonly minimumAge?: number | undefined;
  readonly maximumAge?: number | undefined;
};

/** The terms of a product that change by version, as they are given, stored and shown. */
export type ProductTerms = {
  readonly overdraft?: OverdraftTerms | undefined;
  readonly eligibility?: Eligibility | undefined;
  /** As the schema of terms of interest has it: `interestOf` reads it. */
  readonly interest?: object | undefined;
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
