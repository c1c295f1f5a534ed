import type { Command } from 'commander';
import type { IsoDate } from '#lib/time/dates.ts';
import { type OutputOptions, show } from '../output.ts';
import { CLI_CALLER, withBank } from '../run.ts';
import { parseDateValue } from '../values.ts';

/** `business-date show|set DATE`. */
export function addBusinessDateCommands(program: Command): void {
  const businessDate = program.command('business-date').description('the date on which the bank books');
  businessDate
    .command('show')
    .description('show the business date')
    .option('--json', 'print JSON')
    .action(showBusinessDate);
  businessDate
    .command('set')
    .description('set it by hand; from then on it no longer follows the calendar')
    .argument('<date>', 'today’s or a later business date', parseDateValue)
    .option('--json', 'print JSON')
    .action(changeBusinessDate);
}

async function showBusinessDate(options: OutputOptions): Promise<void> {
  const businessDate = await withBank(({ services }) => services.accounting.businessDate());
  await show(options, { businessDate }, () => businessDate);
}

async function changeBusinessDate(businessDate: IsoDate, options: OutputOptions): Promise<void> {
  await withBank(({ services }) => services.calendar.setDate(CLI_CALLER, businessDate));
  await show(options, { businessDate }, () => businessDate);
}
