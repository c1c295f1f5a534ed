import type { AccountId, TransactionId } from '#lib/ids.ts';
import { assertMatch, type IfMatch } from '#lib/if-match.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { depositError } from './errors.ts';
import {
  afterEvent,
  type ClosingReasons,
  type ClosureFigures,
  type DepositEvent,
  type DepositEventDetails,
  type DepositEventKind,
  type Duration,
} from './event.ts';
import type { DepositState, Instruction } from './state.ts';

/** An amount that was paid, in minor units, with its entry. */
export type Paid = { readonly amountMinor: bigint; readonly entryId: TransactionId | undefined };

/** What a missed instalment comes to. */
export type MissedInstalment = {
  readonly code: string;
  readonly duration: Duration | undefined;
  readonly fee: (Paid & { readonly valueDate: IsoDate }) | undefined;
};

/** A deposit and what happens to it. Holds its rules, and does no I/O. */
export class Deposit {
  #state: DepositState;
  readonly #events: DepositEvent[] = [];

  constructor(state: DepositState) {
    this.#state = state;
  }

  /** A new one, paid for with an entry. */
  static open(
    agreed: Omit<
      DepositState,
      'status' | 'waitsFor' | 'endedOn' | 'renewedAsId' | 'lastEventNumber' | 'version'
    >,
    entryId: TransactionId,
  ): Deposit {
    const deposit = new Deposit({
      ...agreed,
      status: 'active',
      waitsFor: undefined,
      endedOn: undefined,
      renewedAsId: undefined,
      lastEventNumber: 0,
      version: 0,
    });
    const { principalMinor: amountMinor, instruction, openedOn, plan, maturesOn, noticeDueOn } = agreed;
    const { collectedFromId } = agreed;
    const duration = plan && { instalments: plan.count, maturesOn, noticeDueOn };
    const details = { instruction, duration, collectedFromId };
    deposit.#record('opened', openedOn, { amountMinor, entryId, details });
    return deposit;
  }

  get state(): DepositState {
    return this.#state;
  }

  /** What happened since it was loaded, in order. */
  get events(): readonly DepositEvent[] {
    return this.#events;
  }

  get isOver(): boolean {
    return this.#state.endedOn !== undefined;
  }

  /** Throws 412 `version_conflict` when the caller read another version. */
  assertVersion(version: IfMatch): void {
    assertMatch(version, this.#state.version);
  }

  /** What is to happen at its maturity, and where instalments come from. Throws 409 `deposit_over`. */
  instruct(instruction: Instruction, collectedFromId: AccountId | undefined, on: IsoDate): void {
    this.#assertNotOver();
    this.#record('instructed', on, { details: { instruction, collectedFromId } });
  }

  /** An instalment was paid: in time, late, or though it had been missed. */
  payInstalment(instalment: number, paid: Paid & { readonly valueDate: IsoDate }, on: IsoDate): void {
    const { valueDate, ...moved } = paid;
    const details = { instalment, valueDate: valueDate === on ? undefined : valueDate };
    this.#record('instalment_paid', on, { ...moved, details });
  }

  /** An instalment was not paid in time: why, what that cost, and how long the deposit lasts now, if longer. */
  missInstalment(instalment: number, { code, duration, fee }: MissedInstalment, on: IsoDate): void {
    const { amountMinor, entryId, valueDate = on } = fee ?? {};
    const details = {
      instalment,
      code,
      duration,
      valueDate: valueDate === on ? undefined : valueDate,
    };
    this.#record('instalment_missed', on, { amountMinor, entryId, details });
  }

  /** Throws 409 `deposit_over`, and `deposit_matures` from the day of its maturity on. */
  assertRuns(today: IsoDate): void {
    this.#assertNotOver();
    const { status, maturesOn } = this.#state;
    if (status !== 'active' || today >= maturesOn) throw depositError('deposit_matures', { on: maturesOn });
  }

  /** Interest that was posted on it was paid out. */
  payInterest(paid: Paid, on: IsoDate): void {
    this.#record('interest_paid', on, paid);
  }

  /** Its term is over: it earns nothing more, and its money is free. */
  mature(on: IsoDate): void {
    this.#record('matured', on, {});
  }

  /** Its money cannot be paid yet. Said once for each reason. */
  wait(code: string, on: IsoDate): void {
    if (this.#state.waitsFor !== code) this.#record('waiting', on, { details: { code } });
  }

  /** Another deposit goes on with an amount of it. */
  renew(paid: Paid, on: IsoDate, into: { readonly renewedAsId: AccountId; readonly isWhole: boolean }): void {
    this.#record('renewed', on, { ...paid, details: into });
  }

  /** What was left is paid out; `code` says why it was not renewed, though it should have been. */
  payOut(paid: Paid, on: IsoDate, code?: string): void {
    this.#record('paid_out', on, { ...paid, details: { code } });
  }

  closeEarly(on: IsoDate, closure: ClosureFigures, reasons: ClosingReasons): void {
    this.#record('closed_early', on, { details: { closure, ...reasons } });
  }

  #assertNotOver(): void {
    if (this.isOver) throw depositError('deposit_over');
  }

  #record(
    kind: DepositEventKind,
    on: IsoDate,
    {
      amountMinor,
      entryId,
      details = {},
    }: {
      readonly amountMinor?: bigint | undefined;
      readonly entryId?: TransactionId | undefined;
      readonly details?: DepositEventDetails;
    },
  ): void {
    const number = this.#state.lastEventNumber + 1;
    const event: DepositEvent = { number, kind, on, amountMinor, entryId, details };
    this.#events.push(event);
    this.#state = { ...this.#state, ...afterEvent(this.#state, event), version: number };
  }
}
