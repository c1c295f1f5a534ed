import type { Term } from '#features/interest/contract.ts';
import type { AccountId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { Frequency } from '#lib/time/recurrence.ts';

/** What happens at the maturity: all is paid out, all is held for another term, or the principal alone is. */
export const ON_MATURITY = ['pay_out', 'renew', 'renew_principal'] as const;
export type OnMaturity = (typeof ON_MATURITY)[number];

export const DEPOSIT_STATUSES = ['active', 'matured', 'paid_out', 'renewed', 'closed_early'] as const;
/** `matured`: its term is over and its money waits to be paid out. */
export type DepositStatus = (typeof DEPOSIT_STATUSES)[number];

/** What the holder wants at the maturity; it may change until then. */
export type Instruction = {
  readonly onMaturity: OnMaturity;
  readonly payoutAccountId: AccountId;
  /** The product that it is renewed into; its own if absent. */
  readonly renewalProduct?: string | undefined;
  /** For how long; as long as before if absent. */
  readonly renewalTerm?: Term | undefined;
};

/** The instalments of a recurring deposit, and how far they are. Amounts in minor units. */
export type InstalmentPlan = {
  readonly amountMinor: bigint;
  readonly frequency: Frequency;
  /** With those that take the place of missed ones. */
  readonly count: number;
  /** How many from the first on are decided: paid or missed. */
  readonly settled: number;
  /** How many were missed, whether they were paid later or not. */
  readonly missed: number;
  /** When the next one falls due, or fell due; undefined once none is left. */
  readonly nextDueOn: IsoDate | undefined;
};

/** A deposit: what was agreed, and where it stands. It has the id of the account that holds its money. */
export type DepositState = {
  readonly id: AccountId;
  readonly product: string;
  readonly currency: Currency;
  /** Of the product's terms, on which it was made. */
  readonly termsVersion: number;
  /** What was paid in, less what missed instalments cost. */
  readonly principalMinor: bigint;
  readonly ratePpm: bigint;
  readonly term: Term;
  readonly openedOn: IsoDate;
  /** On this day it is paid out; the night before is its last. */
  readonly maturesOn: IsoDate;
  readonly noticeDueOn: IsoDate | undefined;
  /** Whether interest is paid out when it is posted. */
  readonly paysInterestOut: boolean;
  readonly instruction: Instruction;
  /** Of a recurring deposit. */
  readonly plan: InstalmentPlan | undefined;
  /** The account that instalments are collected from. */
  readonly collectedFromId: AccountId | undefined;
  readonly status: DepositStatus;
  /** Why its money waits, though it should have been paid. */
  readonly waitsFor: string | undefined;
  readonly endedOn: IsoDate | undefined;
  readonly renewsId: AccountId | undefined;
  readonly renewedAsId: AccountId | undefined;
  readonly lastEventNumber: number;
  readonly version: number;
  readonly createdBy: string;
};
