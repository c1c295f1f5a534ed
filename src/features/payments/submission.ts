import type { SubmissionId, TransactionId } from '#lib/ids.ts';
import type { Money } from '#lib/money/money.ts';

/** Payments that one connector claimed together: nobody else sends them. */
export type Submission = {
  readonly id: SubmissionId;
  /** The file or message in which they are sent: each is used once. */
  readonly message: string;
  /** Who claimed them. */
  readonly actor: string;
  readonly requestHash: Buffer;
  readonly paymentIds: readonly TransactionId[];
  /** How much is sent, by currency. */
  readonly totals: readonly Total[];
  readonly createdAtMs: number;
};

export type Total = Money & { readonly count: number };

/** How many payments one file or message carries at most: settling as many takes two or three seconds, of the ten that a request has. */
export const MAX_PAYMENTS_AT_ONCE = 500;

/** The sums of payments by currency, in the order of their codes. */
export function totalsOf(payments: readonly Money[]): Total[] {
  const totals = new Map<string, Total>();
  for (const { currency, amountMinor } of payments) {
    const before = totals.get(currency) ?? { currency, amountMinor: 0n, count: 0 };
    totals.set(currency, {
      currency,
      amountMinor: before.amountMinor + amountMinor,
      count: before.count + 1,
    });
  }
  return [...totals.values()].toSorted((one, other) => (one.currency < other.currency ? -1 : 1));
}
