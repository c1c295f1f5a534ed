import type { Command } from 'commander';
import type { Services } from '#bank/services.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { type Ask, fieldsOf } from '../api/ask.ts';
import { type Fields, isFields } from '../api/body.ts';
import { addTargetOptions, type TargetOptions, withApi } from '../api/target.ts';
import { CommandFailedError } from '../failures.ts';
import { ProgressBar } from '../progress.ts';
import type { OutputOptions, Shell } from '../shell.ts';
import { type Column, renderList } from '../table.ts';
import { parseDateValue } from '../values.ts';

type CloseOptions = OutputOptions & TargetOptions & { readonly until?: IsoDate };

/** `end-of-day [--until DATE]`, which is `end-of-day run`: on the database it waits for the end, and says how far it is. */
export function addEndOfDayCommand(program: Command, shell: Shell): void {
  const endOfDay = program.command('end-of-day');
  addClosing(endOfDay, shell);
  addClosing(endOfDay.command('run'), shell);
}

function addClosing(command: Command, shell: Shell): void {
  command
    .description('close the open date, or all dates up to one: standing orders, trial balance, balances')
    .option('--until <date>', 'the last date to close', parseDateValue)
    .option('--json', 'print the JSON that the API answers');
  addTargetOptions(command).action((options: CloseOptions) => closeDates(shell, options));
}

async function closeDates(shell: Shell, options: CloseOptions): Promise<void> {
  const { view, runs } = await withApi(shell, options, { longWork: true }, async (ask, services) => {
    const view = await (services === undefined
      ? askToClose(ask, options.until)
      : closeHere(shell, services, options.until));
    return { view, runs: await runsOf(ask, view) };
  });
  await shell.show(options, view, () => describe(shell, view, runs));
}

async function askToClose(ask: Ask, until: IsoDate | undefined): Promise<Fields> {
  return fieldsOf(await ask({ method: 'POST', path: '/v1/end-of-day', body: JSON.stringify({ until }) }));
}

/** In this process, which would take the work along as it ends: so it waits. */
async function closeHere(shell: Shell, { endOfDay }: Services, until: IsoDate | undefined): Promise<Fields> {
  const [{ OPERATOR }, { endOfDayView }] = await Promise.all([
    import('#bank/operator-door.ts'),
    import('#features/end-of-day/contract.ts'),
  ]);
  const bar = new ProgressBar(shell);
  try {
    const closed = await endOfDay.closeThrough(OPERATOR, until, {
      onStep: ({ name, done, total }) => bar.update(name, done, total),
    });
    if (closed.isDone) return endOfDayView(closed);
  } finally {
    bar.end();
  }
  throw new CommandFailedError('stopped', 'The end of day was stopped on its way; run it again');
}

/** The runs of the dates that were closed, the first one first. */
async function runsOf(ask: Ask, { closedDates }: Fields): Promise<readonly Fields[]> {
  const dates = Array.isArray(closedDates) ? closedDates.map(String) : [];
  const [from, to] = [dates[0], dates.at(-1)];
  if (from === undefined || to === undefined) return [];
  const query = new URLSearchParams({ from, to, limit: '100' }).toString();
  const { data } = fieldsOf(await ask({ method: 'GET', path: `/v1/end-of-day?${query}` }));
  return Array.isArray(data) ? data.filter(isFields).toReversed() : [];
}

function describe(shell: Shell, view: Fields, runs: readonly Fields[]): string {
  const open = `The business date is ${String(view.businessDate)}.`;
  if (view.status === 'running') return `It goes on at the server: see end-of-day list. ${open}`;
  if (runs.length === 0) return `Closed through ${String(view.until)} already. ${open}`;
  return `${renderList(shell, COLUMNS, runs, '')}\n\n${open}`;
}

/** `30 paid, 12 balances`, or why it failed. */
function outcomeOf({ steps, failure }: Fields): string {
  if (isFields(failure)) return String(failure.message);
  const counts = (Array.isArray(steps) ? steps : []).flatMap((step) =>
    isFields(step) && isFields(step.counts) ? Object.entries(step.counts) : [],
  );
  return counts.map(([outcome, count]) => `${String(count)} ${outcome}`).join(', ');
}

const COLUMNS: readonly Column<Fields>[] = [
  { title: 'Date', value: ({ businessDate }) => String(businessDate) },
  { title: 'Status', value: ({ status }) => String(status) },
  { title: 'By', value: ({ actor }) => String(actor) },
  { title: 'Done', value: outcomeOf },
];
