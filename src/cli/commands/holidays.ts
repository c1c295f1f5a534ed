import type { Command } from 'commander';
import { readTextFile } from '../input-files.ts';
import type { OutputOptions, Shell } from '../shell.ts';
import { withBank } from '../with-bank.ts';

/** `holidays load FILE`; what else there is about holidays and the calendar is the API's. */
export function addHolidayCommands(program: Command, shell: Shell): void {
  program
    .command('holidays')
    .command('load')
    .description('add the holidays of a CSV file: date,name a line; those that are there stay')
    .argument('<file>', 'the CSV file')
    .option('--json', 'print JSON')
    .action((file: string, options: OutputOptions) => loadHolidays(shell, file, options));
}

async function loadHolidays(shell: Shell, file: string, options: OutputOptions): Promise<void> {
  const [{ readHolidays }, { OPERATOR }] = await Promise.all([
    import('#features/calendar/contract.ts'),
    import('#bank/operator-door.ts'),
  ]);
  const holidays = readHolidays(await readTextFile(file));
  const added = await withBank(shell, ({ services }) => services.calendar.loadHolidays(OPERATOR, holidays));
  const known = holidays.length - added;
  await shell.show(options, { added, known }, () => `${added} holidays added, ${known} were there already.`);
}
