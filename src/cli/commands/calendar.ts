import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { type Holiday, readHolidays, todayView } from '#features/calendar/contract.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { type OutputOptions, show } from '../output.ts';
import { CLI_CALLER, withBank } from '../run.ts';
import { type Column, renderFields, renderList } from '../table.ts';
import { parseDateValue } from '../values.ts';

/** Some decades of holidays. */
const MAX_LISTED = 2_000;
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** `calendar show|list|add|remove|load|weekend`. */
export function addCalendarCommands(program: Command): void {
  const calendar = program.command('calendar').description('the days on which the bank does business');
  calendar
    .command('show')
    .description('show today’s business date and the next business day')
    .option('--json', 'print JSON')
    .action(showToday);
  calendar
    .command('list')
    .description('list holidays by date')
    .option('--from <date>', 'from this date on', parseDateValue)
    .option('--to <date>', 'up to this date', parseDateValue)
    .option('--json', 'print JSON')
    .action(listHolidays);
  calendar
    .command('add')
    .description('add a holiday')
    .argument('<date>', 'YYYY-MM-DD', parseDateValue)
    .argument('<name>', 'what it is called')
    .option('--json', 'print JSON')
    .action(addHoliday);
  calendar
    .command('remove')
    .description('remove a holiday')
    .argument('<date>', 'YYYY-MM-DD', parseDateValue)
    .option('--json', 'print JSON')
    .action(removeHoliday);
  calendar
    .command('load')
    .description('add the holidays of a CSV file: date,name a line; those that are there stay')
    .argument('<file>', 'the CSV file')
    .option('--json', 'print JSON')
    .action(loadHolidays);
  calendar
    .command('weekend')
    .description('set the weekdays without business')
    .argument('<days>', 'as sat,sun; none for a bank that never rests', parseWeekdays)
    .option('--json', 'print JSON')
    .action(setWeekend);
}

async function showToday(options: OutputOptions): Promise<void> {
  const view = todayView(await withBank(({ services }) => services.calendar.today()));
  await show(options, view, () =>
    renderFields({ ...view, weekendDays: view.weekendDays.map((day) => WEEKDAYS[day - 1]) }),
  );
}

type ListOptions = OutputOptions & { readonly from?: IsoDate; readonly to?: IsoDate };

async function listHolidays({ from, to, ...options }: ListOptions): Promise<void> {
  const filter = { from, to, limit: MAX_LISTED };
  const data = await withBank(({ services }) => services.calendar.listHolidays(filter));
  await show(options, { data }, () => renderList(COLUMNS, data, 'No holidays.'));
}

async function addHoliday(date: IsoDate, name: string, options: OutputOptions): Promise<void> {
  const holiday = await withBank(({ services }) => services.calendar.addHoliday(CLI_CALLER, { date, name }));
  await show(options, holiday, () => `${holiday.date} is a holiday: ${holiday.name}.`);
}

async function removeHoliday(date: IsoDate, options: OutputOptions): Promise<void> {
  await withBank(({ services }) => services.calendar.removeHoliday(CLI_CALLER, date));
  await show(options, { removed: date }, () => `${date} is no holiday any more.`);
}

async function loadHolidays(file: string, options: OutputOptions): Promise<void> {
  const holidays = readHolidays(await readFile(file, 'utf8'));
  const added = await withBank(({ services }) => services.calendar.loadHolidays(CLI_CALLER, holidays));
  const known = holidays.length - added;
  await show(options, { added, known }, () => `${added} holidays added, ${known} were there already.`);
}

async function setWeekend(days: readonly number[], options: OutputOptions): Promise<void> {
  const today = await withBank(async ({ services }) => {
    await services.calendar.setWeekend(CLI_CALLER, days);
    return services.calendar.today();
  });
  const { weekendDays } = todayView(today);
  await show(options, { weekendDays }, () =>
    weekendDays.length === 0
      ? 'The bank does business every day of the week.'
      : `No business on ${weekendDays.map((day) => WEEKDAYS[day - 1]).join(', ')}.`,
  );
}

function parseWeekdays(text: string): number[] {
  if (text === 'none') return [];
  return text.split(',').map((name) => {
    const index = WEEKDAYS.indexOf(name.trim().toLowerCase());
    if (index === -1)
      throw new InvalidArgumentError(`It takes weekdays like ${WEEKDAYS.slice(5).join(',')}.`);
    return index + 1;
  });
}

const COLUMNS: readonly Column<Holiday>[] = [
  { title: 'Date', value: ({ date }) => date },
  { title: 'Holiday', value: ({ name }) => name },
];
