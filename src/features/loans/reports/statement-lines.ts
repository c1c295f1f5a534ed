import { addDays, type IsoDate } from '#lib/time/dates.ts';
import { effectOn } from '../correction.ts';
import type { StoredEvent } from '../event-repository.ts';
import { type LivingLoan, relive } from '../life.ts';
import { type LoanParts, NO_PARTS, owedParts, totalOf } from '../state.ts';

/** A line of a statement: an event, or what was earned up to the next one. Minor units. */
export type StatementLine = {
  /** When it was booked. */
  readonly on: IsoDate;
  readonly event: StoredEvent | undefined;
  /** By how much it changes what is owed, and what is owed after it. */
  readonly change: LoanParts;
  readonly owedAfter: LoanParts;
};

export type StatementBody = {
  readonly opening: LoanParts;
  readonly closing: LoanParts;
  readonly lines: readonly StatementLine[];
};

/** Until when the end of the day had accrued interest at the end of a date. */
export type AccruedThrough = {
  readonly before: IsoDate | undefined;
  readonly atEnd: IsoDate | undefined;
};

type Period = { readonly from?: IsoDate | undefined; readonly to?: IsoDate | undefined };

/**
 * The lines of a period by the date of their booking, from what the books had before it to what they had at its end:
 * the changes of the lines add up. What is earned day by day is one line before each event, and one at the end.
 */
export function statementBody(
  loan: LivingLoan,
  events: readonly StoredEvent[],
  { from, to }: Period,
  accrued: AccruedThrough,
): StatementBody {
  const dayBefore = from === undefined ? undefined : addDays(from, -1);
  const opening = dayBefore === undefined ? NO_PARTS : owedAt(loan, events, dayBefore, accrued.before);
  const closing = owedAt(loan, events, to, accrued.atEnd);
  const within = events
    .filter(
      ({ bookedOn }) => (from === undefined || bookedOn >= from) && (to === undefined || bookedOn <= to),
    )
    .toSorted((one, other) => (one.bookedOn < other.bookedOn ? -1 : one.bookedOn > other.bookedOn ? 1 : 0));
  const lines: StatementLine[] = [];
  let owed = opening;
  const move = (on: IsoDate, event: StoredEvent | undefined, owedAfter: LoanParts): void => {
    const change = minus(owedAfter, owed);
    if (event !== undefined || !isNothing(change)) lines.push({ on, event, change, owedAfter });
    owed = owedAfter;
  };
  for (const event of within) {
    // What was earned since the line before, without what the event itself changes.
    move(event.bookedOn, undefined, minus(event.owedAfter, effectOn(events, event)));
    move(event.bookedOn, event, event.owedAfter);
  }
  const last = within.at(-1)?.bookedOn;
  const end = to ?? accrued.atEnd ?? last;
  if (end !== undefined) move(last !== undefined && last > end ? last : end, undefined, closing);
  return { opening, closing, lines };
}

/** What was owed at the end of a date, as it was known then: the latest if no date is given. */
function owedAt(
  loan: LivingLoan,
  events: readonly StoredEvent[],
  date: IsoDate | undefined,
  accruedThrough: IsoDate | undefined,
): LoanParts {
  if (date === undefined) return owedParts(loan.state);
  const known = events.filter(({ bookedOn }) => bookedOn <= date);
  return owedParts(relive(loan, known, accruedThrough).loan.state);
}

function minus(one: LoanParts, other: LoanParts): LoanParts {
  return {
    principalMinor: one.principalMinor - other.principalMinor,
    interestMinor: one.interestMinor - other.interestMinor,
    feesMinor: one.feesMinor - other.feesMinor,
    penaltiesMinor: one.penaltiesMinor - other.penaltiesMinor,
  };
}

function isNothing(parts: LoanParts): boolean {
  return totalOf(parts) === 0n && Object.values(parts).every((minor) => minor === 0n);
}
