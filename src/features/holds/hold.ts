import { commonError, validationFailed } from '#lib/errors.ts';
import type { AccountId, HoldId, TransactionId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { cleanText, optional } from '#lib/text.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { holdError } from './errors.ts';

export const HOLD_STATUSES = ['active', 'captured', 'released', 'expired'] as const;
export type HoldStatus = (typeof HOLD_STATUSES)[number];

/** What was taken out of a hold. Minor units. */
export type Capture = {
  readonly transactionId: TransactionId;
  readonly amountMinor: bigint;
  /** Of the hold, up to and including this one. */
  readonly capturedMinor: bigint;
  /** Whether the hold ended with it. */
  readonly isLast: boolean;
  readonly createdAtMs: number;
};

/** A hold's whole state. Minor units; its captures in their order. */
export type HoldState = {
  readonly id: HoldId;
  readonly accountId: AccountId;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly capturedMinor: bigint;
  readonly status: HoldStatus;
  /** From then on nothing is captured. */
  readonly expiresAtMs: number | undefined;
  readonly reference: string | undefined;
  /** Whose it is to capture or release: what the bank set aside, a holder cannot take back. */
  readonly placedBy: 'bank' | 'holder';
  readonly placedOn: IsoDate;
  readonly createdAtMs: number;
  readonly endedAtMs: number | undefined;
  readonly captures: readonly Capture[];
};

/** What a capture takes, and what is held no longer with it: the same, and the rest if it is the last. Minor units. */
export type Taken = {
  readonly amountMinor: bigint;
  readonly releasedMinor: bigint;
  readonly isLast: boolean;
};

/** Money set aside on an account. Active until it is used up, captured for good, released or expired: one of them. */
export class Hold {
  #state: HoldState;

  constructor(state: HoldState) {
    this.#state = state;
  }

  get state(): HoldState {
    return this.#state;
  }

  /** What is held still, in minor units: nothing once the hold has ended. */
  get remainingMinor(): bigint {
    const { status, amountMinor, capturedMinor } = this.#state;
    return status === 'active' ? amountMinor - capturedMinor : 0n;
  }

  /** Throws 403 `forbidden` for a holder where the bank placed the hold. */
  assertOursToEnd(by: 'bank' | 'holder'): void {
    if (by === 'bank' || this.#state.placedBy === 'holder') return;
    throw commonError('forbidden');
  }

  /**
   * Takes so much out of the hold, or all that remains; the last capture lets go of the rest. Throws 409
   * `hold_not_active` for a hold that has ended or whose time is over, 422 `capture_exceeds_hold`.
   */
  capture(
    { amountMinor, isFinal }: { readonly amountMinor?: bigint | undefined; readonly isFinal: boolean },
    transactionId: TransactionId,
    nowMs: number,
  ): Taken {
    const { expiresAtMs } = this.#state;
    this.#assertActive();
    if (expiresAtMs !== undefined && expiresAtMs <= nowMs)
      throw holdError('hold_not_active', { status: 'expired' });
    const heldMinor = this.remainingMinor;
    const takenMinor = amountMinor ?? heldMinor;
    if (takenMinor > heldMinor) {
      throw holdError('capture_exceeds_hold');
    }
    const isLast = isFinal || takenMinor === heldMinor;
    const capturedMinor = this.#state.capturedMinor + takenMinor;
    const capture = { transactionId, amountMinor: takenMinor, capturedMinor, isLast, createdAtMs: nowMs };
    this.#state = { ...this.#state, capturedMinor, captures: [...this.#state.captures, capture] };
    if (isLast) this.#end('captured', nowMs);
    return { amountMinor: takenMinor, releasedMinor: isLast ? heldMinor : takenMinor, isLast };
  }

  /** Lets go of what remains, and returns it in minor units. Throws 409 `hold_not_active`. */
  release(nowMs: number): bigint {
    this.#assertActive();
    const heldMinor = this.remainingMinor;
    this.#end('released', nowMs);
    return heldMinor;
  }

  /** The hold as it was answered when it was placed: what a repeated request is told. */
  asFirstAnswered(): Hold {
    return new Hold({
      ...this.#state,
      status: 'active',
      capturedMinor: 0n,
      endedAtMs: undefined,
      captures: [],
    });
  }

  /** The hold as one of its captures left it: what a repeated request is told. */
  asAfter(transactionId: TransactionId): Hold {
    const index = this.#state.captures.findIndex((one) => one.transactionId === transactionId);
    const capture = this.#state.captures[index];
    if (capture === undefined) throw new TypeError('a hold is asked about its own captures');
    return new Hold({
      ...this.#state,
      status: capture.isLast ? 'captured' : 'active',
      capturedMinor: capture.capturedMinor,
      endedAtMs: capture.isLast ? capture.createdAtMs : undefined,
      captures: this.#state.captures.slice(0, index + 1),
    });
  }

  #assertActive(): void {
    if (this.#state.status !== 'active') throw holdError('hold_not_active', { status: this.#state.status });
  }

  #end(status: HoldStatus, nowMs: number): void {
    this.#state = { ...this.#state, status, endedAtMs: nowMs };
  }
}

/** A new hold. Throws 400 `validation_failed` for a bad reference or a time that is over. */
export function newHold(
  values: Omit<HoldState, 'capturedMinor' | 'status' | 'endedAtMs' | 'captures'>,
): Hold {
  const { expiresAtMs, createdAtMs } = values;
  if (expiresAtMs !== undefined && expiresAtMs <= createdAtMs) {
    throw validationFailed({ path: 'expiresAt', message: 'must be in the future' });
  }
  return new Hold({
    ...values,
    reference: cleanReference(values.reference),
    capturedMinor: 0n,
    status: 'active',
    endedAtMs: undefined,
    captures: [],
  });
}

/** Throws 400 `validation_failed`. */
export function cleanReference(reference: string | undefined): string | undefined {
  return optional(reference, (text) => cleanText(text, 'reference', 140));
}
