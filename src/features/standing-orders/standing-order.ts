import { checkAll } from '#lib/check-all.ts';
import { type FlorinError, validationFailed } from '#lib/errors.ts';
import type { Iban } from '#lib/iban.ts';
import type { AccountId, BeneficiaryId, StandingOrderId } from '#lib/ids.ts';
import { assertMatch, type IfMatch } from '#lib/if-match.ts';
import { changedLabels, type LabelChanges, type Labels } from '#lib/labels.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { parseAmount } from '#lib/money/money.ts';
import type { BankCodeScheme, PayeeAccount } from '#lib/payee-account.ts';
import { cleanText } from '#lib/text.ts';
import { addDays, type IsoDate, laterOf } from '#lib/time/dates.ts';
import { dueAfter, dueOnOrAfter, type Every } from '#lib/time/recurrence.ts';
import { standingOrderError } from './errors.ts';
import {
  assertStart,
  checkOrder,
  cleanPayeeName,
  firstDueDate,
  isByMonth,
  type OrderTerms,
} from './order-terms.ts';
import type { BusinessDays, Horizon } from './timing.ts';

/** How often an order fails in a row, for a reason that another day does not change, before it is suspended. */
const MAX_FAILURES = 3;

/** Why the orders of an account are suspended that nobody alive owns. */
export const DECEASED = 'customer_deceased';

export const STANDING_ORDER_STATUSES = ['active', 'paused', 'suspended', 'ended', 'cancelled'] as const;
export type StandingOrderStatus = (typeof STANDING_ORDER_STATUSES)[number];

/** An account that has no IBAN. Of orders that were imported nobody knows what the bank's code is. */
export type BankPayee = {
  readonly scheme: BankCodeScheme | undefined;
  readonly bank: string;
  readonly accountNumber: string;
};

/** Who is paid. */
export type StandingPayee =
  | { readonly accountId: AccountId }
  | { readonly iban: Iban }
  | { readonly beneficiaryId: BeneficiaryId }
  | BankPayee;

/** The payee as a transfer names it; undefined where the code of the bank is of no known scheme. */
export function directPayee(
  payee: StandingPayee,
  name: string | undefined,
):
  | { readonly beneficiaryId: BeneficiaryId }
  | (({ readonly accountId: AccountId } | PayeeAccount) & { readonly name: string | undefined })
  | undefined {
  if ('beneficiaryId' in payee) return payee;
  if (!('bank' in payee)) return { ...payee, name };
  const { scheme, bank, accountNumber } = payee;
  return scheme === undefined ? undefined : { scheme, bank, accountNumber, name };
}

export type StandingOrderState = {
  readonly id: StandingOrderId;
  /** Which pays. */
  readonly accountId: AccountId;
  readonly payee: StandingPayee;
  /** The payee as the customer names it; a beneficiary has a name of its own. Orders of before may have none. */
  readonly toName: string | undefined;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  /** From one due date to the next; undefined for an order that is paid once. */
  readonly every: Every | undefined;
  /** The day of the month, kept through short months; by the week, the ISO weekday. */
  readonly anchorDay: number;
  readonly businessDays: BusinessDays;
  /** Under its present terms. */
  readonly startOn: IsoDate;
  readonly endOn: IsoDate | undefined;
  /** The first due date that was not tried yet. */
  readonly nextDueOn: IsoDate | undefined;
  readonly status: StandingOrderStatus;
  /** In a row, for a reason that another day does not change. */
  readonly failures: number;
  /** The code of the problem, or of what happened to the account. */
  readonly suspendedFor: string | undefined;
  readonly description: string | undefined;
  readonly reference: string | undefined;
  readonly purpose: string | undefined;
  readonly externalId: string | undefined;
  readonly metadata?: Labels['metadata'];
  readonly version: number;
};

export type StandingOrderChanges = LabelChanges & {
  /** In major units of the order's currency. */
  readonly amount?: string | undefined;
  readonly toName?: string | undefined;
  readonly endOn?: IsoDate | null | undefined;
  readonly description?: string | null | undefined;
  readonly reference?: string | null | undefined;
  readonly status?: 'active' | 'paused' | undefined;
  readonly timing?: NewTiming | undefined;
  readonly businessDays?: BusinessDays | undefined;
  /** Leaves out the next due date. */
  readonly skipNext?: boolean | undefined;
};

/** New due dates: what is not given stays as it is. */
type NewTiming = {
  readonly every?: Every | 'once' | undefined;
  readonly startOn?: IsoDate | undefined;
  readonly dayOfMonth?: number | undefined;
};

export type NewStandingOrder = OrderTerms &
  Pick<StandingOrderState, 'id' | 'accountId' | 'payee' | 'amountMinor' | 'currency'> & {
    readonly purpose?: string | undefined;
  };

/** A customer's order to pay again and again. Holds every rule about when; does no I/O. */
export class StandingOrder {
  #state: StandingOrderState;

  constructor(state: StandingOrderState) {
    this.#state = state;
  }

  /**
   * A new order, from today on at the earliest. Throws 400 `validation_failed` for a start in the past or more than
   * ten years ahead, or an end before the first due date. So do a day of the month of a weekly order, and bad texts.
   */
  static open(order: NewStandingOrder, today: IsoDate): StandingOrder {
    const {
      businessDays,
      purpose,
      dayOfMonth: _,
      toName: __,
      description: ___,
      reference: ____,
      ...rest
    } = order;
    const { texts, due, endOn } = checkOrder(order, today);
    const { anchorDay, nextDueOn } = due;
    return new StandingOrder({
      ...rest,
      endOn,
      anchorDay,
      businessDays: businessDays ?? 'following',
      nextDueOn,
      status: 'active',
      failures: 0,
      suspendedFor: undefined,
      ...texts,
      purpose,
      externalId: texts.externalId,
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
  assertVersion(version: IfMatch): void {
    assertMatch(version, this.#state.version);
  }

  /**
   * Changes what is paid, when and until when; pauses and resumes it. Due dates that pass while it does not pay are left
   * out. Throws 409 `standing_order_not_active` for one that is over, and 400 `validation_failed` or `invalid_amount` with
   * all that is wrong: the amount, a date, an end before the next due date, a text.
   */
  change(changes: StandingOrderChanges, today: IsoDate): void {
    this.#assertNotOver();
    const before = this.#state;
    const { dates, labels, ...checked } = checkAll({
      amountMinor: () =>
        changes.amount === undefined ? before.amountMinor : parseAmount(changes.amount, before.currency),
      toName: () => this.#renamed(changes.toName),
      description: () => change(before.description, changes.description, 'description', 500),
      reference: () => change(before.reference, changes.reference, 'reference', 140),
      labels: () => changedLabels(before, changes),
      dates: () => this.#datesAfter(changes, today),
    });
    const { businessDays = before.businessDays } = changes;
    const { externalId, metadata } = labels;
    const version = before.version + 1;
    this.#state = { ...before, ...dates, ...checked, externalId, metadata, businessDays, version };
  }

  #renamed(name: string | undefined): string | undefined {
    const { payee, toName } = this.#state;
    if (name === undefined) return toName;
    if ('beneficiaryId' in payee) {
      throw validationFailed({ path: 'toName', message: 'is that of the beneficiary' });
    }
    return cleanPayeeName(name);
  }

  /** When it pays after a change, and whether it does. */
  #datesAfter(changes: StandingOrderChanges, today: IsoDate): Partial<StandingOrderState> {
    const before = this.#state;
    const retimed = this.#retimed(changes.timing, today);
    const timed = { ...before, ...retimed };
    const status = changes.status ?? (before.status === 'ended' ? 'active' : before.status);
    const resumed = before.status !== 'active' && status === 'active';
    const { nextDueOn = today } = timed;
    const first = dueFrom(timed, resumed ? laterOf(nextDueOn, today) : nextDueOn);
    const due = changes.skipNext === true ? first && dueFrom(timed, addDays(first, 1)) : first;
    const endOn = endAfter(before, timed, changes.endOn);
    if (due === undefined || (endOn !== undefined && due > endOn)) throw leavesNothing(changes);
    return {
      ...retimed,
      endOn: timed.every === undefined ? due : endOn,
      status,
      nextDueOn: due,
      ...(status === 'active' ? { failures: resumed ? 0 : before.failures, suspendedFor: undefined } : {}),
    };
  }

  /** New due dates begin on a date that is given, or with the next due date of before. */
  #retimed(
    timing: NewTiming | undefined,
    today: IsoDate,
  ): Partial<Pick<StandingOrderState, 'every' | 'startOn' | 'anchorDay' | 'nextDueOn'>> {
    if (timing === undefined) return {};
    const { nextDueOn = today, every: everyBefore, anchorDay: anchorBefore } = this.#state;
    if (timing.startOn !== undefined) assertStart(timing.startOn, today);
    const every = timing.every === 'once' ? undefined : (timing.every ?? everyBefore);
    const startOn = timing.startOn ?? nextDueOn;
    const isSameUnit = every?.unit === everyBefore?.unit;
    const keptDay = timing.startOn === undefined && isSameUnit && isByMonth(every) ? anchorBefore : undefined;
    const dayOfMonth = timing.dayOfMonth ?? keptDay;
    return { every, startOn, ...firstDueDate({ every, startOn, dayOfMonth }) };
  }

  /** Permanently. Throws 409 `standing_order_not_active` for one that is over. */
  cancel(): void {
    this.#assertNotOver();
    this.#state = {
      ...this.#state,
      status: 'cancelled',
      nextDueOn: undefined,
      version: this.#state.version + 1,
    };
  }

  /** Names the payee's account and name, in place of a beneficiary that is deleted. */
  payDirectly({ account, name }: { readonly account: PayeeAccount; readonly name: string }): void {
    this.#state = { ...this.#state, payee: account, toName: name, version: this.#state.version + 1 };
  }

  /** Whether a date pays its next due date. */
  isDue(horizon: Horizon): boolean {
    const { status, nextDueOn, businessDays } = this.#state;
    const through = horizon[businessDays];
    return status === 'active' && nextDueOn !== undefined && through !== undefined && nextDueOn <= through;
  }

  /** Goes on to the due date after the one that was tried; over when that is past the end. */
  advance(): void {
    const { nextDueOn, every, endOn } = this.#state;
    if (nextDueOn === undefined) return;
    if (every === undefined) this.#end();
    else this.#goTo(dueAfter({ ...this.#state, every }, nextDueOn), endOn);
  }

  /** Leaves out due dates up to a date: they were paid elsewhere. */
  skipThrough(date: IsoDate): void {
    const { nextDueOn, every, endOn } = this.#state;
    if (nextDueOn === undefined || nextDueOn > date) return;
    if (every === undefined) this.#end();
    else this.#goTo(dueAfter({ ...this.#state, every }, date), endOn);
  }

  /**
   * Takes note of how its last due date went: of a payment that another day would not change either, with its code.
   * After three of them in a row it is suspended, and the answer is true.
   */
  count(hopelessCode: string | undefined): boolean {
    const failures = hopelessCode === undefined ? 0 : this.#state.failures + 1;
    this.#state = { ...this.#state, failures };
    if (hopelessCode === undefined || failures < MAX_FAILURES || this.isOver) return false;
    this.suspend(hopelessCode);
    return true;
  }

  /** Pays nothing until it is resumed; says why. */
  suspend(code: string): void {
    if (this.isOver) return;
    const version = this.#state.version + 1;
    this.#state = { ...this.#state, status: 'suspended', suspendedFor: code, version };
  }

  /** Resumes it where it was suspended with this code, and a due date is left; the answer is whether it was. */
  goOn(code: string, today: IsoDate): boolean {
    const { status, suspendedFor, nextDueOn = today, endOn } = this.#state;
    if (status !== 'suspended' || suspendedFor !== code) return false;
    const due = dueFrom(this.#state, laterOf(nextDueOn, today));
    const version = this.#state.version + 1;
    const resumed = { ...this.#state, failures: 0, suspendedFor: undefined, version };
    const isOver = due === undefined || (endOn !== undefined && due > endOn);
    this.#state = isOver
      ? { ...resumed, status: 'ended', nextDueOn: undefined }
      : { ...resumed, status: 'active', nextDueOn: due };
    return true;
  }

  #goTo(due: IsoDate, endOn: IsoDate | undefined): void {
    if (endOn !== undefined && due > endOn) this.#end();
    else this.#state = { ...this.#state, nextDueOn: due };
  }

  #end(): void {
    this.#state = { ...this.#state, status: 'ended', nextDueOn: undefined };
  }

  #assertNotOver(): void {
    if (this.isOver) throw standingOrderError('standing_order_not_active', { status: this.#state.status });
  }
}

/** The first due date of an order on or after a date; one that is paid once has its date alone. */
function dueFrom(
  { every, startOn, anchorDay }: Pick<StandingOrderState, 'every' | 'startOn' | 'anchorDay'>,
  date: IsoDate,
): IsoDate | undefined {
  if (every !== undefined) return dueOnOrAfter({ every, startOn, anchorDay }, date);
  return date <= startOn ? startOn : undefined;
}

/** An order that is paid once ends by itself: its end is not given, and does not stay when it is paid again. */
function endAfter(
  before: Pick<StandingOrderState, 'every'>,
  { every, endOn }: Pick<StandingOrderState, 'every' | 'endOn'>,
  given: IsoDate | null | undefined,
): IsoDate | undefined {
  if (every === undefined) {
    if (typeof given !== 'string') return undefined;
    throw validationFailed({ path: 'endDate', message: 'does not belong to an order that is paid once' });
  }
  if (given !== undefined) return given ?? undefined;
  return before.every === undefined ? undefined : endOn;
}

function leavesNothing({ skipNext, endOn }: StandingOrderChanges): FlorinError {
  const given = endOn === undefined ? 'status' : 'endDate';
  const path = skipNext === true ? 'skipNext' : given;
  return validationFailed({ path, message: 'leaves no due date; cancel the order instead' });
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
