import type { CustomerId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** Who stands for a loan beside its borrower. */
export const PARTY_ROLES = ['co_borrower', 'guarantor'] as const;
export type PartyRole = (typeof PARTY_ROLES)[number];
/** More than any contract has. */
export const MAX_PARTIES = 20;

/** A party of a loan, and for how much of it they stand: a percentage, or all of it. */
export type LoanParty = {
  readonly customerId: CustomerId;
  readonly role: PartyRole;
  readonly sharePercent: string | undefined;
};

export const COLLATERAL_KINDS = [
  'real_estate',
  'vehicle',
  'deposit',
  'securities',
  'goods',
  'other',
] as const;
export type CollateralKind = (typeof COLLATERAL_KINDS)[number];
export const MAX_COLLATERAL = 50;

/** What secures a loan, until it is released. */
export type Collateral = {
  /** 1, 2, 3 … within the loan. */
  readonly number: number;
  readonly kind: CollateralKind;
  readonly description: string;
  /** Minor units of the loan's currency. */
  readonly valueMinor: bigint;
  readonly valuedOn: IsoDate;
  readonly releasedOn: IsoDate | undefined;
};

/** What stands behind a loan. */
export type LoanSecurity = {
  readonly parties: readonly LoanParty[];
  readonly collateral: readonly Collateral[];
};
