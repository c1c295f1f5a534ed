import { commonError, type FlorinError, validationFailed } from '#lib/errors.ts';
import type { AccountId, CaptureSettlementId, HoldId, TransactionId } from '#lib/ids.ts';
import { assertMatch, type IfMatch } from '#lib/if-match.ts';
import { changedLabels, type LabelChanges, type Labels } from '#lib/labels.ts';
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
  /** By a manager, beyond what was held or after the hold had ended. */
  readonly isForced: boolean;
  /** The amount of the hold at that time, where that is known. */
  readonly holdMinor: bigint | undefined;
  /** What took it back. */
  readonly reversals: readonly Reversal[];
  /** By what it was settled with the acquirer: not what paid an account of this bank. */
  readonly settlementId: CaptureSettlementId | undefined;
  readonly createdAtMs: number;
};

/** A transaction that takes a capture back. Minor units. */
export type Reversal = { readonly transactionId: TransactionId; readonly amountMinor: bigint };

/** New terms; null for no expiry. */
export type HoldChanges = LabelChanges & {
  readonly amountMinor?: bigint | undefined;
  readonly expiresAtMs?: number | null | undefined;
};

/** How far a capture may go: beyond the amount in per cent of it, or as far as a manager says. */
export type CaptureTerms = { readonly tolerancePercent: number; readonly isForced: boolean };

/** A hold's whole state. Minor units; its captures in their order. */
export type HoldState = Labels & {
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
  /** When it was changed, captured or ended last. */
  readonly updatedAtMs: number;
  readonly endedAtMs: number | undefined;
  readonly captures: readonly Capture[];
  /** As it was placed, once that was changed. */
  readonly first: (Labels & Pick<HoldState, 'amountMinor' | 'expiresAtMs'>) | undefined;
  readonly version: number;
};

/** What a capture takes, and what is held no longer with it: the same, and the rest if it is the last. Minor units. */
export type Taken = {
  readonly amountMinor: bigint;
  readonly releasedMinor: bigint;
  readonly isLast: boolean;
};

/** Money set aside on an account. Active until it is used up, captured permanently, released or expired: one of them. */
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
    throw commonError('forbidden', { why: 'The bank placed this hold: it takes staff to end it.' });
  }

  /** Throws 412 `version_conflict` when the caller read another version. */
  assertVersion(version: IfMatch): void {
    assertMatch(version, this.#state.version);
  }

  /**
   * Raises, lowers or extends it, and returns how much more is held, in minor units: less than zero for less. Throws
   * 409 `hold_not_active`, 422 `hold_amount_captured`, 400 `validation_failed` for a time that is over, or a label.
   */
  change({ amountMinor, expiresAtMs, ...labels }: HoldChanges, nowMs: number): bigint {
    this.#assertInTime(nowMs);
    const before = this.#state;
    const after = {
      amountMinor: amountMinor ?? before.amountMinor,
      expiresAtMs: expiresAtMs === undefined ? before.expiresAtMs : (expiresAtMs ?? undefined),
      ...changedLabels(before, labels),
    };
    if (after.amountMinor <= before.capturedMinor) throw holdError('hold_amount_captured');
    assertAhead(after.expiresAtMs, nowMs);
    this.#update({ ...after, first: before.first ?? asPlaced(before) }, nowMs);
    return after.amountMinor - before.amountMinor;
  }

  /**
   * Takes an amount out of the hold, or all that remains; the last capture lets go of the rest. Without terms, not more
   * than is held. Throws 409 `hold_not_active` for a hold that has ended or whose time is over, 422
   * `capture_exceeds_hold`. Forced, it takes any amount, also of a hold that has expired.
   */
  capture(
    { amountMinor, isFinal }: { readonly amountMinor?: bigint | undefined; readonly isFinal: boolean },
    transactionId: TransactionId,
    nowMs: number,
    { tolerancePercent, isForced }: CaptureTerms = { tolerancePercent: 0, isForced: false },
  ): Taken {
    const { status, amountMinor: holdMinor, capturedMinor: beforeMinor } = this.#state;
    if (!isForced) this.#assertInTime(nowMs);
    else if (status !== 'expired') this.#assertActive();
    const leftMinor = holdMinor - beforeMinor;
    const takenMinor = amountMinor ?? leftMinor;
    const mostMinor = leftMinor + (holdMinor * BigInt(tolerancePercent)) / 100n;
    if (!isForced && takenMinor > mostMinor) throw holdError('capture_exceeds_hold');
    const heldMinor = this.remainingMinor;
    const isLast = isFinal || takenMinor >= leftMinor || status === 'expired';
    const capture = {
      transactionId,
      amountMinor: takenMinor,
      capturedMinor: beforeMinor + takenMinor,
      isLast,
      isForced,
      holdMinor,
      reversals: [],
      settlementId: undefined,
      createdAtMs: nowMs,
    };
    const captures = [...this.#state.captures, capture];
    this.#update({ capturedMinor: capture.capturedMinor, captures }, nowMs);
    if (isLast) this.#end('captured', nowMs);
    return { amountMinor: takenMinor, releasedMinor: isLast ? heldMinor : takenMinor, isLast };
  }

  /** Lets go of what remains, and returns it in minor units. Throws 409 `hold_not_active`. */
  release(nowMs: number): bigint {
    this.#assertActive();
    const heldMinor = this.remainingMinor;
    this.#update({}, nowMs);
    this.#end('released', nowMs);
    return heldMinor;
  }

  /** The hold as it was answered when it was placed: the answer to a repeated request. */
  asFirstAnswered(): Hold {
    return new Hold({
      ...this.#state,
      ...this.#state.first,
      status: 'active',
      capturedMinor: 0n,
      updatedAtMs: this.#state.createdAtMs,
      endedAtMs: undefined,
      captures: [],
      first: undefined,
      version: 1,
    });
  }

  /** The hold as one of its captures left it: the answer to a repeated request. */
  asAfter(transactionId: TransactionId): Hold {
    const index = this.#state.captures.findIndex((one) => one.transactionId === transactionId);
    const capture = this.#state.captures[index];
    if (capture === undefined) throw new TypeError('a hold is asked about its own captures');
    return new Hold({
      ...this.#state,
      amountMinor: capture.holdMinor ?? this.#state.amountMinor,
      status: capture.isLast ? 'captured' : 'active',
      capturedMinor: capture.capturedMinor,
      updatedAtMs: capture.createdAtMs,
      endedAtMs: capture.isLast ? capture.createdAtMs : undefined,
      captures: this.#state.captures.slice(0, index + 1).map((one) => ({
        ...one,
        reversals: [],
        settlementId: undefined,
      })),
    });
  }

  #assertActive(): void {
    if (this.#state.status !== 'active') throw holdError('hold_not_active', { status: this.#state.status });
  }

  #assertInTime(nowMs: number): void {
    this.#assertActive();
    const { expiresAtMs } = this.#state;
    if (expiresAtMs !== undefined && expiresAtMs <= nowMs)
      throw holdError('hold_not_active', { status: 'expired' });
  }

  #update(change: Partial<HoldState>, updatedAtMs: number): void {
    this.#state = { ...this.#state, ...change, updatedAtMs, version: this.#state.version + 1 };
  }

  #end(status: HoldStatus, nowMs: number): void {
    this.#state = { ...this.#state, status, endedAtMs: nowMs };
  }
}

function asPlaced({ amountMinor, expiresAtMs, externalId, metadata }: HoldState): HoldState['first'] {
  return { amountMinor, expiresAtMs, externalId, metadata };
}

/** A new hold. Throws 400 `validation_failed` for a bad reference or a time that is over. */
export function newHold(
  values: Omit<
    HoldState,
    'capturedMinor' | 'status' | 'updatedAtMs' | 'endedAtMs' | 'captures' | 'first' | 'version'
  >,
): Hold {
  const { expiresAtMs, createdAtMs } = values;
  assertAhead(expiresAtMs, createdAtMs);
  return new Hold({
    ...values,
    reference: cleanReference(values.reference),
    capturedMinor: 0n,
    status: 'active',
    updatedAtMs: createdAtMs,
    endedAtMs: undefined,
    captures: [],
    first: undefined,
    version: 1,
  });
}

/** Throws 400 `validation_failed` for an end that is over. */
export function assertAhead(expiresAtMs: number | undefined, nowMs: number): void {
  if (expiresAtMs !== undefined && expiresAtMs <= nowMs) throw isOver();
}

function isOver(): FlorinError {
  return validationFailed({ path: 'expiresAt', message: 'must be in the future' });
}

/** Throws 400 `validation_failed`. */
export function cleanReference(reference: string | undefined): string | undefined {
  return optional(reference, (text) => cleanText(text, 'reference', 140));
}
