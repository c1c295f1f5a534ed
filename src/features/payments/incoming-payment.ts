import type { Iban } from '#lib/iban.ts';
import type { AccountId, IncomingPaymentId, TransactionId } from '#lib/ids.ts';
import type { Labels } from '#lib/labels.ts';
import type { Currency } from '#lib/money/currencies.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { paymentError } from './errors.ts';
import type { Return } from './outgoing-payment.ts';

export const INCOMING_STATUSES = ['credited', 'unresolved', 'resolved', 'returned'] as const;
export type IncomingStatus = (typeof INCOMING_STATUSES)[number];

/** Why a payment could not be credited at once. */
const INCOMING_PROBLEMS = [
  'unknown_iban',
  'unknown_account',
  'account_closed',
  'account_frozen',
  'account_under_contract',
  'currency_mismatch',
  'balance_overflow',
  'business_date_closed',
] as const;
export type IncomingProblem = (typeof INCOMING_PROBLEMS)[number];

/** Why the ledger lets no money be credited to an account, so that it goes to suspense; undefined for other refusals. */
export function problemOf(code: string): IncomingProblem | undefined {
  return INCOMING_PROBLEMS.find((problem) => problem === code);
}

/** What may become of a payment, and what then may become of it: nothing else does, by whatever call. */
const NEXT: Readonly<Record<IncomingStatus, readonly IncomingStatus[]>> = {
  unresolved: ['resolved', 'returned'],
  credited: ['returned'],
  resolved: ['returned'],
  returned: [],
};

/** A payment from another bank, or one of ours that came back for a payer who cannot be credited. */
export type IncomingState = Labels & {
  readonly id: IncomingPaymentId;
  /** The other side's name for it; undefined for one of ours that came back. */
  readonly externalReference: string | undefined;
  readonly requestHash: Buffer;
  /** The outgoing payment that it was. */
  readonly returnedPaymentId: TransactionId | undefined;
  /** Of the account to be credited; undefined when its account is gone. */
  readonly iban: Iban | undefined;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  /** The same where it is not an IBAN. */
  readonly creditorAccount: string | undefined;
  readonly debtorName: string | undefined;
  readonly debtorIban: Iban | undefined;
  readonly debtorAccount: string | undefined;
  /** The texts that were changed to be booked, as they came. */
  readonly asReceived: Readonly<Record<string, string>> | undefined;
  readonly reference: string | undefined;
  readonly valueDate: IsoDate;
  readonly status: IncomingStatus;
  readonly problem: IncomingProblem | undefined;
  /** Why it was sent back, for staff and for the customer, and when. */
  readonly reason: string | undefined;
  readonly customerReason: string | undefined;
  readonly reasonCode: string | undefined;
  readonly returnedOn: IsoDate | undefined;
  /** Who was credited. */
  readonly accountId: AccountId | undefined;
  /** By which entry it came, and by which it was resolved, or returned from suspense. */
  readonly entryId: TransactionId;
  readonly endingEntryId: TransactionId | undefined;
  /** By which entry the account that was credited gave it back. */
  readonly returnEntryId: TransactionId | undefined;
  /** Whether that account is closed, and the bank gave it back in its place: it claims it of the customer. */
  readonly isClaim: boolean;
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
    this.#become('resolved', { accountId, endingEntryId }, nowMs);
  }

  /**
   * Sends it back: from suspense, or from the account that was credited. The texts are clean. Throws 409
   * `payment_not_unresolved` where it was sent back already, `payment_not_returnable` for one of ours that came back.
   */
  sendBack(entryId: TransactionId, why: Return & { readonly isClaim: boolean }, nowMs: number): void {
    const { reason, customerReason, reasonCode, returnedOn, isClaim } = why;
    const by = this.#state.status === 'unresolved' ? { endingEntryId: entryId } : { returnEntryId: entryId };
    this.assertReturnable();
    this.#become('returned', { reason, customerReason, reasonCode, returnedOn, isClaim, ...by }, nowMs);
  }

  assertReturnable(): void {
    this.assertMayBecome('returned');
    if (this.#state.returnedPaymentId === undefined) return;
    throw paymentError('payment_not_returnable');
  }

  /** Throws 409 `payment_not_unresolved` where it cannot become this any more. */
  assertMayBecome(status: IncomingStatus): void {
    if (NEXT[this.#state.status].includes(status)) return;
    throw paymentError('payment_not_unresolved', { status: this.#state.status, wanted: status });
  }

  #become(status: IncomingStatus, change: Partial<IncomingState>, nowMs: number): void {
    this.assertMayBecome(status);
    this.#state = { ...this.#state, ...change, status, updatedAtMs: nowMs };
  }

  /** As it was answered when it came: the answer to a repeated request. */
  asFirstAnswered(): IncomingPayment {
    const state = this.#state;
    const wasCredited = state.problem === undefined;
    return new IncomingPayment({
      ...state,
      status: wasCredited ? 'credited' : 'unresolved',
      reason: undefined,
      customerReason: undefined,
      reasonCode: undefined,
      returnedOn: undefined,
      accountId: wasCredited ? state.accountId : undefined,
      endingEntryId: undefined,
      returnEntryId: undefined,
      isClaim: false,
      updatedAtMs: state.createdAtMs,
    });
  }
}
