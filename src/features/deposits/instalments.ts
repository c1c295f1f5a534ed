import { type Flow, instalmentDate } from '#features/interest/contract.ts';
import type { TransactionId } from '#lib/ids.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import type { DepositEvent } from './event.ts';
import type { DepositState } from './state.ts';

export const INSTALMENT_STATUSES = ['scheduled', 'due', 'paid', 'late', 'missed'] as const;

/** An instalment of a recurring deposit. Amounts in minor units. */
export type Instalment = {
  readonly number: number;
  readonly dueOn: IsoDate;
  readonly amountMinor: bigint;
  readonly status: (typeof INSTALMENT_STATUSES)[number];
  readonly paidOn: IsoDate | undefined;
  readonly entryId: TransactionId | undefined;
  /** Why it was missed. */
  readonly code: string | undefined;
  /** What that cost. */
  readonly feeMinor: bigint | undefined;
};

/** What happened to an instalment. */
type Told = { readonly paid?: DepositEvent; readonly missed?: DepositEvent };

/** The instalments of a deposit, in order; none of one that is not recurring. `events` are all of its own. */
export function instalmentsOf(
  deposit: DepositState,
  events: readonly DepositEvent[],
  today: IsoDate,
): Instalment[] {
  const { plan, openedOn } = deposit;
  if (plan === undefined) return [];
  const told = byInstalment(events);
  const { amountMinor, frequency, count } = plan;
  return Array.from({ length: count }, (_, index): Instalment => {
    const number = index + 1;
    const dueOn = instalmentDate({ openedOn, frequency }, number);
    const { paid, missed } = told.get(number) ?? {};
    return {
      number,
      dueOn,
      amountMinor,
      status: statusOf({ paid, missed }, dueOn, { today, isOver: deposit.status !== 'active' }),
      paidOn: paid?.on,
      entryId: paid?.entryId,
      code: missed?.details.code,
      feeMinor: missed?.amountMinor,
    };
  });
}

function statusOf(
  { paid, missed }: { readonly paid: DepositEvent | undefined; readonly missed: DepositEvent | undefined },
  dueOn: IsoDate,
  { today, isOver }: { readonly today: IsoDate; readonly isOver: boolean },
): Instalment['status'] {
  if (paid !== undefined) return paid.on > dueOn ? 'late' : 'paid';
  if (missed !== undefined || isOver) return 'missed';
  return dueOn > today ? 'scheduled' : 'due';
}

/** The oldest instalment that may be paid: missed and not moved behind the last one, or due. Undefined for none. */
export function owedInstalment(
  deposit: DepositState,
  events: readonly DepositEvent[],
  today: IsoDate,
): Instalment | undefined {
  const moved = new Set(
    events.flatMap(({ kind, details }) =>
      kind === 'instalment_missed' && details.duration !== undefined ? (details.instalment ?? []) : [],
    ),
  );
  return instalmentsOf(deposit, events, today).find(
    ({ number, status }) => status === 'due' || (status === 'missed' && !moved.has(number)),
  );
}

function byInstalment(events: readonly DepositEvent[]): ReadonlyMap<number, Told> {
  const told = new Map<number, Told>();
  for (const event of events) {
    const { kind, details } = event;
    if (kind === 'opened') told.set(1, { paid: event });
    const { instalment } = details;
    if (instalment === undefined) continue;
    const before = told.get(instalment);
    told.set(
      instalment,
      kind === 'instalment_paid' ? { ...before, paid: event } : { ...before, missed: event },
    );
  }
  return told;
}

/** The money that came on a deposit, less what missed instalments cost, by the day from which it counts. */
export function flowsOf(events: readonly DepositEvent[]): Flow[] {
  const flows = events.flatMap(({ kind, on, amountMinor, details }): Flow[] => {
    if (amountMinor === undefined) return [];
    const day = details.valueDate ?? on;
    if (kind === 'opened' || kind === 'instalment_paid') return [{ on: day, amountMinor }];
    return kind === 'instalment_missed' ? [{ on: day, amountMinor: -amountMinor }] : [];
  });
  return flows.toSorted((one, other) => (one.on < other.on ? -1 : one.on > other.on ? 1 : 0));
}

/** The days on which instalments were missed, in order. */
export function missedDays(events: readonly DepositEvent[]): IsoDate[] {
  return events.flatMap(({ kind, on }) => (kind === 'instalment_missed' ? [on] : []));
}
