import { instalmentDate } from '#features/interest/contract.ts';
import type { AccountId, TransactionId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { DepositState, InstalmentPlan, Instruction } from './state.ts';

export const DEPOSIT_EVENT_KINDS = [
  'opened',
  'instructed',
  'instalment_paid',
  'instalment_missed',
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

/** How long a recurring deposit lasts from an event on. */
export type Duration = {
  readonly instalments: number;
  readonly maturesOn: IsoDate;
  readonly noticeDueOn?: IsoDate | undefined;
};

/** What an event says beside its amount. */
export type DepositEventDetails = {
  /** Of a recurring deposit: when it is opened, and when a missed instalment is moved behind the last one. */
  readonly duration?: Duration | undefined;
  /** The number of the instalment that was paid or missed. */
  readonly instalment?: number | undefined;
  /** The account that instalments are collected from, from then on. */
  readonly collectedFromId?: AccountId | undefined;
  /** From which day on the amount counts, where that is not the day of the event. */
  readonly valueDate?: IsoDate | undefined;
  /** From then on: of a deposit that is opened or instructed. */
  readonly instruction?: Instruction | undefined;
  /** Why money waits or an instalment was missed, or why a deposit was paid out in place of being renewed. */
  readonly code?: string | undefined;
  readonly renewedAsId?: AccountId | undefined;
  /** Of a renewal: whether nothing is left to be paid out. */
  readonly isWhole?: boolean | undefined;
  readonly closure?: ClosureFigures | undefined;
  /** Why staff closed it, for staff and for the customer. */
  readonly reason?: string | undefined;
  readonly customerReason?: string | undefined;
};

/** Why a deposit is closed early: for staff, and as the customer reads it. */
export type ClosingReasons = Pick<DepositEventDetails, 'reason' | 'customerReason'>;

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

/** What an event changes of a deposit, and the first day, from which instalments are counted. */
export type Standing = Pick<
  DepositState,
  | 'instruction'
  | 'status'
  | 'waitsFor'
  | 'endedOn'
  | 'renewedAsId'
  | 'lastEventNumber'
  | 'openedOn'
  | 'principalMinor'
  | 'maturesOn'
  | 'noticeDueOn'
  | 'plan'
  | 'collectedFromId'
>;

/** Where a deposit stands after an event. The first one opens it. */
export function afterEvent(before: Standing, event: DepositEvent): Standing {
  const { kind, on, number, amountMinor = 0n, details } = event;
  const next = { ...before, lastEventNumber: number };
  switch (kind) {
    case 'opened':
      return {
        ...next,
        ...instructed(before, details),
        ...withInstalment(before, { ...details, instalment: 1 }),
        principalMinor: amountMinor,
      };
    case 'instructed':
      return { ...next, ...instructed(before, details) };
    case 'instalment_paid':
      return {
        ...next,
        ...withInstalment(before, details),
        principalMinor: before.principalMinor + amountMinor,
      };
    case 'instalment_missed': {
      const principalMinor = before.principalMinor - amountMinor;
      const after = withInstalment(before, details);
      const plan = after.plan && { ...after.plan, missed: after.plan.missed + 1 };
      return { ...next, ...after, plan, principalMinor };
    }
    case 'interest_paid':
      return { ...next, waitsFor: undefined };
    case 'waiting':
      return { ...next, waitsFor: details.code };
    case 'matured':
      return { ...next, ...nothingDue(before), status: 'matured', waitsFor: undefined };
    case 'closed_early':
      return { ...next, ...nothingDue(before), status: 'closed_early', waitsFor: undefined, endedOn: on };
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

function instructed(
  { instruction, collectedFromId }: Standing,
  details: DepositEventDetails,
): Pick<Standing, 'instruction' | 'collectedFromId'> {
  return {
    instruction: details.instruction ?? instruction,
    collectedFromId: details.collectedFromId ?? collectedFromId,
  };
}

function nothingDue({ plan }: Standing): Pick<Standing, 'plan'> {
  return { plan: plan && { ...plan, nextDueOn: undefined } };
}

/** With an instalment that is decided, and with another duration where the event says one. */
function withInstalment(
  { plan, openedOn, maturesOn, noticeDueOn }: Standing,
  { instalment = 0, duration }: DepositEventDetails,
): Pick<Standing, 'plan' | 'maturesOn' | 'noticeDueOn'> {
  if (plan === undefined) return { plan, maturesOn, noticeDueOn };
  const settled = Math.max(plan.settled, instalment);
  const count = duration?.instalments ?? plan.count;
  const { frequency } = plan;
  const nextDueOn = settled < count ? instalmentDate({ openedOn, frequency }, settled + 1) : undefined;
  const decided: InstalmentPlan = { ...plan, count, settled, nextDueOn };
  if (duration === undefined) return { plan: decided, maturesOn, noticeDueOn };
  return { plan: decided, maturesOn: duration.maturesOn, noticeDueOn: duration.noticeDueOn };
}
