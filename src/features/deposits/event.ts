import type { AccountId, TransactionId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { DepositState, Instruction } from './state.ts';

export const DEPOSIT_EVENT_KINDS = [
  'opened',
  'instructed',
  'interest_paid',
  'closed_early',
  'matured',
  'waiting',
  'renewed',
  'paid_out',
] as const;
export type DepositEventKind = (typeof DEPOSIT_EVENT_KINDS)[number];

/** What closing early came to, in minor units as text. */
export type ClosureFigures = {
  readonly ratePpm: string;
  readonly interestMinor: string;
  readonly forfeitedMinor: string;
  readonly penaltyMinor: string;
  readonly recoveredMinor: string;
  /** Whether what was posted to settle it bears no tax. */
  readonly isExempt: boolean;
  /** What was posted before. */
  readonly postedMinor: string;
  /** What was posted to settle it, and the tax on that by its parts: below zero where it was taken back. */
  readonly settledMinor: string;
  readonly tax: Readonly<Record<string, string>>;
};

/** What an event says beside its amount. */
export type DepositEventDetails = {
  /** From then on: of a deposit that is opened or instructed. */
  readonly instruction?: Instruction | undefined;
  /** Why money waits, or why a deposit was paid out in place of being renewed. */
  readonly code?: string | undefined;
  readonly renewedAsId?: AccountId | undefined;
  /** Of a renewal: whether nothing is left to be paid out. */
  readonly isWhole?: boolean | undefined;
  readonly closure?: ClosureFigures | undefined;
  /** Why staff closed it. */
  readonly reason?: string | undefined;
};

/** Something that happened to a deposit. */
export type DepositEvent = {
  /** 1, 2, 3 … of the deposit. */
  readonly number: number;
  readonly kind: DepositEventKind;
  readonly on: IsoDate;
  readonly amountMinor: bigint | undefined;
  readonly entryId: TransactionId | undefined;
  readonly details: DepositEventDetails;
};

/** What an event changes of a deposit. */
export type Standing = Pick<
  DepositState,
  'instruction' | 'status' | 'waitsFor' | 'endedOn' | 'renewedAsId' | 'lastEventNumber'
>;

/** Where a deposit stands after an event. The first one opens it. */
export function afterEvent(before: Standing, { kind, on, number, details }: DepositEvent): Standing {
  const next = { ...before, lastEventNumber: number };
  switch (kind) {
    case 'opened':
    case 'instructed':
      return { ...next, instruction: details.instruction ?? before.instruction };
    case 'interest_paid':
      return { ...next, waitsFor: undefined };
    case 'waiting':
      return { ...next, waitsFor: details.code };
    case 'matured':
      return { ...next, status: 'matured', waitsFor: undefined };
    case 'closed_early':
      return { ...next, status: 'closed_early', waitsFor: undefined, endedOn: on };
    case 'renewed': {
      const renewed = { ...next, renewedAsId: details.renewedAsId };
      return details.isWhole === true
        ? { ...renewed, status: 'renewed', waitsFor: undefined, endedOn: on }
        : renewed;
    }
    case 'paid_out': {
      // What is left of one that was closed early is paid with it.
      if (before.status === 'closed_early') return next;
      const status = before.renewedAsId === undefined ? 'paid_out' : 'renewed';
      return { ...next, status, waitsFor: undefined, endedOn: on };
    }
  }
}
