import type { Command } from 'commander';
import { endOfDayView, runView } from '#features/end-of-day/contract.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { CommandFailedError } from '../failures.ts';
import { type OutputOptions, show } from '../output.ts';
import { ProgressBar } from '../progress.ts';
import { CLI_CALLER, withBank } from '../run.ts';
import { type Column, renderList } from '../table.ts';
import { parseDateValue, parseLimit } from '../values.ts';

type RunView = ReturnType<typeof runView>;

/** Runs read back at once. */
const PAGE = 100;
const DEFAULT_LIMIT = 10;

/** `end-of-day [--until DATE]`, `end-of-day list`. */
export function addEndOfDayCommand(program: Command): void {
  const endOfDay = program
    .command('end-of-day')
    .description('close the open date, or all dates up to one: standing orders, trial balance, balances')
    .option('--until <date>', 'the last date to close', parseDateValue)
    .option('--json', 'print JSON')
    .action(closeDates);
  endOfDay
    .command('list')
    .description('show what was done at the end of each date, latest first')
    .option('--limit <count>', 'how many at most, 1 to 100', parseLimit, DEFAULT_LIMIT)
    .option('--json', 'print JSON')
    .action(listRuns);
}

async function closeDates(options: OutputOptions & { readonly until?: IsoDate }): Promise<void> {
  const bar = new ProgressBar();
  const { result, runs } = await withBank(
    async ({ services }) => {
      try {
        const closed = await services.endOfDay.closeThrough(CLI_CALLER, options.until, {
          onStep: ({ name, done, total }) => bar.update(name, done, total),
        });
        const [first, last] = [closed.dates[0], closed.dates.at(-1)];
        const closedRuns =
          first === undefined ? [] : await services.endOfDay.list({ from: first, to: last, limit: PAGE });
        return { result: closed, runs: closedRuns.toReversed().map(runView) };
      } finally {
        bar.end();
      }
    },
    { longWork: true },
  );
  if (!result.isDone)
    throw new CommandFailedError('stopped', 'The end of day was stopped on its way; run it again');
  const view = { ...endOfDayView(result), runs };
  const open = `The business date is ${view.businessDate}.`;
  await show(options, view, () =>
    runs.length === 0 ? `Closed through ${view.until} already. ${open}` : `${renderRuns(runs)}\n\n${open}`,
  );
}

/** `--json` belongs to the command above too, which takes it first. */
async function listRuns(_: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<OutputOptions & { readonly limit: number }>();
  const runs = await withBank(({ services }) => services.endOfDay.list({ limit: options.limit }));
  const data = runs.map(runView);
  await show(options, { data }, () => renderRuns(data));
}

function renderRuns(runs: readonly RunView[]): string {
  return renderList(COLUMNS, runs, 'No date was closed yet.');
}

function countsOf({ steps }: RunView): string {
  return steps
    .flatMap(({ counts }) => Object.entries(counts))
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(', ');
}

const COLUMNS: readonly Column<RunView>[] = [
  { title: 'Date', value: ({ businessDate }) => businessDate },
  { title: 'Status', value: ({ status }) => status },
  { title: 'By', value: ({ actor }) => actor },
  { title: 'Done', value: (run) => run.failure?.message ?? countsOf(run) },
];
