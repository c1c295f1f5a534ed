import type { AccountId, CaptureSettlementId, HoldId, TransactionId } from '#lib/ids.ts';
import type { Labels } from '#lib/labels.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** At most this many are settled by one call: two statements of half a second. */
export const MAX_SETTLED_AT_ONCE = 10_000;

/** What is owed for a capture, or less than zero for what took a capture back. Minor units. */
export type CaptureItem = {
  readonly transactionId: TransactionId;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly businessDate: IsoDate;
  /** The capture that it took back. */
  readonly reverses: TransactionId | undefined;
  /** Whose it was: undefined once the customer is gone. */
  readonly holdId: HoldId | undefined;
  readonly accountId: AccountId | undefined;
  readonly reference: string | undefined;
};

/** What a currency has to be settled. Minor units. */
export type UnsettledSum = {
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly count: number;
  /** The business date of the oldest. */
  readonly since: IsoDate | undefined;
};

/** Captures that were settled together. Minor units. */
export type CaptureSettlement = Labels & {
  readonly id: CaptureSettlementId;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly itemCount: number;
  readonly reference: string | undefined;
  /** The entry that paid the acquirer, or that the acquirer paid; undefined where nothing is left to pay. */
  readonly entryId: TransactionId | undefined;
  readonly settledOn: IsoDate;
  readonly settledBy: string;
  readonly createdAtMs: number;
};

export function sumOf(items: readonly Pick<CaptureItem, 'amountMinor'>[]): bigint {
  return items.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}
