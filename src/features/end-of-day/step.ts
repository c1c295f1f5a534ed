import type { Db, Tx } from '#db/database.ts';
import type { BusinessCalendar } from '#lib/time/business-calendar.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** The date that is being closed. */
export type ClosingDay = {
  readonly date: IsoDate;
  /** The date that was closed before it; undefined for the first. */
  readonly previous: IsoDate | undefined;
  readonly calendar: BusinessCalendar;
};

/** How far a step has come. */
export type StepProgress = {
  /** Where the next chunk begins, in the step's own words; undefined before the first. */
  readonly position: string | undefined;
  readonly processed: number;
  /** The number of each outcome: `{paid: 120, failed: 3}`. */
  readonly counts: Readonly<Record<string, number>>;
};

export type ChunkResult = StepProgress & { readonly done: boolean };

/** A part of the end of day. A feature makes one, and src/bank/end-of-day-steps.ts says in which order they come. */
export type EndOfDayStep = {
  /** Lower case with hyphens. */
  readonly name: string;
  /** How much there is to do, for a progress bar; a guess will do. */
  readonly countTotal?: (db: Db, day: ClosingDay) => Promise<number>;
  /**
   * Does the next chunk in a transaction that has locked the step and stores how far it came: all of it happens, or
   * nothing. Takes well under a second. A throw of a refusal (409) stops the end of day where it is.
   */
  readonly runChunk: (tx: Tx, day: ClosingDay, progress: StepProgress) => Promise<ChunkResult>;
};

/** The counts with more of some outcomes. */
export function addCounts(
  counts: StepProgress['counts'],
  more: Readonly<Record<string, number>>,
): Record<string, number> {
  const sums: Record<string, number> = { ...counts };
  for (const [outcome, count] of Object.entries(more)) {
    if (count > 0) sums[outcome] = (sums[outcome] ?? 0) + count;
  }
  return sums;
}
