import type { TransactionId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { cleanText } from '#lib/text.ts';
import { paymentError } from './errors.ts';

export const OUTGOING_STATUSES = ['pending_settlement', 'settled', 'returned'] as const;
export type OutgoingStatus = (typeof OUTGOING_STATUSES)[number];

export const MAX_REASON_LENGTH = 140;

/** What is kept of a payment that left the bank beside its transaction. */
export type OutgoingState = {
  /** Of the transaction, and of its journal entry. */
  readonly id: TransactionId;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly status: OutgoingStatus;
  /** Why it was returned. */
  readonly reason: string | undefined;
  /** By which entry it was settled or returned. */
  readonly endingEntryId: TransactionId | undefined;
};

/** A payment that left its payer for another bank: it waits, and is settled or returned, once. */
export class OutgoingPayment {
  #state: OutgoingState;

  constructor(state: OutgoingState) {
    this.#state = state;
  }

  get state(): OutgoingState {
    return this.#state;
  }

  /** The other bank has the money. Throws 409 `payment_not_pending`. */
  settle(endingEntryId: TransactionId): void {
    this.assertPending();
    this.#state = { ...this.#state, status: 'settled', endingEntryId };
  }

  /** The other bank did not take it. Throws 409 `payment_not_pending`, 400 `validation_failed` for the reason. */
  giveBack(endingEntryId: TransactionId, reason: string): void {
    this.assertPending();
    const clean = cleanText(reason, 'reason', MAX_REASON_LENGTH);
    this.#state = { ...this.#state, status: 'returned', reason: clean, endingEntryId };
  }

  /** Throws 409 `payment_not_pending`. */
  assertPending(): void {
    if (this.#state.status === 'pending_settlement') return;
    throw paymentError('payment_not_pending', { status: this.#state.status });
  }
}
