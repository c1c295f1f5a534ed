import type { Command } from 'commander';
import type { IsoDate } from '#lib/time/dates.ts';
import { UsageError } from './failures.ts';
import { parseDateValue } from './values.ts';

/** Business dates, both included. */
export type PeriodOptions = { readonly from?: IsoDate; readonly to?: IsoDate };

export function addPeriodOptions(command: Command): Command {
  return command
    .option('--from <date>', 'on or after this business date', parseDateValue)
    .option('--to <date>', 'on or before this business date', parseDateValue);
}

/** Throws UsageError for a period that ends before it begins. */
export function checkPeriod({ from, to }: PeriodOptions): void {
  if (from !== undefined && to !== undefined && from > to) {
    throw new UsageError(`--from ${from} is after --to ${to}`);
  }
}
