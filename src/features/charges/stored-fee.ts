import type { AccountFee } from '#features/fees/contract.ts';
import type { TransactionId } from '#lib/ids.ts';

/** A fee of an account as it stands. */
export type StoredFee = AccountFee & {
  /** The entry that gave it back. */
  readonly refundEntryId: TransactionId | undefined;
  /** Who waived it or gave it back, when and why. */
  readonly decidedBy: string | undefined;
  readonly decidedAt: Date | undefined;
  readonly reason: string | undefined;
  /** What the customer reads about it, if anything. */
  readonly customerReason: string | undefined;
};
