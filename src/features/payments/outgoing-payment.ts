import { ledgerError } from '#ledger/errors.ts';
import type { SubmissionId, TransactionId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { cleanCustomerReason } from '#lib/reasons.ts';
import { cleanText } from '#lib/text.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { paymentError } from './errors.ts';

export const OUTGOING_STATUSES = [
  'pending_settlement',
  'submitted',
  'settled',
  'returned',
  'cancelled',
] as const;
export type OutgoingStatus = (typeof OUTGOING_STATUSES)[number];

/** What may become of a payment, and what then may become of it: nothing else does, by whatever call. */
const NEXT: Readonly<Record<OutgoingStatus, readonly OutgoingStatus[]>> = {
  pending_settlement: ['submitted', 'settled', 'returned', 'cancelled'],
  submitted: ['settled', 'returned'],
  settled: ['returned'],
  returned: [],
  cancelled: [],
};

const MAX_REASON_LENGTH = 140;

/** Why and when a payment was sent back. */
export type Return = {
  /** As the other bank says it, for staff. */
  readonly reason: string;
  /** What the customer reads about it, if anything. */
  readonly customerReason?: string | undefined;
  /** The scheme's code for it (ISO 20022: external return reason), where the scheme gave one. */
  readonly reasonCode?: string | undefined;
  /** The date on which it was sent back; the business date if none was given. */
  readonly returnedOn?: IsoDate | undefined;
};

/** The texts of a return cleaned. Throws 400 `validation_failed` for a reason. */
export function cleanReturn({ reason, customerReason, ...rest }: Return): Return {
  return {
    ...rest,
    reason: cleanText(reason, 'reason', MAX_REASON_LENGTH),
    customerReason: cleanCustomerReason(customerReason),
  };
}

/** What a return says beside its reason, as a part of what its request is recognised by. */
export function returnValues({ customerReason, reasonCode, returnedOn }: Return): (string | undefined)[] {
  return [
    ...(reasonCode === undefined && returnedOn === undefined ? [] : [reasonCode, returnedOn]),
    ...(customerReason === undefined ? [] : ['told', customerReason]),
  ];
}

/** Its payer has died: it is cancelled, or goes on when the report was a mistake. */
export type HeldFor = 'customer_deceased';

/** What is stored of a payment that left the bank beside its transaction. */
export type OutgoingState = {
  /** Of the transaction, and of its journal entry. */
  readonly id: TransactionId;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly status: OutgoingStatus;
  /** Why it does not leave the bank, while it waits. */
  readonly heldFor: HeldFor | undefined;
  /** Why it was returned, for staff and for the payer, and when the other bank did. */
  readonly reason: string | undefined;
  readonly customerReason: string | undefined;
  readonly reasonCode: string | undefined;
  readonly returnedOn: IsoDate | undefined;
  /** By whom it was claimed, to be sent. */
  readonly submissionId: SubmissionId | undefined;
  /** By which entry it was settled, cancelled, or returned before it was settled. */
  readonly endingEntryId: TransactionId | undefined;
  /** By which entry it came back after it was settled. */
  readonly returnEntryId: TransactionId | undefined;
};

/**
 * A payment that left its payer for another bank. It waits, is claimed by the sender, and is settled, or returned, or
 * both in this order; the payer may cancel it until it is claimed.
 */
export class OutgoingPayment {
  #state: OutgoingState;

  constructor(state: OutgoingState) {
    this.#state = state;
  }

  get state(): OutgoingState {
    return this.#state;
  }

  /** It is sent in a file or message. Throws 409 `payment_not_pending`. */
  submit(submissionId: SubmissionId): void {
    this.#become('submitted', { submissionId });
  }

  /** The other bank has the money. Throws 409 `payment_not_pending`. */
  settle(endingEntryId: TransactionId): void {
    this.#become('settled', { endingEntryId });
  }

  /** The other bank sent it back, before it was settled or after. Throws 409 `payment_not_pending`. The texts are clean. */
  giveBack(entryId: TransactionId, { reason, customerReason, reasonCode, returnedOn }: Return): void {
    const wasSettled = this.#state.status === 'settled';
    this.#become('returned', {
      reason,
      customerReason,
      reasonCode,
      returnedOn,
      ...(wasSettled ? { returnEntryId: entryId } : { endingEntryId: entryId }),
    });
  }

  /** The payer took it back. Throws 409 `payment_not_pending`. */
  cancel(endingEntryId: TransactionId): void {
    this.#become('cancelled', { endingEntryId });
  }

  /** Throws 409 `payment_not_pending` where it cannot become this any more, `customer_deceased` where it is held. */
  assertMayBecome(status: OutgoingStatus): void {
    const { heldFor, status: before } = this.#state;
    if (NEXT[before].includes(status)) {
      if (heldFor === undefined || status === 'cancelled' || status === 'returned') return;
      throw ledgerError(heldFor);
    }
    throw paymentError('payment_not_pending', { status: this.#state.status, wanted: status });
  }

  #become(status: OutgoingStatus, change: Partial<OutgoingState>): void {
    this.assertMayBecome(status);
    this.#state = { ...this.#state, ...change, status };
  }
}
