import { validationFailed, versionConflict } from '#lib/errors.ts';
import type { Iban } from '#lib/iban.ts';
import type { AccountId, BeneficiaryId, StandingOrderId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { cleanText, optional } from '#lib/text.ts';
import { addYears, type IsoDate, laterOf } from '#lib/time/dates.ts';
import { anchorOf, dueAfter, dueOnOrAfter, type Frequency } from '#lib/time/recurrence.ts';
import { standingOrderError } from './errors.ts';

/** Whoever orders something for later than this has typed a wrong year. */
const MAX_YEARS_AHEAD = 10;

export const STANDING_ORDER_STATUSES = ['active', 'paused', 'ended', 'cancelled'] as const;
export type StandingOrderStatus = (typeof STANDING_ORDER_STATUSES)[number];

/** An account of another bank that has no IBAN. */
export type BankPayee = { readonly bank: string; readonly accountNumber: string };

/** Who is paid. */
export type StandingPayee =
  | { readonly accountId: AccountId }
  | { readonly iban: Iban }
  | { readonly beneficiaryId: BeneficiaryId }
  | BankPayee;

export type StandingOrderState = {
  readonly id: StandingOrderId;
  /** Which pays. */
  readonly accountId: AccountId;
  readonly payee: StandingPayee;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly frequency: Frequency;
  /** The day of the month, kept through short months; the ISO weekday if weekly. */
  readonly anchorDay: number;
  readonly startOn: IsoDate;
  readonly endOn: IsoDate | undefined;
  /** The first due date that was not tried yet. */
  readonly nextDueOn: IsoDate | undefined;
  readonly status: StandingOrderStatus;
  readonly description: string | undefined;
  readonly reference: string | undefined;
  readonly purpose: string | undefined;
  readonly externalId: string | undefined;
  readonly version: number;
};

export type StandingOrderChanges = {
  readonly amountMinor?: bigint | undefined;
  readonly endOn?: IsoDate | null | undefined;
  readonly description?: string | null | undefined;
  readonly reference?: string | null | undefined;
  readonly status?: 'active' | 'paused' | undefined;
};

export type NewStandingOrder = Pick<
  StandingOrderState,
  'id' | 'accountId' | 'payee' | 'amountMinor' | 'currency' | 'frequency' | 'startOn' | 'endOn'
> & {
  readonly dayOfMonth?: number | undefined;
  readonly description?: string | undefined;
  readonly reference?: string | undefined;
  readonly purpose?: string | undefined;
  readonly externalId?: string | undefined;
};

/** A customer's order to pay again and again. Holds every rule about when; does no I/O. */
export class StandingOrder {
  #state: StandingOrderState;

  constructor(state: StandingOrderState) {
    this.#state = state;
  }

  /**
   * A new order, from today on at the earliest. Throws 400 `validation_failed` for a start in the past or more than
   * ten years ahead, an end before the first due date, a day of the month where it is paid by the week, and a text.
   */
  static open(order: NewStandingOrder, today: IsoDate): StandingOrder {
    const { dayOfMonth, description, reference, purpose, externalId, ...rest } = order;
    const { frequency, startOn, endOn } = rest;
    if (startOn < today) throw validationFailed({ path: 'startDate', message: 'must not be in the past' });
    if (startOn > addYears(today, MAX_YEARS_AHEAD)) {
      throw validationFailed({ path: 'startDate', message: `must be within ${MAX_YEARS_AHEAD} years` });
    }
    if (dayOfMonth !== undefined && frequency === 'weekly') {
      throw validationFailed({ path: 'dayOfMonth', message: 'does not belong to a weekly order' });
    }
    if (endOn !== undefined && endOn < startOn) {
      throw validationFailed({ path: 'endDate', message: 'must not be before the start' });
    }
    const anchorDay = dayOfMonth ?? anchorOf(frequency, startOn);
    const nextDueOn = dueOnOrAfter({ frequency, startOn, anchorDay }, startOn);
    if (endOn !== undefined && nextDueOn > endOn) {
      throw validationFailed({ path: 'endDate', message: `is before the first due date, ${nextDueOn}` });
    }
    return new StandingOrder({
      ...rest,
      anchorDay,
      nextDueOn,
      status: 'active',
      description: optional(description, (text) => cleanText(text, 'description', 500)),
      reference: optional(reference, (text) => cleanText(text, 'reference', 140)),
      purpose,
      externalId,
      version: 1,
    });
  }

  get state(): StandingOrderState {
    return this.#state;
  }

  /** Whether it will never pay again. */
  get isOver(): boolean {
    return this.#state.status === 'ended' || this.#state.status === 'cancelled';
  }

  /** Throws 412 `version_conflict` when the caller read another version. */
  assertVersion(version: number | '*'): void {
    if (version !== '*' && version !== this.#state.version) throw versionConflict();
  }

  /**
   * Changes what is paid, until when, or pauses and resumes it; due dates that pass during a pause are left out.
   * Throws 409 `standing_order_not_active` for one that is over, and 400 `validation_failed` for an end before the
   * next due date or a text.
   */
  change(changes: StandingOrderChanges, today: IsoDate): void {
    this.#assertNotOver();
    const { endOn, description, reference } = changes;
    const state = this.#state;
    const status = changes.status ?? (state.status === 'paused' ? 'paused' : 'active');
    const resumed = state.status === 'paused' && status === 'active';
    const next = {
      amountMinor: changes.amountMinor ?? state.amountMinor,
      endOn: endOn === undefined ? state.endOn : (endOn ?? undefined),
      description: change(state.description, description, 'description', 500),
      reference: change(state.reference, reference, 'reference', 140),
      status,
      nextDueOn: resumed ? dueOnOrAfter(state, laterOf(state.nextDueOn ?? today, today)) : state.nextDueOn,
    };
    if (next.endOn !== undefined && (next.nextDueOn === undefined || next.endOn < next.nextDueOn)) {
      throw validationFailed({
        path: endOn === undefined ? 'status' : 'endDate',
        message: 'leaves no due date; cancel the order instead',
      });
    }
    this.#state = { ...state, ...next, version: state.version + 1 };
  }

  /** For good. Throws 409 `standing_order_not_active` for one that is over. */
  cancel(): void {
    this.#assertNotOver();
    this.#state = {
      ...this.#state,
      status: 'cancelled',
      nextDueOn: undefined,
      version: this.#state.version + 1,
    };
  }

  /** Names the payee's IBAN, in place of a beneficiary that is deleted. */
  payByIban(iban: Iban): void {
    this.#state = { ...this.#state, payee: { iban }, version: this.#state.version + 1 };
  }

  /** Goes on to the due date after the one that was tried; over when that is past the end. */
  advance(): void {
    const { nextDueOn, endOn } = this.#state;
    if (nextDueOn === undefined) return;
    this.#goTo(dueAfter(this.#state, nextDueOn), endOn);
  }

  /** Leaves out due dates up to a date: they were paid elsewhere. */
  skipThrough(date: IsoDate): void {
    const { nextDueOn, endOn } = this.#state;
    if (nextDueOn === undefined || nextDueOn > date) return;
    this.#goTo(dueAfter(this.#state, date), endOn);
  }

  #goTo(due: IsoDate, endOn: IsoDate | undefined): void {
    const isOver = endOn !== undefined && due > endOn;
    this.#state = isOver
      ? { ...this.#state, status: 'ended', nextDueOn: undefined }
      : { ...this.#state, nextDueOn: due };
  }

  #assertNotOver(): void {
    if (this.isOver) throw standingOrderError('standing_order_not_active', { status: this.#state.status });
  }
}

function change(
  before: string | undefined,
  text: string | null | undefined,
  path: string,
  maxLength: number,
): string | undefined {
  if (text === undefined) return before;
  return text === null ? undefined : cleanText(text, path, maxLength);
}
