import type { IsoDate } from '#lib/time/dates.ts';

/** One line of a schedule; amounts in minor units. */
export type ScheduleRow = {
  /** From 1; 0 is what is paid on the day of the disbursement and repays nothing: the origination fee. */
  readonly number: number;
  readonly dueOn: IsoDate;
  readonly principalMinor: bigint;
  readonly interestMinor: bigint;
  readonly feesMinor: bigint;
  readonly totalMinor: bigint;
  /** Principal after this line, with what is paid out on its date. */
  readonly outstandingMinor: bigint;
};

export type ScheduleTotals = Pick<
  ScheduleRow,
  'principalMinor' | 'interestMinor' | 'feesMinor' | 'totalMinor'
>;

export type Schedule = { readonly rows: readonly ScheduleRow[]; readonly totals: ScheduleTotals };
