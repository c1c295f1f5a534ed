import type { IsoDate } from '#lib/time/dates.ts';

/** One row of a schedule. Amounts in minor units. */
export type ScheduleRow = {
  /** From 1; 0 is the origination fee, paid on the day of the disbursement. */
  readonly number: number;
  readonly dueOn: IsoDate;
  readonly principalMinor: bigint;
  readonly interestMinor: bigint;
  readonly feesMinor: bigint;
  readonly totalMinor: bigint;
  /** Principal after this row, including disbursements on its date. */
  readonly outstandingMinor: bigint;
};

export type ScheduleTotals = Pick<
  ScheduleRow,
  'principalMinor' | 'interestMinor' | 'feesMinor' | 'totalMinor'
>;

export type Schedule = { readonly rows: readonly ScheduleRow[]; readonly totals: ScheduleTotals };
