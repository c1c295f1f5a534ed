import type { Iban } from '#lib/iban.ts';
import type { AccountId, IncomingPaymentId, TransactionId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { cleanText } from '#lib/text.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { paymentError } from './errors.ts';

export const INCOMING_STATUSES = ['credited', 'unresolved', 'resolved', 'returned'] as const;
export type IncomingStatus = (typeof INCOMING_STATUSES)[number];

/** Why a payment could not be credited at once. */
const INCOMING_PROBLEMS = [
  'unknown_iban',
  'account_closed',
  'account_frozen',
  'currency_mismatch',
  'balance_overflow',
  'business_date_closed',
] as const;
export type IncomingProblem = (typeof INCOMING_PROBLEMS)[number];

/** Why the ledger lets no money be credited to an account, so that it goes to suspense; undefined for other refusals. */
export function problemOf(code: string): IncomingProblem | undefined {
  return INCOMING_PROBLEMS.find((problem) => problem === code);
}

const MAX_REASON_LENGTH = 140;

/** A payment from another bank, or one of ours that came back for a payer who cannot be credited. */
export type IncomingState = {
  readonly id: IncomingPaymentId;
  /** The other side's name for it; undefined for one of ours that came back. */
  readonly externalReference: string | undefined;
  readonly requestHash: Buffer;
  /** The outgoing payment that it was. */
  readonly returnedPaymentId: TransactionId | undefined;
  /** Of who is to be credited; undefined when its account is gone. */
  readonly iban: Iban | undefined;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly debtorName: string | undefined;
  readonly debtorIban: Iban | undefined;
  readonly reference: string | undefined;
  readonly valueDate: IsoDate;
  readonly status: IncomingStatus;
  readonly problem: IncomingProblem | undefined;
  /** Why it was sent back. */
  readonly reason: string | undefined;
  /** Who was credited. */
  readonly accountId: AccountId | undefined;
  /** By which entry it came, and by which it was resolved or returned. */
  readonly entryId: TransactionId;
  readonly endingEntryId: TransactionId | undefined;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
};

/** Holds every rule about an incoming payment but those of the ledger; does no I/O. */
export class IncomingPayment {
  #state: IncomingState;

  constructor(state: IncomingState) {
    this.#state = state;
  }

  get state(): IncomingState {
    return this.#state;
  }

  get requestHash(): Buffer {
    return this.#state.requestHash;
  }

  /** Credits an account with what waits in suspense. Throws 409 `payment_not_unresolved`. */
  resolve(accountId: AccountId, endingEntryId: TransactionId, nowMs: number): void {
    this.assertUnresolved();
    this.#state = { ...this.#state, status: 'resolved', accountId, endingEntryId, updatedAtMs: nowMs };
  }

  /**
   * Sends back what waits in suspense. Throws 409 `payment_not_unresolved`, or `payment_not_returnable` for one of
   * ours that came back already; 400 `validation_failed` for the reason.
   */
  sendBack(reason: string, endingEntryId: TransactionId, nowMs: number): void {
    this.assertReturnable();
    const clean = cleanText(reason, 'reason', MAX_REASON_LENGTH);
    this.#state = { ...this.#state, status: 'returned', reason: clean, endingEntryId, updatedAtMs: nowMs };
  }

  assertReturnable(): void {
    this.assertUnresolved();
    if (this.#state.returnedPaymentId === undefined) return;
    throw paymentError('payment_not_returnable');
  }

  /** As it was answered when it came: what a repeated request is told. */
  asFirstAnswered(): IncomingPayment {
    const state = this.#state;
    if (state.problem === undefined) return this;
    return new IncomingPayment({
      ...state,
      status: 'unresolved',
      reason: undefined,
      accountId: undefined,
      endingEntryId: undefined,
      updatedAtMs: state.createdAtMs,
    });
  }

  /** Throws 409 `payment_not_unresolved`. */
  assertUnresolved(): void {
    if (this.#state.status === 'unresolved') return;
    throw paymentError('payment_not_unresolved', { status: this.#state.status });
  }
}
